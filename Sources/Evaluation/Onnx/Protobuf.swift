/// What is wrong with bytes that should be a protobuf message, and where.
struct ProtobufError: Error, Equatable {
  /// Offset from the start of the file.
  let byte: Int
  let problem: String
}

/// One field of a protobuf message.
struct ProtobufField {
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    /// Where the bytes lie in the file.
    case bytes(Range<Int>)
  }

  let number: Int
  let value: Value
  /// Tag and value: what is copied to keep the field as it is.
  let range: Range<Int>
}

/// Steps through the fields of one message (protobuf encoding, wire types 0, 1, 2 and 5).
///
/// Groups, which ONNX never had, are refused; so is everything cut short or overlong.
struct ProtobufReader {
  private let buffer: UnsafeRawBufferPointer
  private var position: Int
  private let end: Int

  init(_ buffer: UnsafeRawBufferPointer, in range: Range<Int>) {
    self.buffer = buffer
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next field, or nil at the end of the message.
  mutating func next() throws -> ProtobufField? {
    guard position < end else { return nil }
    let start = position
    let tag = try varint()
    let number = tag >> 3
    guard number >= 1, number < 1 << 29 else {
      throw ProtobufError(byte: start, problem: "has the field number \(number)")
    }
    let value: ProtobufField.Value
    switch tag & 7 {
    case 0: value = .varint(try varint())
    case 1: value = .fixed64(try fixed(UInt64.self))
    case 2:
      let place = position
      let length = try varint()
      guard length <= UInt64(end - position) else {
        throw ProtobufError(
          byte: place, problem: "announces \(length) bytes, but \(end - position) follow")
      }
      value = .bytes(position..<position + Int(length))
      position += Int(length)
    case 5: value = .fixed32(try fixed(UInt32.self))
    default: throw ProtobufError(byte: start, problem: "has the unknown wire type \(tag & 7)")
    }
    return ProtobufField(number: Int(number), value: value, range: start..<position)
  }

  /// A base-128 number.
  mutating func varint() throws -> UInt64 {
    let start = position
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      guard position < end else {
        throw ProtobufError(byte: start, problem: "ends inside a number")
      }
      let byte = buffer[position]
      position += 1
      if shift == 63, byte > 1 { break }
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw ProtobufError(byte: start, problem: "has a number of more than 64 bits")
  }

  /// Whether all bytes were read.
  var isAtEnd: Bool { position == end }

  private mutating func fixed<Word: FixedWidthInteger>(_ type: Word.Type) throws -> Word {
    let size = MemoryLayout<Word>.size
    guard end - position >= size else {
      throw ProtobufError(byte: position, problem: "ends inside a number")
    }
    defer { position += size }
    return Word(littleEndian: buffer.loadUnaligned(fromByteOffset: position, as: Word.self))
  }
}

/// Builds a protobuf message.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func field(_ number: Int, varint value: UInt64) {
    varint(UInt64(number) << 3)
    varint(value)
  }

  mutating func field(_ number: Int, bytes value: some Collection<UInt8>) {
    varint(UInt64(number) << 3 | 2)
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func field(_ number: Int, string value: String) {
    field(number, bytes: Array(value.utf8))
  }

  mutating func field(_ number: Int, message build: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    build(&inner)
    field(number, bytes: inner.bytes)
  }

  /// Fields as they are already encoded.
  mutating func raw(_ encoded: UnsafeRawBufferPointer) { bytes.append(contentsOf: encoded) }
}
