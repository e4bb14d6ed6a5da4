/// The escapes in strings of JSON (RFC 8259, section 7).
package enum JSONEscape {
  /// What is wrong with an escape.
  package enum Malformed: Error, Hashable {
    /// The string ends within it.
    case unfinished
    /// No letter that may follow a backslash.
    case unknown
    /// Fewer than four hexadecimal digits follow the `u`.
    case notHexadecimal
  }

  /// What stands for half of a surrogate pair, which is no character.
  private static let replacement: Unicode.Scalar = "\u{FFFD}"

  /// Reads what follows a backslash at `position`, which goes to the byte after it, or to the one at
  /// fault.
  ///
  /// - Returns: the bytes it stands for, and whether it is half of a surrogate pair alone: U+FFFD then.
  package static func read<Bytes: RandomAccessCollection<UInt8>>(
    _ bytes: Bytes, at position: inout Int
  ) throws(Malformed) -> (bytes: [UInt8], isHalfAPair: Bool) where Bytes.Index == Int {
    guard position < bytes.endIndex else { throw .unfinished }
    let letter = bytes[position]
    let plain: UInt8? =
      switch letter {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
      case UInt8(ascii: "b"): 0x08
      case UInt8(ascii: "f"): 0x0C
      case UInt8(ascii: "n"): 0x0A
      case UInt8(ascii: "r"): 0x0D
      case UInt8(ascii: "t"): 0x09
      default: nil
      }
    guard plain != nil || letter == UInt8(ascii: "u") else { throw .unknown }
    position += 1
    if let plain { return ([plain], false) }
    let scalar = try unicode(bytes, at: &position)
    return (Array(String(Character(scalar ?? replacement)).utf8), scalar == nil)
  }

  /// The character of one escape, or of two that are a surrogate pair; nil for half a pair.
  private static func unicode<Bytes: RandomAccessCollection<UInt8>>(
    _ bytes: Bytes, at position: inout Int
  ) throws(Malformed) -> Unicode.Scalar? where Bytes.Index == Int {
    let first = try hexadecimal(bytes, at: &position)
    guard 0xD800..<0xDC00 ~= first,
      bytes[position...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")])
    else { return Unicode.Scalar(first) }
    let resume = position
    position += 2
    let second = try hexadecimal(bytes, at: &position)
    if 0xDC00..<0xE000 ~= second {
      return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }
    position = resume
    return nil
  }

  private static func hexadecimal<Bytes: RandomAccessCollection<UInt8>>(
    _ bytes: Bytes, at position: inout Int
  ) throws(Malformed) -> UInt32 where Bytes.Index == Int {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.endIndex,
        let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue
      else { throw .notHexadecimal }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}
