import TerminalUI

/// A key on the `:` line.
func editPalette(_ prompt: PalettePrompt, _ key: KeyPress, _ state: inout State) -> [Effect] {
  var prompt = prompt
  let suggestions = Palette.suggestions(for: prompt.field.text, in: state)
  switch key.key {
  case .escape:
    setTop(nil, &state)
    return []
  case .enter:
    return runPalette(prompt, suggestions, &state)
  case .up, .down:
    let step = key.key == .up ? -1 : 1
    prompt.selected = min(max(prompt.selected + step, 0), max(0, suggestions.count - 1))
    prompt.isChosen = true
  case .tab:
    if suggestions.indices.contains(prompt.selected) {
      let chosen = suggestions[prompt.selected]
      prompt = PalettePrompt(field: LineEditor(chosen.line + (chosen.awaited == nil ? "" : " ")))
    }
  case .backspace where prompt.field.text.isEmpty:
    setTop(nil, &state)
    return []
  default:
    let before = prompt.field.text
    _ = prompt.field.handle(key)
    if prompt.field.text != before {
      prompt.selected = 0
      prompt.isChosen = false
    }
  }
  setTop(.palette(prompt), &state)
  return []
}

/// Runs what the line says; where that is no command, the suggestion under the cursor.
func runPalette(
  _ prompt: PalettePrompt, _ suggestions: [Palette.Suggestion], _ state: inout State
) -> [Effect] {
  setTop(nil, &state)
  let typed = prompt.field.text
  let chosen = suggestions.indices.contains(prompt.selected) ? suggestions[prompt.selected] : nil
  let isTyped = Command(rawValue: Palette.parse(typed).name) != nil && !prompt.isChosen
  let line = isTyped ? typed : chosen?.line ?? typed
  let (name, argument) = Palette.parse(line)
  guard let command = Command(rawValue: name) else {
    if !name.isEmpty {
      state.log.add("no command '\(name)'; ? lists them", .trouble, at: state.now)
    }
    return []
  }
  state.recentCommands.removeAll { $0 == line }
  state.recentCommands.append(line)
  return reduce(&state, .command(command, argument: argument), at: state.now)
}

/// A key while the help is open: letters look for words in it, Esc gives that up, then closes.
func readHelp(_ prompt: HelpPrompt, _ key: KeyPress, _ state: inout State) {
  var prompt = prompt
  let last = HelpOverlay(
    keymap: state.settings.keymap, prompt: prompt, size: state.size
  ).lastScroll
  func scroll(by rows: Int) { prompt.scroll = min(max(0, min(prompt.scroll, last) + rows), last) }
  switch key.key {
  case .escape:
    guard !prompt.field.text.isEmpty else {
      setTop(nil, &state)
      return
    }
    prompt = HelpPrompt()
  case .enter, .function(1):
    setTop(nil, &state)
    return
  case .down: scroll(by: 1)
  case .up: scroll(by: -1)
  case .pageDown: scroll(by: 10)
  case .pageUp: scroll(by: -10)
  case .home: prompt.scroll = 0
  case .end: prompt.scroll = last
  case .character("?") where prompt.field.text.isEmpty,
    .character("q") where prompt.field.text.isEmpty:
    setTop(nil, &state)
    return
  // The line begins with one already.
  case .character("/") where prompt.field.text.isEmpty: break
  default:
    if prompt.field.handle(key) == .text { prompt.scroll = 0 }
  }
  setTop(.help(prompt), &state)
}
