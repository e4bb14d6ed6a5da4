/// Reads a Python pickle, protocols 0 to 5, as data.
///
/// Nothing is imported, called or executed: globals are names, and the few that checkpoints need
/// are given a meaning by `PickleGlobal.meaning`. The machine has its own stack, so depth costs no
/// recursion, and every kind of growth has a limit.
struct Unpickler {
  /// Far above real checkpoints, low enough that a hostile file cannot fill the memory: what is
  /// kept grows with the bytes that ask for it.
  private struct Limit {
    let stack: Int
    let objects: Int
    let memo: Int
    let copies: Int

    /// - Parameter size: bytes of the pickle, of which every value takes at least one.
    init(size: Int) {
      stack = min(size, 1 << 20)
      objects = min(size, 2 << 20)
      memo = min(size, 4 << 20)
      copies = min(size, 4 << 20)
    }
  }

  let bytes: UnsafeRawBufferPointer
  let file: String
  /// The part of the file that `bytes` is, as `archive/data.pkl`.
  let part: String?
  /// Names of classes whose instances are opaque values although they are not known.
  let inert: Set<String>

  private let limit: Limit
  private(set) var position: Int
  var instruction = 0
  var graph = PickleGraph()
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [PickleValue] = []
  private var sparseMemo: [Int: PickleValue] = [:]
  var globalIndices: [PickleGlobal: Int] = [:]
  /// One for each of `graph.globals`.
  var meanings: [PickleMeaning?] = []
  var storageIndices: [String: Int] = [:]
  private var copies = 0

  init(
    _ bytes: UnsafeRawBufferPointer, from start: Int = 0, file: String, part: String? = nil,
    inert: Set<String> = []
  ) {
    self.bytes = bytes
    self.file = file
    self.part = part
    self.inert = inert
    position = start
    limit = Limit(size: bytes.count - start)
  }

  /// Runs to the `STOP` instruction.
  ///
  /// - Throws: `InputError` with the byte of the offending instruction; for a name that is not
  ///   known to be data, an error that says the name.
  mutating func run() throws -> PickleGraph {
    while true {
      instruction = position
      let code = try byte()
      if code == UInt8(ascii: ".") { break }
      guard try constant(code) || text(code) || container(code) || memory(code) || construct(code)
      else {
        throw fail("has the unknown pickle instruction 0x\(String(code, radix: 16))")
      }
    }
    graph.root = try pop()
    graph.end = position
    return graph
  }

  func fail(_ problem: String, mend: String? = nil) -> InputError {
    let place = "byte \(instruction)"
    return InputError(
      file: file, place: part.map { "\($0), \(place)" } ?? place, problem: problem, mend: mend)
  }
}

// MARK: - Reading

extension Unpickler {
  private mutating func byte() throws -> UInt8 { try integer(UInt8.self) }

  mutating func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) throws -> Integer {
    guard let value = bytes.little(type, at: position) else { throw cutShort() }
    position += MemoryLayout<Integer>.size
    return value
  }

  /// The range of the next `length` bytes.
  private mutating func take(_ length: some FixedWidthInteger) throws -> Range<Int> {
    guard let length = Int(exactly: length), length >= 0, length <= bytes.count - position else {
      throw cutShort()
    }
    defer { position += length }
    return position..<position + length
  }

  mutating func line() throws -> String {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { throw cutShort() }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  private func cutShort() -> InputError {
    fail("ends inside a pickle, as if cut short", mend: "Copy or write it again")
  }

  private mutating func string(_ length: some FixedWidthInteger) throws -> PickleValue {
    .string(String(decoding: bytes[try take(length)], as: UTF8.self))
  }
}

// MARK: - The stack

extension Unpickler {
  mutating func push(_ value: PickleValue) throws {
    guard stack.count < limit.stack else {
      throw fail("nests or gathers more than \(limit.stack) values at once")
    }
    stack.append(value)
  }

