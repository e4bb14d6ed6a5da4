/// Reads one event from the beginning of a stream of bytes.
///
/// The grammar is ECMA-48's, with the reports of xterm, rxvt, the Linux console and the kitty
/// keyboard protocol.
enum SequenceParser {
  /// What the beginning of the bytes is.
  enum Result: Equatable {
    /// An event, and the bytes it took.
    case event(InputEvent, length: Int)
    /// Bytes that mean nothing here.
    case nothing(length: Int)
    /// A bracketed paste starts after these bytes.
    case pasteBegins(length: Int)
    /// More bytes are needed to tell.
    case incomplete
  }

  /// The longest control sequence that is waited for; a longer one is noise.
  private static let sequenceLimit = 64
  /// The longest string (OSC, DCS) that is waited for.
  private static let stringLimit = 4096

  /// Reads the beginning of `bytes`, which must not be empty.
  static func parse(_ bytes: ArraySlice<UInt8>) -> Result {
    guard let first = bytes.first else { return .incomplete }
    if first == 0x1B { return escape(bytes) }
    if first < 0x20 || first == 0x7F {
      return .event(.key(control(first)), length: 1)
    }
    return character(bytes)
  }

  private static func control(_ byte: UInt8) -> KeyPress {
    switch byte {
    case 0x00: KeyPress(" ", .ctrl)
    case 0x09: KeyPress(.tab)
    case 0x0A, 0x0D: KeyPress(.enter)
    case 0x08, 0x7F: KeyPress(.backspace)
    case 0x01...0x1A: KeyPress(Character(Unicode.Scalar(byte + 0x60)), .ctrl)
    default: KeyPress(Character(Unicode.Scalar(byte + 0x40)), .ctrl)
    }
  }

  private static func character(_ bytes: ArraySlice<UInt8>) -> Result {
    let first = bytes[bytes.startIndex]
    let length: Int
    switch first {
    case ..<0x80: length = 1
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF: length = 3
    case 0xF0...0xF4: length = 4
    default: return .nothing(length: 1)
    }
    let candidate = bytes.prefix(length)
    for (offset, byte) in candidate.enumerated().dropFirst() where byte & 0xC0 != 0x80 {
      return .nothing(length: offset)
    }
    guard candidate.count == length else { return .incomplete }
    guard let text = String(validating: candidate, as: UTF8.self), text.count == 1,
      let character = text.first
    else { return .nothing(length: length) }
    let isControl = character.unicodeScalars.contains { (0x80..<0xA0).contains($0.value) }
    return isControl
      ? .nothing(length: length) : .event(.key(KeyPress(character)), length: length)
  }

  // MARK: Escape sequences

  private static func escape(_ bytes: ArraySlice<UInt8>) -> Result {
    guard let second = bytes.dropFirst().first else { return .incomplete }
    switch second {
    case UInt8(ascii: "["): return controlSequence(bytes)
    case UInt8(ascii: "O"): return singleShift(bytes)
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
      return controlString(bytes)
    case 0x1B:
      // Esc pressed twice quickly: two presses, not Alt with Esc.
      return .event(.key(KeyPress(.escape)), length: 1)
    default: break
    }
    switch parse(bytes.dropFirst()) {
    case .event(.key(var press), let length):
      press.modifiers.insert(.alt)
      return .event(.key(press), length: length + 1)
    case .incomplete: return .incomplete
    default: return .event(.key(KeyPress(.escape)), length: 1)
    }
  }

  /// `ESC O x`: keypad and function keys.
  private static func singleShift(_ bytes: ArraySlice<UInt8>) -> Result {
    guard let final = bytes.dropFirst(2).first else { return .incomplete }
    guard let press = KeyReports.singleShift(final) else {
      // No key sends this, so it was Alt-O and then something else.
      return .event(.key(KeyPress("O", .alt)), length: 2)
    }
    return .event(.key(press), length: 3)
  }

