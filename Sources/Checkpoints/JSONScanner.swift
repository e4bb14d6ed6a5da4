/// Reads the JSON of a file, strictly and in order.
///
/// A general decoder would lose what must be checked: duplicate keys, the order of keys, and the
/// byte at which something is wrong.
struct JSONScanner {
  /// What the JSON is, as errors call it.
  enum Part: String {
    case header = "the header"
    case index = "the index"
  }

  private let file: String
  private let part: Part
  private let bytes: UnsafeRawBufferPointer
  /// Where in the file the JSON starts.
  private let origin: Int
  private var position = 0

  init(_ part: Part, of file: String, bytes: UnsafeRawBufferPointer, origin: Int = 0) {
    self.part = part
    self.file = file
    self.bytes = bytes
    self.origin = origin
  }

  /// An error at the present byte.
  func failure(_ problem: String) -> InputError {
    InputError(
      file: file, place: "byte \(origin + position)", problem: problem,
      mend: part == .header
        ? "The file is damaged or is not a safetensors file; copy or save it again"
        : "The file is damaged or is not an index of shards; copy or save it again")
  }

  /// Calls `member` with each key of an object; `member` must read the value.
  mutating func object(_ member: (inout JSONScanner, String) throws -> Void) throws {
    try expect(UInt8(ascii: "{"), "an object")
    if skip(UInt8(ascii: "}")) { return }
    repeat {
      let key = try string()
      try expect(UInt8(ascii: ":"), "a colon")
      try member(&self, key)
    } while skip(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"), "a comma or the end of the object")
  }

  /// Calls `element` at each element of an array; `element` must read it.
  mutating func array(_ element: (inout JSONScanner) throws -> Void) throws {
    try expect(UInt8(ascii: "["), "an array")
    if skip(UInt8(ascii: "]")) { return }
    repeat { try element(&self) } while skip(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"), "a comma or the end of the array")
  }

  /// An integer that is not negative.
  mutating func unsigned() throws -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, case let digit = bytes[position] &- 48, digit < 10 {
      let (scaled, over) = value.multipliedReportingOverflow(by: 10)
      let (sum, overAgain) = scaled.addingReportingOverflow(Int(digit))
      guard !over, !overAgain else { throw failure("this number is too large") }
      value = sum
      position += 1
    }
    let digits = position - start
    guard digits > 0, digits == 1 || bytes[start] != 48 else {
      throw failure("a whole number that is not negative is expected here")
    }
    if position < bytes.count, [46, 69, 101].contains(bytes[position]) {
      throw failure("a whole number is expected here, not a fraction")
    }
    return value
  }

  /// A string, with its escapes resolved.
  mutating func string() throws -> String {
    try expect(UInt8(ascii: "\""), "a string")
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        let characters = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
        let text = String(validating: characters.assumingMemoryBound(to: UInt8.self), as: UTF8.self)
        guard let text else { throw failure("this string is not valid UTF-8") }
        position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      guard byte >= 0x20 else { throw failure("a control character stands in a string") }
      position += 1
    }
    throw failure("\(part.rawValue) ends within a string")
  }

  /// Passes over a value of any kind.
  mutating func skipValue(depth: Int = 0) throws {
    guard depth < 64 else { throw failure("values are nested too deeply") }
    skipSpace()
    switch position < bytes.count ? bytes[position] : 0 {
    case UInt8(ascii: "{"): try object { scanner, _ in try scanner.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["): try array { scanner in try scanner.skipValue(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try string()
    default:
      let start = position
      while position < bytes.count, isPlain(bytes[position]) { position += 1 }
      let word = bytes[start..<position]
      let isName = ["true", "false", "null"].contains { word.elementsEqual($0.utf8) }
      guard isName || JSONNumber.isWellFormed(word) else {
        position = start
        throw failure("a value is expected here")
      }
    }
  }

  /// Requires that only white space is left.
  mutating func end() throws {
    skipSpace()
    if position < bytes.count {
      throw failure("\(part.rawValue) goes on after its object has ended")
    }
  }

  // MARK: Pieces

  private func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, 43, 45, 46: true
    default: false
    }
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ byte: UInt8, _ what: String) throws {
    if !skip(byte) { throw failure("\(what) is expected here") }
  }

  private mutating func escapedString(from start: Int) throws -> String {
    var text = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: text, as: UTF8.self) else {
          throw failure("this string is not valid UTF-8")
        }
        return text
      case UInt8(ascii: "\\"): text += try escape()
      case 0..<0x20: throw failure("a control character stands in a string")
      default: text.append(byte)
      }
    }
    throw failure("\(part.rawValue) ends within a string")
  }

  private mutating func escape() throws -> [UInt8] {
    do {
      let (text, isHalfAPair) = try JSONEscape.read(bytes, at: &position)
      if isHalfAPair { throw failure("half a surrogate pair stands in a string") }
      return text
    } catch let problem as JSONEscape.Malformed {
      switch problem {
      case .unfinished: throw failure("\(part.rawValue) ends within a string")
      case .unknown: throw failure("an unknown escape stands in a string")
      case .notHexadecimal: throw failure("four hexadecimal digits are expected here")
      }
    }
  }
}
