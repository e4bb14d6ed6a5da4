/// The header of a `.npy` file, formats 1.0 to 3.0 (numpy.lib.format).
struct NumpyHeader: Sendable {
  let dtype: DType
  let shape: [Int]
  /// Whether the first axis varies fastest.
  let fortranOrder: Bool
  let bigEndian: Bool
  /// Where the elements start, in bytes from the start of the file.
  let dataOffset: Int
  /// Bytes of all elements.
  let byteCount: Int

  /// The first bytes of a file in which its header must end.
  ///
  /// NumPy itself stops at 10,000.
  static let mostBytes = 1 << 16
  /// NumPy's own limit is 64.
  private static let mostDimensions = 64

  /// Reads the header in the first bytes of a `.npy` file.
  ///
  /// - Parameters:
  ///   - bytes: at least `mostBytes` of it, or all.
  ///   - total: bytes of the whole file; nil when that is `bytes`.
  /// - Throws: `InputError` for anything but a complete array of a supported type.
  init(
    _ bytes: UnsafeRawBufferPointer, of total: Int? = nil, file: String, place prefix: String? = nil
  ) throws {
    func fail(_ problem: String, at place: String? = nil, mend: String? = nil) -> InputError {
      let places = [prefix, place].compactMap { $0 }
      return InputError(
        file: file, place: places.isEmpty ? nil : places.joined(separator: ", "),
        problem: problem, mend: mend)
    }
    let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
    guard bytes.count >= 10, bytes.starts(with: magic) else {
      throw fail("is not a .npy file", mend: "Write it with numpy.save")
    }
    let (major, minor) = (bytes[6], bytes[7])
    guard (1...3).contains(major), minor == 0 else {
      throw fail("uses .npy format \(major).\(minor), of which 1.0 to 3.0 are known", at: "byte 6")
    }
    let start = major == 1 ? 10 : 12
    guard bytes.count >= start else { throw fail("ends inside its header", at: "byte 8") }
    let length = (8..<start).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    guard length <= min(bytes.count, Self.mostBytes) - start else {
      throw fail(
        "announces a header of \(length) bytes, but \(bytes.count - start) follow", at: "byte 8")
    }
    var parser = NumpyHeaderParser(
      Array(bytes[start..<start + length]), fail: { fail($1, at: "byte \(start + $0)") })
    let fields = try parser.fields()
    (dtype, bigEndian) = try Self.elementType(fields.descr) { fail($0, at: "key descr", mend: $1) }
    shape = fields.shape
    fortranOrder = fields.fortranOrder
    dataOffset = start + length
    guard shape.count <= Self.mostDimensions else {
      throw fail("has \(shape.count) dimensions, more than \(Self.mostDimensions)", at: "key shape")
    }
    guard let byteCount = ByteCount.of(shape: shape, dtype: dtype) else {
      throw fail("has a shape too large to address", at: "key shape")
    }
    self.byteCount = byteCount
    let present = (total ?? bytes.count) - dataOffset
    guard byteCount <= present else {
      throw fail(
        "is truncated: shape \(shape) of \(dtype.rawValue) needs \(byteCount) bytes, "
          + "\(present) are there", at: "byte \(dataOffset)", mend: "Copy or write it again")
    }
  }

  private static func elementType(
    _ descr: String, fail: (String, String?) -> InputError
  ) throws -> (DType, bigEndian: Bool) {
    let order = descr.first
    let types: [String: DType] = [
      "b1": .bool, "u1": .u8, "i1": .i8, "u2": .u16, "i2": .i16, "u4": .u32, "i4": .i32,
      "u8": .u64, "i8": .i64, "f2": .f16, "f4": .f32, "f8": .f64,
    ]
    if let order, "<>|=".contains(order), let dtype = types[String(descr.dropFirst())] {
      return (dtype, order == ">" && dtype.size > 1)
    }
    switch descr.drop(while: { "<>|=".contains($0) }).first {
    case "O":
      throw fail(
        "holds Python objects (dtype object), which would have to be unpickled",
        "Save an array of numbers, not of objects")
    case "V" where descr.hasSuffix("V2"):
      throw fail(
        "has the raw element type '\(descr)', perhaps bfloat16, which .npy cannot name",
        "Save it as float32, or as safetensors")
    default:
      throw fail(
        "has element type '\(descr)', which is not a plain number",
        "Convert it with .astype to an integer or floating-point type")
    }
  }
}

/// Reads the dictionary literal of a `.npy` header; nothing is evaluated.
private struct NumpyHeaderParser {
  private let text: [UInt8]
  private var position = 0
  private let fail: (Int, String) -> InputError

  init(_ text: [UInt8], fail: @escaping (Int, String) -> InputError) {
    self.text = text
    self.fail = fail
  }

  /// The three keys, each exactly once, in any order.
  mutating func fields() throws -> (descr: String, fortranOrder: Bool, shape: [Int]) {
    var descr: String?
    var order: Bool?
    var shape: [Int]?
    try expect("{")
    while !accept("}") {
      let start = position
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where descr == nil: descr = try elementType()
      case "fortran_order" where order == nil: order = try boolean()
      case "shape" where shape == nil: shape = try tuple()
      default: throw fail(start, "has an unknown or repeated key '\(key)' in its header")
      }
      guard accept(",") else {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard position == text.count else { throw fail(position, "has text after its header") }
    guard let descr, let order, let shape else {
      throw fail(0, "lacks one of the keys descr, fortran_order and shape")
    }
    return (descr, order, shape)
  }

  private mutating func skipSpace() {
    while position < text.count, [0x20, 0x0A, 0x09, 0x0D].contains(text[position]) { position += 1 }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    guard accept(character) else { throw fail(position, "lacks '\(character)' in its header") }
  }

  private mutating func elementType() throws -> String {
    if accept("[") {
      throw fail(position - 1, "holds records (a structured dtype), not plain numbers")
    }
    return try string()
  }

  private mutating func string() throws -> String {
    skipSpace()
    let start = position
    guard position < text.count, [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(text[position])
    else { throw fail(position, "lacks a string in its header") }
    let quote = text[position]
    position += 1
    let first = position
    while position < text.count, text[position] != quote {
      guard (0x20..<0x7F).contains(text[position]), text[position] != UInt8(ascii: "\\") else {
        throw fail(position, "has an unexpected character in a string of its header")
      }
      position += 1
    }
    guard position < text.count else { throw fail(start, "has an unfinished string in its header") }
    defer { position += 1 }
    return String(decoding: text[first..<position], as: UTF8.self)
  }

  private mutating func boolean() throws -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)]
    where text[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw fail(position, "has a fortran_order that is neither True nor False")
  }

  private mutating func tuple() throws -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    while !accept(")") {
      sizes.append(try integer())
      guard accept(",") else {
        try expect(")")
        break
      }
    }
    return sizes
  }

  private mutating func integer() throws -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < text.count, (0x30...0x39).contains(text[position]) {
      let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow) = tens.addingReportingOverflow(Int(text[position] - 0x30))
      guard !tooLarge, !overflow else { throw fail(start, "has a size too large to address") }
      value = sum
      position += 1
    }
    guard position > start else { throw fail(start, "has a shape that is not a tuple of sizes") }
    // Python 2 wrote its long integers with this suffix.
    if position < text.count, text[position] == UInt8(ascii: "L") { position += 1 }
    return value
  }
}