  /// `ESC [ parameters intermediates final`.
  private static func controlSequence(_ bytes: ArraySlice<UInt8>) -> Result {
    let body = bytes.dropFirst(2)
    guard let first = body.first else { return .incomplete }
    if first == UInt8(ascii: "[") { return consoleFunctionKey(body) }
    if first == UInt8(ascii: "M") { return oldMouse(body) }

    var index = body.startIndex
    while index < body.endIndex, (0x20...0x3F).contains(body[index]) {
      // rxvt ends what a shifted key sends with `$`, which elsewhere comes before the final byte.
      let isNumber = body[body.startIndex..<index].allSatisfy { (0x30...0x39).contains($0) }
      if body[index] == UInt8(ascii: "$"), isNumber, index > body.startIndex { break }
      index += 1
      if index - bytes.startIndex >= sequenceLimit {
        return .nothing(length: index - bytes.startIndex)
      }
    }
    guard index < body.endIndex else { return .incomplete }
    let final = body[index]
    let length = index - bytes.startIndex + 1
    if final == UInt8(ascii: "$") || final == UInt8(ascii: "^") || final == UInt8(ascii: "@") {
      // rxvt ends its sequences with these for keys with modifiers.
    } else if !(0x40...0x7E).contains(final) {
      // Broken off: what interrupts it is read on its own.
      return .nothing(length: length - 1)
    }
    let parameters = body[body.startIndex..<index]
    if final == UInt8(ascii: "~"), parameters.elementsEqual("200".utf8) {
      return .pasteBegins(length: length)
    }
    guard let event = KeyReports.event(parameters: parameters, final: final) else {
      return .nothing(length: length)
    }
    return .event(event, length: length)
  }

  /// `ESC [ [ A` to `E`: F1 to F5 on the Linux console.
  private static func consoleFunctionKey(_ body: ArraySlice<UInt8>) -> Result {
    guard let final = body.dropFirst().first else { return .incomplete }
    guard (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(final) else {
      return .nothing(length: 3)
    }
    return .event(.key(KeyPress(.function(Int(final) - 0x40))), length: 4)
  }

  /// `ESC [ M b x y`: the mouse of terminals that do not know the report of mode 1006.
  private static func oldMouse(_ body: ArraySlice<UInt8>) -> Result {
    let data = Array(body.dropFirst().prefix(3))
    guard data.count == 3 else { return .incomplete }
    guard data.allSatisfy({ $0 >= 0x20 }) else { return .nothing(length: 3) }
    let (button, column, row) = (Int(data[0]) - 32, Int(data[1]) - 33, Int(data[2]) - 33)
    guard column >= 0, row >= 0,
      let mouse = KeyReports.mouse(
        code: button, at: Point(column: column, row: row), isRelease: button & 3 == 3)
    else { return .nothing(length: 6) }
    return .event(.mouse(mouse), length: 6)
  }

  /// `ESC ] … BEL`, `ESC ] … ESC \`, and the other strings that end that way.
  private static func controlString(_ bytes: ArraySlice<UInt8>) -> Result {
    var index = bytes.startIndex + 2
    while index < bytes.endIndex {
      let length = index - bytes.startIndex
      if length > stringLimit { return .nothing(length: length) }
      if bytes[index] == 0x07 {
        return report(bytes[(bytes.startIndex + 2)..<index], of: bytes, length: length + 1)
      }
      if bytes[index] == 0x1B {
        guard index + 1 < bytes.endIndex else { return .incomplete }
        guard bytes[index + 1] == UInt8(ascii: "\\") else {
          // Not a string after all: Alt with `]`, `P`, `_` or `^`, then another sequence.
          return length == 2 ? alternate(bytes) : .nothing(length: length)
        }
        return report(bytes[(bytes.startIndex + 2)..<index], of: bytes, length: length + 2)
      }
      index += 1
    }
    return .incomplete
  }

  private static func alternate(_ bytes: ArraySlice<UInt8>) -> Result {
    let character = Character(Unicode.Scalar(bytes[bytes.startIndex + 1]))
    return .event(.key(KeyPress(character, .alt)), length: 2)
  }

  private static func report(
    _ text: ArraySlice<UInt8>, of bytes: ArraySlice<UInt8>, length: Int
  ) -> Result {
    guard bytes[bytes.startIndex + 1] == UInt8(ascii: "]"),
      let report = KeyReports.colorReport(String(decoding: text, as: UTF8.self))
    else { return .nothing(length: length) }
    return .event(.report(report), length: length)
  }
}
