package import TerminalUI

/// Which keys mean which command: the one table behind the keys, the hints and the help.
package struct Keymap: Sendable {
  /// A command and the keys that give it.
  package struct Binding: Sendable {
    package let command: Command
    package let keys: [KeyPress]
  }

  package let bindings: [Binding]
  private let commands: [KeyPress: [Command]]

  package init(_ bindings: [Binding]) {
    self.bindings = bindings
    var commands: [KeyPress: [Command]] = [:]
    for binding in bindings {
      for key in binding.keys { commands[key, default: []].append(binding.command) }
    }
    self.commands = commands
  }

  /// What a key means in a pane: what the pane has it for, else what it means everywhere.
  package func command(for key: KeyPress, in pane: Pane) -> Command? {
    guard let meanings = commands[key] else { return nil }
    return meanings.first { $0.pane == pane } ?? meanings.first { $0.pane == nil }
      ?? meanings.first
  }

  package func keys(for command: Command) -> [KeyPress] {
    bindings.first { $0.command == command }?.keys ?? []
  }

  /// The keys without a settings file.
  package static let standard = Keymap(
    defaults.map { command, keys in
      Binding(command: command, keys: keys.compactMap { KeyPress(parsing: $0) })
    })

  private static let defaults: [(Command, [String])] = [
    (.up, ["up", "k"]), (.down, ["down", "j"]),
    (.pageUp, ["pageup", "ctrl-b"]), (.pageDown, ["pagedown", "ctrl-f"]),
    (.halfPageUp, ["ctrl-u"]), (.halfPageDown, ["ctrl-d"]),
    (.top, ["home", "g"]), (.bottom, ["end", "G"]),
    (.toggle, ["space"]), (.range, ["v"]), (.all, ["a"]), (.clear, ["U"]),
    (.undo, ["u"]), (.redo, ["ctrl-r"]),
    (.membersOnly, ["M"]), (.filter, ["/"]), (.nextMatch, ["n"]), (.previousMatch, ["N"]),
    (.sortPrevious, ["<"]), (.sortNext, [">"]), (.sortReverse, ["r"]), (.sort, []),
    (.columns, ["c", "s"]), (.hideColumn, []), (.details, ["i"]),
    (.weights, ["w"]), (.keep, ["S"]), (.soups, ["b"]), (.versus, ["V"]),
    (.run, ["R"]), (.greedy, []), (.uniform, []), (.pruned, []), (.ensemble, []),
    (.greedyEnsemble, []), (.best, []), (.compare, ["C"]), (.forecast, ["F"]),
    (.pause, ["p"]), (.cancelJob, ["x"]), (.raiseJob, ["K"]), (.lowerJob, ["J"]), (.retry, ["t"]),
    (.adopt, ["enter"]), (.export, ["e"]),
    (.nextPane, ["tab"]), (.previousPane, ["shift-tab"]),
    (.focusIngredients, ["1"]), (.focusSoup, ["2"]), (.focusPlot, ["3"]), (.focusJobs, ["4"]),
    (.maximise, ["z", "+"]), (.grow, ["}"]), (.shrink, ["{"]), (.resetLayout, ["0"]),
    (.theme, ["T"]), (.copy, ["y"]), (.copyCommand, ["Y"]), (.redraw, ["ctrl-l"]),
    (.reloadSettings, []),
    (.nextPlot, ["]"]), (.previousPlot, ["["]),
    (.nextView, ["o"]), (.crosshairLeft, ["left", "h"]), (.crosshairRight, ["right", "l"]),
    (.zoomIn, ["="]), (.zoomOut, ["-"]), (.zoomReset, ["0"]),
    (.panLeft, ["shift-left"]), (.panRight, ["shift-right"]), (.followTail, ["f"]),
    (.scale, ["s"]), (.smooth, ["~"]),
    (.scatter, []), (.plotX, ["X"]), (.plotY, ["Y"]), (.twoPlots, ["|"]), (.gap, []), (.paths, []),
    (.landscape, []), (.angles, []), (.pairs, []),
    (.sizes, []), (.stopAnalysis, ["x"]), (.savePlot, []),
    (.messages, ["!", "L"]), (.palette, [":"]), (.help, ["?", "f1"]), (.back, ["esc"]),
    (.quit, ["q", "ctrl-c"]),
  ]
}
