/// A table in comma-separated values, read by RFC 4180.
///
/// Fields may be in quotes and then hold commas, line breaks and doubled quotes. Lines end in LF or
/// CRLF, the last line need not, and a byte order mark is skipped. Blank lines are skipped.
struct CSV: Hashable, Sendable {
  let header: [String]
  /// As many fields as the header has, each.
  let rows: [Row]

  struct Row: Hashable, Sendable {
    /// Where the row starts in the file, from one.
    let line: Int
    let fields: [String]
  }

  struct Malformed: Error, Hashable {
    /// From one.
    let line: Int
    let problem: String
  }

  /// - Throws: `Malformed` for a quote out of place, a row that is longer or shorter than the header,
  ///   an empty or a repeated name in the header, or bytes that are not UTF-8.
  init(parsing bytes: some Collection<UInt8>) throws(Malformed) {
    var records = try CSV.records(Array(bytes))
    guard !records.isEmpty else { throw Malformed(line: 1, problem: "the table is empty") }
    let first = records.removeFirst()
    var header = first.fields
    // pandas leaves the name of its index column empty.
    if header[0].isEmpty { header[0] = "index" }
    for (position, name) in header.enumerated() {
      if name.isEmpty {
        throw Malformed(line: first.line, problem: "column \(position + 1) has no name")
      }
      if header.firstIndex(of: name) != position {
        throw Malformed(line: first.line, problem: "two columns are named \"\(name)\"")
      }
    }
    for record in records where record.fields.count != header.count {
      throw Malformed(
        line: record.line,
        problem: "\(record.fields.count) fields where the header has \(header.count)")
    }
    self.header = header
    self.rows = records
  }

  private static func records(_ bytes: [UInt8]) throws(Malformed) -> [Row] {
    var scanner = Scanner(bytes: bytes)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { scanner.position = 3 }
    var records: [Row] = []
    while scanner.position < bytes.count {
      let line = scanner.line
      let fields = try scanner.record()
      if fields != [""] { records.append(Row(line: line, fields: fields)) }
    }
    return records
  }

  private struct Scanner {
    let bytes: [UInt8]
    var position = 0
    var line = 1

    mutating func record() throws(Malformed) -> [String] {
      var fields: [String] = []
      while true {
        let isQuoted = position < bytes.count && bytes[position] == UInt8(ascii: "\"")
        fields.append(isQuoted ? try quotedField() : try plainField())
        guard position < bytes.count else { return fields }
        switch bytes[position] {
        case UInt8(ascii: ","): position += 1
        case 0x0A, 0x0D:
          position += bytes[position...].starts(with: [0x0D, 0x0A]) ? 2 : 1
          line += 1
          return fields
        default: throw Malformed(line: line, problem: "something follows a closing quote")
        }
      }
    }

    private mutating func plainField() throws(Malformed) -> String {
      let start = position
      while position < bytes.count, ![UInt8(ascii: ","), 0x0A, 0x0D].contains(bytes[position]) {
        if bytes[position] == UInt8(ascii: "\"") {
          throw Malformed(line: line, problem: "a quote inside a field without quotes")
        }
        position += 1
      }
      return try text(bytes[start..<position])
    }

    private mutating func quotedField() throws(Malformed) -> String {
      let opening = line
      position += 1
      var field: [UInt8] = []
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        if byte == UInt8(ascii: "\"") {
          guard position < bytes.count, bytes[position] == byte else { return try text(field[...]) }
          position += 1
        } else if byte == 0x0A {
          line += 1
        }
        field.append(byte)
      }
      throw Malformed(line: opening, problem: "a quote is not closed")
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> String {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw Malformed(line: line, problem: "not UTF-8")
      }
      return text
    }
  }
}
