/// How finely a plot is drawn with characters.
package enum PlotMarker: String, CaseIterable, Sendable {
  /// Two by four dots a cell (U+2800–U+28FF).
  case braille
  /// Two by two blocks a cell (U+2580–U+259F).
  case quadrant
  /// Three heights a cell, in ASCII.
  case ascii
}

/// The characters of a frame around a pane.
package struct BorderGlyphs: Hashable, Sendable {
  package let topLeft, topRight, bottomLeft, bottomRight: Character
  package let horizontal, vertical: Character
  /// Joints: `left` opens to the right, as at the left end of a rule across the frame.
  package let left, right, top, bottom, cross: Character

  private init(_ characters: String) {
    let all = Array(characters)
    (topLeft, topRight, bottomLeft, bottomRight) = (all[0], all[1], all[2], all[3])
    (horizontal, vertical) = (all[4], all[5])
    (left, right, top, bottom, cross) = (all[6], all[7], all[8], all[9], all[10])
  }

  package static let rounded = BorderGlyphs("╭╮╰╯─│├┤┬┴┼")
  package static let single = BorderGlyphs("┌┐└┘─│├┤┬┴┼")
  package static let heavy = BorderGlyphs("┏┓┗┛━┃┣┫┳┻╋")
  package static let double = BorderGlyphs("╔╗╚╝═║╠╣╦╩╬")
  package static let ascii = BorderGlyphs("++++-|+++++")
  package static let asciiFocus = BorderGlyphs("####=######")

  /// The frame called `name` in a theme file, or nil.
  package static func named(_ name: String) -> BorderGlyphs? {
    switch name {
    case "rounded": .rounded
    case "single": .single
    case "heavy": .heavy
    case "double": .double
    case "ascii": .ascii
    default: nil
    }
  }
}

/// The characters a theme draws with, each one column wide.
package struct Glyphs: Hashable, Sendable {
  /// Whether characters beyond ASCII may be used.
  package var unicode: Bool
  package var plot: PlotMarker
  package var border: BorderGlyphs
  /// The frame of the pane that has the focus; differs from `border` where colour cannot tell.
  package var borderFocus: BorderGlyphs
  /// An ingredient that is in the soup, and one that is not.
  package var mark, unmarked: Character
  /// Left of the selected row, so that it is seen without colour.
  package var selectionBar: Character
  package var sortAscending, sortDescending: Character
  package var tick, cross, warning: Character
  package var pending, stale: Character
  package var best, soup, ensemble, uniform, initialisation: Character
  package var ellipsis, separator, arrow: Character
  package var scrollTrack, scrollThumb: Character
  package var spinner: [Character]
  /// A horizontal bar's last cell, from an eighth full to full.
  package var gaugeSteps: [Character]
  package var gaugeEmpty: Character
  /// A vertical bar's cell, from the lowest to full.
  package var bars: [Character]
  /// From light to full: a heat map's cells without colours.
  package var shades: [Character]

  /// The full set.
  package static let unicodeSet = Glyphs(
    unicode: true, plot: .braille, border: .rounded, borderFocus: .rounded, mark: "●",
    unmarked: "○", selectionBar: "▌", sortAscending: "▲", sortDescending: "▼", tick: "✓",
    cross: "✗", warning: "!", pending: "◌", stale: "~", best: "★", soup: "◆", ensemble: "▲",
    uniform: "■", initialisation: "◎", ellipsis: "…", separator: "│", arrow: "→",
    scrollTrack: "│", scrollThumb: "┃", spinner: Array("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"),
    gaugeSteps: Array("▏▎▍▌▋▊▉█"), gaugeEmpty: "─", bars: Array("▁▂▃▄▅▆▇█"),
    shades: Array("░▒▓█"))

  /// The set for terminals and locales that show only ASCII.
  package static let asciiSet = Glyphs(
    unicode: false, plot: .ascii, border: .ascii, borderFocus: .asciiFocus, mark: "*",
    unmarked: " ", selectionBar: ">", sortAscending: "^", sortDescending: "v", tick: "+",
    cross: "x", warning: "!", pending: "?", stale: "~", best: "#", soup: "@", ensemble: "%",
    uniform: "=", initialisation: "o", ellipsis: "~", separator: "|", arrow: ">",
    scrollTrack: ":", scrollThumb: "#", spinner: Array("|/-\\"), gaugeSteps: ["-", "#"],
    gaugeEmpty: ".", bars: Array("_.-=#"), shades: Array(".:*#"))
}

extension Character {
  /// Whether a terminal gives this character exactly one column.
  ///
  /// A theme's glyph must: it is one printable scalar that is neither combining, wide nor drawn as
  /// an emoji.
  package var isOneColumn: Bool {
    guard unicodeScalars.count == 1, let scalar = unicodeScalars.first else { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .unassigned, .nonspacingMark, .enclosingMark,
      .lineSeparator, .paragraphSeparator, .privateUse:
      return false
    default: break
    }
    if scalar.properties.isEmojiPresentation { return false }
    let wide: [ClosedRange<UInt32>] = [
      0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD,
    ]
    return !wide.contains { $0.contains(scalar.value) }
  }
}
