import Foundation
package import Themes

/// Which theme is wanted, and what the terminal's ground is where that decides.
package struct LookChoice: Hashable, Sendable {
  /// The choice that follows the terminal's ground.
  package static let automatic = "auto"

  /// A theme's name, a theme file, or `auto`.
  package var theme = LookChoice.automatic
  /// The themes that can be chosen by name, without `auto`.
  package var names: [String] = ThemeLibrary.builtins
  /// Whether the terminal is dark or light, as far as it said.
  package var appearance = Theme.Appearance.dark
  /// The colours that the terminal shows.
  package var depth = ColorDepth.indexed256
  /// Whether the theme was given for this sitting: the settings do not change it then.
  package var isGiven = false

  /// As the terminal is taken to be without an answer.
  package init() {}

  /// The theme that is shown.
  package var shown: String {
    guard theme == Self.automatic else { return theme }
    if depth == .none { return "mono" }
    return appearance == .light ? "light" : "dark"
  }

  /// What a person chooses from.
  package var choices: [String] { [Self.automatic] + names }
}

/// Loads themes for a terminal as it is.
package struct ThemeSource: Sendable {
  /// Where themes are found by name.
  package let library: ThemeLibrary
  /// The colours that the terminal shows.
  package let depth: ColorDepth
  /// Whether it shows more than ASCII.
  package let unicode: Bool
  /// Whether the background is left to the terminal.
  package var transparent: Bool
  /// Whether only ASCII is wanted, whatever the terminal shows.
  package var ascii: Bool

  /// Themes for a terminal of that kind.
  package init(
    library: ThemeLibrary = ThemeLibrary(), depth: ColorDepth = .indexed256, unicode: Bool = true,
    transparent: Bool = false, ascii: Bool = false
  ) {
    self.library = library
    self.depth = depth
    self.unicode = unicode
    self.transparent = transparent
    self.ascii = ascii
  }

  /// A theme by its name, or by its file when the name ends in `.toml`.
  /// - Throws: `ThemeError`, with line and column for what is wrong in a file.
  package func theme(_ name: String) throws -> Theme {
    let unicode = unicode && !ascii
    if name.hasSuffix(".toml") {
      return try library.load(
        file: URL(fileURLWithPath: name), depth: depth, unicode: unicode, transparent: transparent)
    }
    return try library.load(
      named: name, depth: depth, unicode: unicode, transparent: transparent)
  }
}
