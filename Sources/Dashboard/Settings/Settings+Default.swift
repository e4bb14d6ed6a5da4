import Themes

extension Settings {
  /// A settings file that says what holds without one, every line commented out.
  package static var defaultFile: String {
    var lines = [
      "# Stockpot's settings. Only what differs from the program's own choice needs to be here:",
      "# take the # away and change the line.",
      "# A dashboard at work reads it again when it is saved, and at :reload-settings.",
      "",
      "# auto, \(ThemeLibrary.builtins.joined(separator: ", ")),",
      "# or one of yours in themes/ beside this file.",
      "#theme = \"auto\"",
      "",
      "# auto, truecolor, 256, 16 or never. --color and NO_COLOR come first;",
      "# a change is seen at the next start.",
      "#color = \"auto\"",
      "",
      "# ASCII alone, for a terminal or a font without lines, blocks and braille; as --ascii.",
      "#ascii = false",
      "",
      "# Without the mouse, the terminal's own selection works unhindered.",
      "#mouse = true",
      "",
      "# The terminal's own background instead of the theme's.",
      "#transparent = false",
      "",
      "# Keys: one, a list, or \"none\". Names: x, X, ctrl-x, alt-x, shift-tab, f5, space, pgdn.",
      "#[keys]",
    ]
    let width = Keymap.standard.bindings.map(\.command.rawValue.count).max() ?? 0
    for binding in Keymap.standard.bindings {
      let keys = binding.keys.map { "\"\($0)\"" }
      let value =
        keys.isEmpty ? "\"none\"" : keys.count == 1 ? keys[0] : "[\(keys.joined(separator: ", "))]"
      let name = binding.command.rawValue.rightPadded(to: width)
      lines.append("#\(name) = \(value.rightPadded(to: 22)) # \(binding.command.summary)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
