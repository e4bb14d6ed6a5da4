/// What the sequences of keyboards, mice and terminals' answers mean.
enum KeyReports {
  /// The event of `CSI parameters final`; nil for what means nothing here.
  static func event(parameters: ArraySlice<UInt8>, final: UInt8) -> InputEvent? {
    if parameters.first == UInt8(ascii: "<") {
      return sgrMouse(numbers(parameters.dropFirst()), isRelease: final == UInt8(ascii: "m"))
        .map { .mouse($0) }
    }
    if parameters.first == UInt8(ascii: "?") {
      guard final == UInt8(ascii: "n") else { return nil }
      switch numbers(parameters.dropFirst()) {
      case [997, 1]: return .report(.appearance(isDark: true))
      case [997, 2]: return .report(.appearance(isDark: false))
      default: return nil
      }
    }
    let values = numbers(parameters)
    switch final {
    case UInt8(ascii: "I"): return .focus(true)
    case UInt8(ascii: "O"): return .focus(false)
    case UInt8(ascii: "~"), UInt8(ascii: "$"), UInt8(ascii: "^"), UInt8(ascii: "@"):
      return numbered(values, final: final).map { .key($0) }
    case UInt8(ascii: "u"):
      return codePoint(values).map { .key($0) }
    case UInt8(ascii: "Z"):
      return .key(KeyPress(.tab, modifiers(values).union(.shift)))
    case UInt8(ascii: "a")...UInt8(ascii: "d"):
      return letter(final - 0x20).map { .key(KeyPress($0, .shift)) }
    default:
      // Keys count from 1 and have few modifiers; the cursor's place (`CSI row ; column R`) is none.
      guard values.count <= 2, values.first ?? 1 <= 1, values.dropFirst().first ?? 1 <= 16
      else { return nil }
      return letter(final).map { .key(KeyPress($0, modifiers(values))) }
    }
  }

  /// The key of `ESC O final`.
  static func singleShift(_ final: UInt8) -> KeyPress? {
    if final == UInt8(ascii: "M") { return KeyPress(.enter) }
    if (UInt8(ascii: "a")...UInt8(ascii: "d")).contains(final) {
      return letter(final - 0x20).map { KeyPress($0, .ctrl) }
    }
    // The keypad in application mode.
    if (UInt8(ascii: "j")...UInt8(ascii: "y")).contains(final) {
      return KeyPress(Character(Unicode.Scalar(final - 0x40)))
    }
    return letter(final).map { KeyPress($0) }
  }