  mutating func pop() throws -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
      throw fail("takes a value that was never put")
    }
    return value
  }

  func top() throws -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw fail("takes a value that was never put")
    }
    return value
  }

  /// Everything above the last mark.
  mutating func popToMark() throws -> [PickleValue] {
    guard let mark = marks.popLast() else { throw fail("looks for a mark that was never set") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  mutating func make(
    _ kind: PickleObject.Kind, _ items: [PickleValue] = []
  ) throws -> PickleValue {
    guard graph.objects.count < limit.objects else {
      throw fail("holds more than \(limit.objects) objects")
    }
    graph.objects.append(PickleObject(kind: kind, items: items))
    return .object(graph.objects.count - 1)
  }

  /// Copies made by constructors are the only work that does not consume input.
  mutating func copy(_ items: [PickleValue]) throws -> [PickleValue] {
    copies += items.count
    guard copies <= limit.copies else {
      throw fail("copies more than \(limit.copies) values between containers")
    }
    return items
  }
}

// MARK: - Instructions

extension Unpickler {
  /// Numbers, binary strings and other constants.
  private mutating func constant(_ code: UInt8) throws -> Bool {
    switch code {
    case UInt8(ascii: "N"): try push(.none)
    case 0x88: try push(.bool(true))
    case 0x89: try push(.bool(false))
    case UInt8(ascii: "J"): try push(.int(Int(try integer(Int32.self))))
    case UInt8(ascii: "K"): try push(.int(Int(try integer(UInt8.self))))
    case UInt8(ascii: "M"): try push(.int(Int(try integer(UInt16.self))))
    case UInt8(ascii: "G"):
      let bits = try integer(UInt64.self).byteSwapped
      try push(.double(Double(bitPattern: bits)))
    case 0x8A: try push(wide(try take(try integer(UInt8.self))))
    case 0x8B: try push(wide(try take(try integer(Int32.self))))
    case UInt8(ascii: "X"), UInt8(ascii: "T"): try push(try string(try integer(UInt32.self)))
    case 0x8C, UInt8(ascii: "U"): try push(try string(try integer(UInt8.self)))
    case 0x8D: try push(try string(try integer(UInt64.self)))
    case UInt8(ascii: "B"): try push(.bytes(try take(try integer(UInt32.self))))
    case UInt8(ascii: "C"): try push(.bytes(try take(try integer(UInt8.self))))
    case 0x8E, 0x96: try push(.bytes(try take(try integer(UInt64.self))))
    case 0x80:
      let version = try byte()
      guard version <= 5 else { throw fail("uses pickle protocol \(version), later than 5") }
    case 0x95:
      let length = try integer(UInt64.self)
      guard length <= bytes.count - position else { throw cutShort() }
    default: return false
    }
    return true
  }

  /// A little-endian two's complement integer of any length.
  private func wide(_ range: Range<Int>) -> PickleValue {
    guard let last = range.last else { return .int(0) }
    guard range.count <= 8 else { return .wideInteger }
    var value = bytes[last] >= 0x80 ? -1 : 0
    for position in range.reversed() { value = value << 8 | Int(bytes[position]) }
    return .int(value)
  }

  /// The line-oriented constants of protocol 0.
  private mutating func text(_ code: UInt8) throws -> Bool {
    switch code {
    case UInt8(ascii: "I"), UInt8(ascii: "L"):
      let line = try line()
      switch line {
      case "00": try push(.bool(false))
      case "01": try push(.bool(true))
      default: try push(try decimal(line))
      }
    case UInt8(ascii: "F"):
      let line = try line()
      guard let value = Double(line) else { throw fail("has a malformed number") }
      try push(.double(value))
    case UInt8(ascii: "S"):
      let line = try line()
      guard line.count >= 2, let quote = line.first, line.last == quote, "'\"".contains(quote)
      else { throw fail("has a malformed string") }
      try push(.string(PickleEscapes.decode(line.dropFirst().dropLast(), hexadecimal: "x")))
    case UInt8(ascii: "V"):
      try push(.string(PickleEscapes.decode(Substring(try line()), hexadecimal: "uU")))
    default: return false
    }
    return true
  }

  private func decimal(_ line: String) throws -> PickleValue {
    let digits = line.hasSuffix("L") ? line.dropLast() : Substring(line)
    if let value = Int(digits) { return .int(value) }
    let unsigned = digits.first == "-" ? digits.dropFirst() : digits
    guard !unsigned.isEmpty, unsigned.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw fail("has a malformed integer")
    }
    return .wideInteger
  }

  /// Lists, tuples, dictionaries and sets.
  private mutating func container(_ code: UInt8) throws -> Bool {
    switch code {
    case UInt8(ascii: "("):
      guard marks.count < limit.stack else { throw fail("nests too deeply") }
      marks.append(stack.count)
    case UInt8(ascii: "]"): try push(try make(.list))
    case UInt8(ascii: "}"): try push(try make(.dictionary))
    case UInt8(ascii: ")"): try push(try make(.tuple))
    case 0x8F: try push(try make(.set))
    case UInt8(ascii: "l"): try push(try make(.list, try popToMark()))
    case UInt8(ascii: "d"): try push(try make(.dictionary, try pairs(try popToMark())))
    case UInt8(ascii: "t"): try push(try make(.tuple, try popToMark()))
    case 0x91: try push(try make(.set, try popToMark()))
    case 0x85...0x87:
      var items: [PickleValue] = []
      for _ in 0..<Int(code - 0x84) { items.append(try pop()) }
      try push(try make(.tuple, items.reversed()))
    case UInt8(ascii: "a"): try extend([try pop()], dictionary: false)
    case UInt8(ascii: "e"), 0x90: try extend(try popToMark(), dictionary: false)
    case UInt8(ascii: "s"):
      let value = try pop()
      try extend([try pop(), value], dictionary: true)
    case UInt8(ascii: "u"): try extend(try pairs(try popToMark()), dictionary: true)
    default: return false
    }
    return true
  }

  private func pairs(_ items: [PickleValue]) throws -> [PickleValue] {
    guard items.count.isMultiple(of: 2) else { throw fail("has a key without a value") }
    return items
  }

  /// Adds to the container on top of the stack.
  private mutating func extend(_ items: [PickleValue], dictionary: Bool) throws {
    guard case .object(let index) = try top() else {
      throw fail("adds items to something that is no container")
    }
    switch graph.objects[index].kind {
    case .opaque: break
    case .dictionary where dictionary: graph.objects[index].items += items
    case .list where !dictionary, .set where !dictionary: graph.objects[index].items += items
    default: throw fail("adds items to something that cannot take them")
    }
  }

  /// The memo and the handling of the stack.
  private mutating func memory(_ code: UInt8) throws -> Bool {
    switch code {
    case UInt8(ascii: "0"):
      if marks.last == stack.count { marks.removeLast() } else { _ = try pop() }
    case UInt8(ascii: "1"): _ = try popToMark()
    case UInt8(ascii: "2"): try push(try top())
    case UInt8(ascii: "p"): try remember(try memoIndex(try line()))
    case UInt8(ascii: "q"): try remember(Int(try byte()))
    case UInt8(ascii: "r"): try remember(Int(try integer(UInt32.self)))
    case 0x94: try remember(memo.count + sparseMemo.count)
    case UInt8(ascii: "g"): try recall(try memoIndex(try line()))
    case UInt8(ascii: "h"): try recall(Int(try byte()))
    case UInt8(ascii: "j"): try recall(Int(try integer(UInt32.self)))
    default: return false
    }
    return true
  }

  private func memoIndex(_ line: String) throws -> Int {
    guard let index = Int(line), index >= 0 else { throw fail("has a malformed memo index") }
    return index
  }

  private mutating func remember(_ index: Int) throws {
    guard memo.count + sparseMemo.count < limit.memo else {
      throw fail("remembers more than \(limit.memo) values")
    }
    let value = try top()
    if index < memo.count {
      memo[index] = value
    } else if index == memo.count, sparseMemo.isEmpty {
      memo.append(value)
    } else {
      sparseMemo[index] = value
    }
  }

  private mutating func recall(_ index: Int) throws {
    guard let value = index < memo.count ? memo[index] : sparseMemo[index] else {
      throw fail("recalls memo entry \(index), which was never set")
    }
    try push(value)
  }
}
