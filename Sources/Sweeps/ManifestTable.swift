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
    if let near = nearest(to: unknown, in: known) {
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
    if let near = nearest(to: text, in: known) {
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

  /// The known word with the fewest edits, if these are at most a third of its letters, or two.
  private func nearest(to word: String, in known: [String]) -> String? {
    let ranked = known.map { ($0, editDistance(word.lowercased(), $0)) }.min { $0.1 < $1.1 }
    guard let (near, distance) = ranked, distance <= max(2, near.count / 3) else { return nil }
    return near
  }
}

/// How many edits turn one word into the other.
///
/// Edits are insertions, deletions, substitutions and swaps of neighbours (optimal string
/// alignment). O(m·n).
func editDistance(_ left: String, _ right: String) -> Int {
  let a = Array(left)
  let b = Array(right)
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var rows = Array(repeating: Array(repeating: 0, count: b.count + 1), count: a.count + 1)
  for i in 0...a.count { rows[i][0] = i }
  for j in 0...b.count { rows[0][j] = j }
  for i in 1...a.count {
    for j in 1...b.count {
      let substitution = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
      var best = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, substitution)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        best = min(best, rows[i - 2][j - 2] + 1)
      }
      rows[i][j] = best
    }
  }
  return rows[a.count][b.count]
}
