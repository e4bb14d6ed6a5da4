import Checkpoints
import Foundation
import OrderedCollections

/// The rows of a results file, of whatever form, before its columns are understood.
///
/// Understood are JSON lines (`.jsonl`, `.ndjson`), CSV (`.csv`), and JSON (`.json`): an array of
/// objects, an object of objects by name, one object that is a row itself, or any of these under one
/// of the keys `results`, `ingredients`, `models`, `runs`, `rows`.
struct ResultsFile: Sendable {
  struct Row: Sendable {
    /// `line 3`, `entry 2` or `key model_7`.
    let place: String
    /// The key the row stood under, in an object of objects.
    let key: String?
    let fields: OrderedDictionary<String, JSONValue>
  }

  /// Absolute path.
  let path: String
  let rows: [Row]
  /// Whether values have types; in CSV everything is text until it is looked at.
  let isTyped: Bool
  /// Lines that could not be read.
  ///
  /// A sweep that is still running leaves its last line unfinished.
  let notes: [Note]

  /// Rows that were gathered from several files in the folder `path`.
  init(_ path: String, rows: [Row], notes: [Note]) {
    self.path = path
    self.rows = rows
    isTyped = true
    self.notes = notes
  }

  /// - Throws: `InputError` when the file cannot be read, or as a whole is not what its name says.
  init(reading path: String) throws(InputError) {
    let bytes = try readBytes(of: path)
    self.path = path
    switch fileExtension(of: path) {
    case "csv":
      isTyped = false
      notes = []
      rows = try ResultsFile.rows(csv: bytes, path: path)
    case "jsonl", "ndjson":
      isTyped = true
      (rows, notes) = ResultsFile.rows(lines: bytes, path: path)
    default:
      isTyped = true
      notes = []
      rows = ResultsFile.rows(of: try JSONValue(json: bytes, of: path), mayHoldTable: true)
    }
  }

  private static func rows(csv bytes: [UInt8], path: String) throws(InputError) -> [Row] {
    let table: CSV
    do {
      table = try CSV(parsing: bytes)
    } catch {
      throw InputError(
        file: path, place: "line \(error.line)", problem: error.problem,
        mend: "Write the table as comma-separated values with one header line (RFC 4180)")
    }
    return table.rows.map { row in
      let fields = zip(table.header, row.fields.map(JSONValue.string))
      return Row(
        place: "line \(row.line)", key: nil, fields: OrderedDictionary(uniqueKeysWithValues: fields)
      )
    }
  }

  private static func rows(lines bytes: [UInt8], path: String) -> ([Row], [Note]) {
    var rows: [Row] = []
    var notes: [Note] = []
    for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where line.contains(where: { $0 > 0x20 }) {
      let place = "line \(index + 1)"
      do {
        if let fields = try JSONValue(parsing: line).object {
          rows.append(Row(place: place, key: nil, fields: fields))
        } else {
          notes.append(Note(.warning, file: path, place: place, "not an object, left out"))
        }
      } catch {
        notes.append(
          Note(
            .warning, file: path, place: "\(place), column \(error.column)",
            "not JSON (\(error.problem)), left out", mend: "Mend or remove the line"))
      }
    }
    return (rows, notes)
  }

  private static func rows(of value: JSONValue, mayHoldTable: Bool) -> [Row] {
    switch value {
    case .array(let elements):
      return elements.enumerated().compactMap { index, element in
        element.object.map { Row(place: "entry \(index + 1)", key: nil, fields: $0) }
      }
    case .object(let members):
      if mayHoldTable {
        for key in ["results", "ingredients", "models", "runs", "rows"] {
          guard let table = members[key] else { continue }
          let rows = rows(of: table, mayHoldTable: false)
          if !rows.isEmpty { return rows }
        }
      }
      let isTableByName =
        members.values.allSatisfy { $0.object != nil }
        && !members.keys.contains { ["metrics", "hyperparameters"].contains($0) }
      if !isTableByName { return [Row(place: "the only entry", key: nil, fields: members)] }
      return members.compactMap { key, member in
        member.object.map { Row(place: "key \(key)", key: key, fields: $0) }
      }
    default: return []
    }
  }
}

extension JSONValue {
  /// Reads the JSON file at `path`.
  /// - Throws: `InputError` when it cannot be read or is not JSON.
  init(readingJSON path: String) throws(InputError) {
    try self.init(json: readBytes(of: path), of: path)
  }

  fileprivate init(json bytes: [UInt8], of path: String) throws(InputError) {
    do {
      try self.init(parsing: bytes)
    } catch {
      throw InputError(
        file: path, place: "line \(error.line), column \(error.column)",
        problem: "not JSON: \(error.problem)")
    }
  }
}
