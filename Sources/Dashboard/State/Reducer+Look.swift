import Foundation
import Sweeps
import TOMLText
import TerminalUI
import Themes

/// How large the panes are, how everything looks, and what leaves by the clipboard.
func changeLook(_ command: Command, argument: String?, _ state: inout State) -> [Effect] {
  switch command {
  case .grow: resize(by: 1, &state)
  case .shrink: resize(by: -1, &state)
  case .resetLayout:
    state.shares = PaneShares()
    state.isMaximised = false
  case .theme: changeTheme(argument, &state)
  case .copy: return copyNames(&state)
  case .copyCommand: return copyCommand(&state)
  case .redraw: return [.repaint]
  case .reloadSettings: return [.readSettings]
  default: break
  }
  return []
}

/// Moves the border that makes the focused pane larger or smaller.
private func resize(by steps: Int, _ state: inout State) {
  let layout = state.layout
  let (divider, cells): (Divider, Int) =
    switch (layout.arrangement, state.focus) {
    case (.double, .ingredients): (.upper, steps)
    case (.double, _): (.upper, -steps)
    case (_, .ingredients): (.ingredients, 2 * steps)
    case (_, .soup): (.soup, steps)
    case (_, .plot): (.soup, -steps)
    case (_, .jobs): (.jobs, steps)
    }
  state.shares = layout.shares(state.shares, moving: divider, by: cells)
}

/// Takes a theme by name, or opens the choice of one.
private func changeTheme(_ name: String?, _ state: inout State) {
  guard let name, !name.isEmpty else {
    let names = state.look.choices
    state.modes.append(
      .themes(
        ThemePrompt(
          names: names, selected: names.firstIndex(of: state.look.theme) ?? 0,
          previous: state.look.theme)))
    return
  }
  guard state.look.choices.contains(name) || name.hasSuffix(".toml") else {
    let near = Spelling.nearest(to: name, among: state.look.choices)
    let known = state.look.choices.joined(separator: ", ")
    let mend = near.map { "did you mean '\($0)'?" } ?? "there are \(known)"
    state.log.add("no theme '\(name)'; \(mend)", .trouble, at: state.now)
    return
  }
  state.look.theme = name
}

/// A key while a theme is chosen: the one under the cursor is shown at once.
func chooseTheme(_ prompt: ThemePrompt, _ key: KeyPress, _ state: inout State) {
  var prompt = prompt
  let last = prompt.names.count - 1
  switch key.key {
  case .enter:
    state.modes.removeLast()
    return
  case .escape, .character("q"):
    state.look.theme = prompt.previous
    state.modes.removeLast()
    return
  case .down, .tab, .character("j"): prompt.selected = min(prompt.selected + 1, last)
  case .up, .character("k"): prompt.selected = max(prompt.selected - 1, 0)
  case .home, .character("g"): prompt.selected = 0
  case .end, .character("G"): prompt.selected = last
  default: return
  }
  state.look.theme = prompt.names[prompt.selected]
  state.modes[state.modes.count - 1] = .themes(prompt)
}

// MARK: - Clipboard

/// The names of the set, or the one under the cursor.
private func copyNames(_ state: inout State) -> [Effect] {
  let names =
    state.set.members.isEmpty ? [state.table.cursor].compactMap(\.self) : state.set.members
  guard let first = names.first else { return [] }
  let what = names.count == 1 ? first : "\(names.count) names"
  state.log.add("copied \(what)", .success, at: state.now)
  return [.copy(names.joined(separator: " "))]
}

/// The command line that measures the set again, on every split.
private func copyCommand(_ state: inout State) -> [Effect] {
  guard !state.set.members.isEmpty else {
    state.log.add("put something into the soup first: Space", .trouble, at: state.now)
    return []
  }
  let weights = state.set.weights.map {
    ["--weights", $0.map(\.description).joined(separator: ",")]
  }
  let words =
    [
      "stockpot", "eval", state.sweep.directory, "--soup",
      state.set.members.joined(separator: ","),
    ] + (weights ?? []) + ["--split", "all"]
  let line = words.map(shellQuoted).joined(separator: " ")
  state.log.add("copied: \(line)", .success, at: state.now)
  return [.copy(line)]
}

/// A word as a POSIX shell takes it.
private func shellQuoted(_ word: String) -> String {
  let plain = word.unicodeScalars.allSatisfy {
    ($0.isASCII && $0.properties.isAlphabetic) || "0123456789_-./,:=+@%".unicodeScalars.contains($0)
  }
  if plain, !word.isEmpty { return word }
  return "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
}
