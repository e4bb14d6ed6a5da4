/// What a key means, without its modifiers.
package enum Key: Hashable, Sendable {
  /// A printing character, the space bar among them; letters carry their case.
  case character(Character)
  case enter, escape, tab, backspace, delete, insert
  case up, down, left, right, home, end, pageUp, pageDown
  /// F1 and on.
  case function(Int)
}

/// The keys held down with another.
package struct KeyModifiers: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let shift = KeyModifiers(rawValue: 1 << 0)
  package static let alt = KeyModifiers(rawValue: 1 << 1)
  package static let ctrl = KeyModifiers(rawValue: 1 << 2)
}

/// One press of a key.
package struct KeyPress: Hashable, Sendable, CustomStringConvertible {
  /// What was pressed.
  package var key: Key
  /// What was held down with it; never shift with a character, whose case says so already.
  package var modifiers: KeyModifiers

  /// A press of a key.
  package init(_ key: Key, _ modifiers: KeyModifiers = []) {
    self.key = key
    self.modifiers = modifiers
  }

  /// A press of a printing key.
  package init(_ character: Character, _ modifiers: KeyModifiers = []) {
    self.init(.character(character), modifiers)
  }

  private static let names: [(name: String, key: Key)] = [
    ("enter", .enter), ("esc", .escape), ("tab", .tab), ("backspace", .backspace),
    ("delete", .delete), ("insert", .insert), ("up", .up), ("down", .down), ("left", .left),
    ("right", .right), ("home", .home), ("end", .end), ("pgup", .pageUp), ("pgdn", .pageDown),
    ("space", .character(" ")),
  ]

  private static let otherNames: [(name: String, key: Key)] = [
    ("return", .enter), ("escape", .escape), ("del", .delete), ("ins", .insert),
    ("pageup", .pageUp), ("pagedown", .pageDown),
  ]

  /// Reads a name such as `a`, `ctrl-r`, `alt-enter`, `shift-tab`, `f5` or `space`.
  ///
  /// Modifiers come first, in any order and case, joined by `-` or `+`; `C-`, `M-` and `S-` are
  /// understood too. `shift-a` is `A`. Nil for what names no key.
  package init?(parsing name: String) {
    var rest = name[...]
    var modifiers: KeyModifiers = []
    while let separator = rest.dropFirst().firstIndex(where: { $0 == "-" || $0 == "+" }),
      rest.index(after: separator) < rest.endIndex
    {
      switch rest[..<separator].lowercased() {
      case "ctrl", "control", "c", "^": modifiers.insert(.ctrl)
      case "alt", "meta", "option", "m": modifiers.insert(.alt)
      case "shift", "s": modifiers.insert(.shift)
      default: return nil
      }
      rest = rest[rest.index(after: separator)...]
    }
    guard let key = Self.key(named: rest) else { return nil }
    self.init(key, modifiers)
    normalize()
  }

  private static func key(named name: Substring) -> Key? {
    if name.count == 1, let character = name.first {
      let isShown = character.unicodeScalars.contains { TextWidth.columns(of: $0) > 0 }
      return isShown ? .character(character) : nil
    }
    let lower = name.lowercased()
    if let known = (names + otherNames).first(where: { $0.name == lower }) { return known.key }
    guard lower.first == "f", let number = Int(lower.dropFirst()), (1...63).contains(number),
      lower.dropFirst().allSatisfy(\.isWholeNumber)
    else { return nil }
    return .function(number)
  }

  /// Gives the same press the same value, however a terminal reports it.
  mutating func normalize() {
    guard case .character(let character) = key else { return }
    if modifiers.contains(.shift) {
      modifiers.remove(.shift)
      let upper = character.uppercased()
      if upper.count == 1, let first = upper.first { key = .character(first) }
    }
    // Control characters have no case: ctrl-R and ctrl-r are one key.
    if modifiers.contains(.ctrl), case .character(let now) = key, now.isASCII {
      let lower = now.lowercased()
      if let first = lower.first { key = .character(first) }
    }
  }

  /// The name that `init(parsing:)` reads back.
  package var description: String {
    var text = ""
    if modifiers.contains(.ctrl) { text += "ctrl-" }
    if modifiers.contains(.alt) { text += "alt-" }
    if modifiers.contains(.shift) { text += "shift-" }
    if let known = Self.names.first(where: { $0.key == key }) { return text + known.name }
    switch key {
    case .character(let character): return text + String(character)
    case .function(let number): return text + "f\(number)"
    default: return text
    }
  }
}
