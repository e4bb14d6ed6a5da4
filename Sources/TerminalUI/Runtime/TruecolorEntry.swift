import CTerminal

/// A terminal description that lets curses send 24-bit colours, made from the user's own.
///
/// Terminals announce 24-bit colour by COLORTERM, curses wants the terminfo flag `RGB`, and entries
/// that have it are seldom installed. ncurses 6.1 and later read a whole entry from the variable
/// TERMINFO (`b64:…`), so the user's entry is written out with the flag and colour strings set.
/// Palette entries are kept reachable: number 256 + n stands for entry n, and the darkest blues
/// with those numbers move by one step of green.
struct TruecolorEntry {
  /// Capabilities in the order of term(5).
  var booleans: [Bool]
  /// −1 for absent ones.
  var numbers: [Int32]
  /// nil for absent ones.
  var strings: [[UInt8]?]

  /// The number of a 24-bit colour.
  static func number(red: UInt8, green: UInt8, blue: UInt8) -> Int32 {
    let value = Int32(red) << 16 | Int32(green) << 8 | Int32(blue)
    return (256..<512).contains(value) ? value + 256 : value
  }

  /// The number of a palette entry.
  static func number(ofIndex index: UInt8) -> Int32 { 256 + Int32(index) }

  /// What sends a colour: 3 for the foreground, 4 for the background.
  static func colorString(_ plane: Character) -> [UInt8] {
    let bright: Character = plane == "3" ? "9" : "0"
    let brightPrefix = plane == "3" ? "" : "1"
    let isIndex = "%p1%{255}%>%p1%{512}%<%A"
    let index =
      "%?%p1%{264}%<%t\(plane)%p1%{256}%-%d"
      + "%e%p1%{272}%<%t\(brightPrefix)\(bright)%p1%{264}%-%d"
      + "%e\(plane)8;5;%p1%{256}%-%d%;"
    let direct = "\(plane)8;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d"
    return Array("\u{1B}[%?\(isIndex)%t\(index)%e\(direct)%;m".utf8)
  }

  /// The entry of TERM, changed for 24-bit colours; nil when there is no entry, or none that knows
  /// colours at all.
  static func ofUser() -> TruecolorEntry? {
    var loaded = ct_capabilities()
    guard ct_load_capabilities(&loaded) else { return nil }
    var entry = TruecolorEntry(
      booleans: (0..<loaded.boolean_count).map { loaded.booleans[$0] != 0 },
      numbers: (0..<loaded.number_count).map { loaded.numbers[$0] },
      strings: (0..<loaded.string_count).map { index in
        guard let string = loaded.strings[index] else { return nil }
        var bytes: [UInt8] = []
        var place = 0
        while string[place] != 0 {
          bytes.append(UInt8(bitPattern: string[place]))
          place += 1
        }
        return bytes
      })
    guard entry.numbers.indices.contains(loaded.colors_at),
      entry.numbers.indices.contains(loaded.pairs_at), entry.numbers[loaded.colors_at] >= 8,
      entry.strings.indices.contains(loaded.foreground_at),
      entry.strings.indices.contains(loaded.background_at)
    else { return nil }
    entry.numbers[loaded.colors_at] = 1 << 24
    entry.numbers[loaded.pairs_at] = 1 << 16
    entry.strings[loaded.foreground_at] = colorString("3")
    entry.strings[loaded.background_at] = colorString("4")
    // With these curses would rather change the palette.
    for place in [loaded.change_color_at, loaded.set_pair_at] where place < entry.strings.count {
      entry.strings[place] = nil
    }
    return entry
  }

  /// The compiled form with 32-bit numbers, as term(5) has it, with the user-defined flag `RGB`.
  func compiled(name: String) -> [UInt8] {
    var bytes: [UInt8] = []
    func append16(_ value: Int) {
      bytes.append(UInt8(truncatingIfNeeded: value))
      bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    }
    func pad() { if bytes.count % 2 != 0 { bytes.append(0) } }

    var table: [UInt8] = []
    let offsets = strings.map { string -> Int in
      guard let string else { return -1 }
      let offset = table.count
      table += string + [0]
      return offset
    }
    let names = Array("\(name)|24-bit colours".utf8) + [0]
    let magic32 = 0x021E
    for value in [magic32, names.count, booleans.count, numbers.count, strings.count, table.count] {
      append16(value)
    }
    bytes += names
    bytes += booleans.map { $0 ? 1 : 0 }
    pad()
    for number in numbers {
      append16(Int(number))
      append16(Int(number) >> 16)
    }
    offsets.forEach(append16)
    bytes += table

    // The extended part: one flag, no numbers, no strings, one name.
    pad()
    let flag = Array("RGB".utf8) + [0]
    for value in [1, 0, 0, 1, flag.count] { append16(value) }
    bytes.append(1)
    pad()
    append16(0)
    bytes += flag
    return bytes
  }

  /// The entry as the value of the variable TERMINFO.
  func variable(name: String) -> String { "b64:" + Self.base64(compiled(name: name)) }

  /// RFC 4648, section 4.
  static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let group = bytes[index..<min(index + 3, bytes.count)]
      var value = 0
      for offset in 0..<3 {
        value = value << 8 | (offset < group.count ? Int(group[index + offset]) : 0)
      }
      for digit in 0..<4 {
        let isPresent = digit <= group.count
        text.append(
          isPresent ? alphabet[value >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
      }
      index += 3
    }
    return String(decoding: text, as: UTF8.self)
  }
}
