import Checkpoints
import TOMLKit
import TOMLText

/// A table of a manifest whose values are asked for by type, with errors that name the place.
struct ManifestTable {
  private let table: TOMLTable
  private let file: String
  private let path: [String]
  private let places: TOMLPlaces

  init(_ table: TOMLTable, file: String, path: [String], places: TOMLPlaces) {
    self.table = table
    self.file = file
    self.path = path
    self.places = places
  }

  var keys: [String] { table.keys }

  /// As they stand in the file.
  var keysInOrder: [String] { places.inOrder(keys, under: path) }

  /// Where the table itself stands.
  var place: String { places.describe(path) }

  func isTable(_ key: String) -> Bool { table[key]?.type == .table }

  /// - Throws: `InputError` for the first key that is none of `known`.
  func allowOnly(_ known: [String]) throws {
    guard let unknown = keysInOrder.first(where: { !known.contains($0) }) else { return }
    let section = path.isEmpty ? "at the top" : "in [\(path.joined(separator: "."))]"
    let mend: String
    if let near = Spelling.nearest(to: unknown, among: known) {
      mend = "Write `\(near)`"
    } else {
      mend = "Known here: \(known.sorted().joined(separator: ", "))"
    }
    throw error(unknown, "unknown key `\(unknown)` \(section)", mend: mend)
  }

  func table(_ key: String) throws -> ManifestTable? {
    guard let value = table[key] else { return nil }
    guard let inner = value.table else { throw wrongType(key, value, "a table") }
    return ManifestTable(inner, file: file, path: path + [key], places: places)
  }

  func text(_ key: String) throws -> Manifest.Said<String>? {
    guard let value = table[key] else { return nil }
    guard let text = value.string else { throw wrongType(key, value, "a text in quotes") }
    guard !text.isEmpty else {
      throw error(key, "the text is empty", mend: "Give a value, or remove the key")
    }
    return Manifest.Said(value: text, place: places.describe(path + [key]))
  }

  /// One text or a list of texts.
  func texts(_ key: String) throws -> [Manifest.Said<String>]? {
    guard let value = table[key] else { return nil }
    guard value.type == .array, let array = value.array else { return try text(key).map { [$0] } }
    let place = places.describe(path + [key])
    let texts = try array.map { element in
      guard let text = element.string, !text.isEmpty else {
        throw wrongType(key, element, "a list of texts in quotes")
      }
      return Manifest.Said(value: text, place: place)
    }
    if texts.isEmpty { throw error(key, "the list is empty", mend: "Name a file or a pattern") }
    return texts
  }

  func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, of type: Choice.Type
  ) throws -> Choice? where Choice.RawValue == String {
    guard let text = try text(key)?.value else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let known = Choice.allCases.map(\.rawValue)
    let mend: String
    if let near = Spelling.nearest(to: text, among: known) {
      mend = "Write \"\(near)\""
    } else {
      mend = "Write one of \(known.map { "\"\($0)\"" }.joined(separator: ", "))"
    }
    throw error(key, "\"\(text)\" is not known here", mend: mend)
  }

  func option(
    _ key: String, _ type: EvaluatorSpec.OptionType
  ) throws -> EvaluatorSpec.Option? {
    guard let value = table[key] else { return nil }
    switch type {
    case .integer:
      guard let whole = value.int else { break }
      guard whole > 0 else { throw error(key, "must be at least 1, is \(whole)", mend: nil) }
      return .integer(whole)
    case .number:
      if let number = value.double ?? value.int.map(Double.init) { return .number(number) }
    case .text:
      if let text = value.string { return .text(text) }
    case .numbers:
      let numbers = value.array?.map { $0.double ?? $0.int.map(Double.init) } ?? [nil]
      if numbers.allSatisfy({ $0 != nil }) { return .numbers(numbers.compactMap { $0 }) }
    }
    throw wrongType(key, value, type.rawValue)
  }

  func error(_ key: String, _ problem: String, mend: String?) -> InputError {
    InputError(file: file, place: places.describe(path + [key]), problem: problem, mend: mend)
  }

  private func wrongType(
    _ key: String, _ value: any TOMLValueConvertible, _ wanted: String
  ) -> InputError {
    let found = value.type.description
    let article = "aeiou".contains(found.prefix(1)) ? "an" : "a"
    return error(key, "is \(article) \(found), must be \(wanted)", mend: nil)
  }
}
