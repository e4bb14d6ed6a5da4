import Checkpoints
import OrderedCollections

/// A JSON document that keeps the order of its keys, as columns are shown in the file's order.
enum JSONValue: Hashable, Sendable {
  case object(OrderedDictionary<String, JSONValue>)
  case array([JSONValue])
  case string(String)
  case integer(Int)
  /// Python writes `NaN` and `Infinity`, which are read too.
  case number(Double)
  case bool(Bool)
  case null

  /// What is wrong with a document, and where: both count from one, columns in bytes.
  struct Malformed: Error, Hashable {
    let line: Int
    let column: Int
    let problem: String
  }

  /// Reads one document that fills `bytes`.
  /// - Throws: `Malformed`.
  init(parsing bytes: some Collection<UInt8>) throws(Malformed) {
    var parser = JSONParser(Array(bytes))
    self = try parser.document()
  }

  var object: OrderedDictionary<String, JSONValue>? {
    if case .object(let value) = self { value } else { nil }
  }

  var array: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }

  var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// A number of either kind.
  var number: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }
}

/// Recursive descent over UTF-8, to a fixed depth.
private struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  mutating func document() throws(JSONValue.Malformed) -> JSONValue {
    let value = try self.value(depth: 0)
    skipSpace()
    if position < bytes.count { throw malformed("something follows the end of the document") }
    return value
  }

  private mutating func value(depth: Int) throws(JSONValue.Malformed) -> JSONValue {
    if depth > 128 { throw malformed("nested deeper than 128 levels") }
    skipSpace()
    guard position < bytes.count else { throw malformed("a value is missing") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    default: return try word()
    }
  }

  private mutating func object(depth: Int) throws(JSONValue.Malformed) -> JSONValue {
    position += 1
    var members: OrderedDictionary<String, JSONValue> = [:]
    skipSpace()
    if take("}") { return .object(members) }
    while true {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw malformed("a key in quotes is missing")
      }
      let key = try string()
      skipSpace()
      guard take(":") else { throw malformed("a colon is missing after the key \"\(key)\"") }
      members[key] = try value(depth: depth + 1)
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw malformed("a comma or } is missing") }
    }
  }

  private mutating func array(depth: Int) throws(JSONValue.Malformed) -> JSONValue {
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return .array(elements) }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw malformed("a comma or ] is missing") }
    }
  }

  private mutating func string() throws(JSONValue.Malformed) -> String {
    let opening = position
    position += 1
    let run = bytes[position...].prefix { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }
    position += run.count
    var text = Array(run)
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw malformed("not UTF-8", at: opening)
        }
        return string
      case UInt8(ascii: "\\"): text += try escape()
      case 0..<0x20: throw malformed("a control character in a string", at: position - 1)
      default: text.append(byte)
      }
    }
    throw malformed("a string is not closed", at: opening)
  }

  /// A lone surrogate becomes U+FFFD: a name must not make a whole file unreadable.
  private mutating func escape() throws(JSONValue.Malformed) -> [UInt8] {
    do {
      return try JSONEscape.read(bytes, at: &position).bytes
    } catch {
      switch error {
      case .unfinished: throw malformed("a string is not closed")
      case .unknown: throw malformed("an unknown escape", at: position - 1)
      case .notHexadecimal: throw malformed("four hexadecimal digits are missing")
      }
    }
  }

  /// A number, `true`, `false`, `null`, `NaN` or an infinity.
  private mutating func word() throws(JSONValue.Malformed) -> JSONValue {
    let start = position
    while position < bytes.count, isWordByte(bytes[position]) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    switch text {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    case "NaN": return .number(.nan)
    case "Infinity": return .number(.infinity)
    case "-Infinity": return .number(-.infinity)
    case "": throw malformed("a value is missing", at: start)
    default: break
    }
    guard JSONNumber.isWellFormed(text.utf8) else {
      throw malformed("\"\(text)\" is not a value", at: start)
    }
    if let whole = Int(text) { return .integer(whole) }
    if text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || isDigit($0) }) { return .string(text) }
    guard let number = Double(text) else {
      throw malformed("\"\(text)\" is not a number", at: start)
    }
    return .number(number)
  }

  private func isDigit(_ byte: UInt8) -> Bool { 48...57 ~= byte }

  private func isWordByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || 65...90 ~= byte || 97...122 ~= byte
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: "_")
  }

  private mutating func skipSpace() {
    while position < bytes.count, isSpace(bytes[position]) { position += 1 }
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private func malformed(_ problem: String, at place: Int? = nil) -> JSONValue.Malformed {
    let place = min(place ?? position, bytes.count)
    let before = bytes[..<place]
    let line = before.count { $0 == 0x0A } + 1
    let column = place - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
    return JSONValue.Malformed(line: line, column: column, problem: problem)
  }
}