  private static func letter(_ final: UInt8) -> Key? {
    switch final {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): .right
    case UInt8(ascii: "D"): .left
    case UInt8(ascii: "H"): .home
    case UInt8(ascii: "F"): .end
    case UInt8(ascii: "P")...UInt8(ascii: "S"): .function(Int(final) - 0x4F)
    default: nil
    }
  }

  /// `CSI number ~`, with the modifiers as a second number or, from rxvt, in the final byte.
  private static func numbered(_ values: [Int], final: UInt8) -> KeyPress? {
    guard let number = values.first else { return nil }
    if number == 27, values.count == 3 { return codePoint([values[2], values[1]]) }
    let key: Key
    switch number {
    case 1, 7: key = .home
    case 2: key = .insert
    case 3: key = .delete
    case 4, 8: key = .end
    case 5: key = .pageUp
    case 6: key = .pageDown
    case 11...15: key = .function(number - 10)
    case 17...21: key = .function(number - 11)
    case 23...26: key = .function(number - 12)
    case 28, 29: key = .function(number - 13)
    case 31...34: key = .function(number - 14)
    default: return nil
    }
    var held = modifiers(values)
    if final == UInt8(ascii: "$") || final == UInt8(ascii: "@") { held.insert(.shift) }
    if final == UInt8(ascii: "^") || final == UInt8(ascii: "@") { held.insert(.ctrl) }
    return KeyPress(key, held)
  }

  /// `CSI code point ; modifiers u`, and what xterm sends with modifyOtherKeys.
  private static func codePoint(_ values: [Int]) -> KeyPress? {
    guard let code = values.first, let value = UInt32(exactly: code) else { return nil }
    var press: KeyPress
    switch value {
    case 13: press = KeyPress(.enter, modifiers(values))
    case 27: press = KeyPress(.escape, modifiers(values))
    case 9: press = KeyPress(.tab, modifiers(values))
    case 8, 127: press = KeyPress(.backspace, modifiers(values))
    default:
      guard let scalar = Unicode.Scalar(value), TextWidth.columns(of: scalar) > 0,
        !(0xE000...0xF8FF).contains(value)
      else { return nil }
      press = KeyPress(Character(scalar), modifiers(values))
    }
    press.normalize()
    return press
  }

  private static func modifiers(_ values: [Int]) -> KeyModifiers {
    guard values.count > 1, values[1] > 1 else { return [] }
    let bits = values[1] - 1
    var held: KeyModifiers = []
    if bits & 1 != 0 { held.insert(.shift) }
    // Bit 8 is Meta, which keyboards without one send for Alt.
    if bits & 2 != 0 || bits & 8 != 0 { held.insert(.alt) }
    if bits & 4 != 0 { held.insert(.ctrl) }
    return held
  }

  /// The numbers between semicolons; a missing one is 0, what follows a colon is left out.
  private static func numbers(_ parameters: ArraySlice<UInt8>) -> [Int] {
    parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { part in
      var value = 0
      for byte in part {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { break }
        value = min(value * 10 + Int(byte - UInt8(ascii: "0")), 1 << 24)
      }
      return value
    }
  }

  // MARK: Mouse

  private static func sgrMouse(_ values: [Int], isRelease: Bool) -> MouseEvent? {
    guard values.count == 3, values[1] > 0, values[2] > 0 else { return nil }
    let position = Point(column: values[1] - 1, row: values[2] - 1)
    return mouse(code: values[0], at: position, isRelease: isRelease)
  }

  /// The event of a button code: two bits of button, then shift, alt, ctrl, motion, wheel.
  static func mouse(code: Int, at position: Point, isRelease: Bool) -> MouseEvent? {
    var held: KeyModifiers = []
    if code & 4 != 0 { held.insert(.shift) }
    if code & 8 != 0 { held.insert(.alt) }
    if code & 16 != 0 { held.insert(.ctrl) }
    let number = code & 3
    if code & 64 != 0 {
      if isRelease && number != 3 { return nil }
      let kinds: [MouseEvent.Kind] = [.scrollUp, .scrollDown, .scrollLeft, .scrollRight]
      return MouseEvent(kinds[number], at: position, held)
    }
    guard code & ~0x3F == 0 else { return nil }
    let buttons: [MouseEvent.Button] = [.left, .middle, .right]
    if code & 32 != 0 {
      return MouseEvent(number == 3 ? .move : .drag(buttons[number]), at: position, held)
    }
    if isRelease {
      return MouseEvent(.release(number == 3 ? .left : buttons[number]), at: position, held)
    }
    return number == 3 ? nil : MouseEvent(.press(buttons[number]), at: position, held)
  }

  // MARK: Answers

  /// The background in `11;rgb:RRRR/GGGG/BBBB`; a channel may have one to four digits.
  static func colorReport(_ text: String) -> TerminalReport? {
    guard text.hasPrefix("11;") else { return nil }
    let value = text.dropFirst(3)
    guard let colon = value.firstIndex(of: ":"), ["rgb", "rgba"].contains(value[..<colon])
    else { return nil }
    let channels = value[value.index(after: colon)...].split(
      separator: "/", omittingEmptySubsequences: false
    ).map { digits -> UInt8? in
      guard (1...4).contains(digits.utf8.count), let number = Int(digits, radix: 16), number >= 0
      else { return nil }
      let full = 1 << (4 * digits.utf8.count) - 1
      return UInt8((number * 255 + full / 2) / full)
    }
    guard channels.count >= 3, let red = channels[0], let green = channels[1],
      let blue = channels[2]
    else { return nil }
    return .background(red: red, green: green, blue: blue)
  }
}
