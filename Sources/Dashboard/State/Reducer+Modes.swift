import Kitchen
import Recipes
import TerminalUI

/// A key while a prompt, menu or dialog is open.
///
/// The last mode sees it first and keeps it.
func press(_ key: KeyPress, _ state: inout State) -> [Effect] {
  state.log.isTroubleSeen = true
  guard let mode = state.modes.last else { return [] }
  if mode.hasHelp, state.settings.keymap.keys(for: .help).contains(key) {
    state.modes.append(.help(HelpPrompt()))
    return []
  }
  switch mode {
  case .filter(let prompt): editFilter(prompt, key, &state)
  case .palette(let prompt): return editPalette(prompt, key, &state)
  case .recipes(let selected): return chooseRecipe(selected, key, &state)
  case .recipeForm(let form):
    let (next, effects) = edit(form, key, &state)
    setTop(next.map(Mode.recipeForm), &state)
    // Once it has started, the menu below has done its work.
    if !effects.isEmpty, case .recipes? = state.modes.last { setTop(nil, &state) }
    return effects
  case .comparison(let selected):
    let (next, effects) = steerComparison(selected, key, &state)
    setTop(next.map { .comparison(selected: $0) }, &state)
    return effects
  case .help(let prompt): readHelp(prompt, key, &state)
  case .themes(let prompt): chooseTheme(prompt, key, &state)
  case .axis(let prompt): return chooseAxis(prompt, key, &state)
  case .confirm(let confirmation): return answer(confirmation, key, &state)
  case .export(let field): return editExport(field, key, &state)
  case .sheet(let sheet): return press(sheet, key, &state)
  }
  return []
}

/// A paste is one edit of an open prompt, and nothing anywhere else.
func paste(_ text: String, _ state: inout State) -> [Effect] {
  switch state.modes.last {
  case .filter(var prompt):
    _ = prompt.field.paste(text)
    preview(prompt, &state)
  case .palette(var prompt):
    _ = prompt.field.paste(text)
    setTop(.palette(prompt), &state)
  case .export(var field):
    _ = field.paste(text)
    setTop(.export(field), &state)
  case .sheet(let sheet): paste(text, into: sheet, &state)
  case .help(var prompt):
    _ = prompt.field.paste(text)
    setTop(.help(prompt), &state)
  default: break
  }
  return []
}

/// Replaces the open mode, or closes it with nil.
func setTop(_ mode: Mode?, _ state: inout State) {
  guard !state.modes.isEmpty else { return }
  state.modes.removeLast()
  if let mode { state.modes.append(mode) }
}

// MARK: - Filter

private func editFilter(_ prompt: FilterPrompt, _ key: KeyPress, _ state: inout State) {
  var prompt = prompt
  switch key.key {
  case .escape:
    state.table.setFilter(prompt.previous, members: state.members)
    if let cursor = prompt.cursor { state.table.moveCursor(to: cursor) }
    setTop(nil, &state)
  case .enter:
    guard prompt.mistake == nil else { return }
    let text = prompt.field.text
    if !text.isEmpty, state.filterHistory.last != text { state.filterHistory.append(text) }
    setTop(nil, &state)
  case .up, .down:
    recall(key.key == .up ? -1 : 1, &prompt, state.filterHistory)
    preview(prompt, &state)
  default:
    _ = prompt.field.handle(key)
    preview(prompt, &state)
  }
}

private func recall(_ step: Int, _ prompt: inout FilterPrompt, _ history: [String]) {
  guard !history.isEmpty else { return }
  let current = prompt.historyPlace ?? history.count
  let place = min(max(current + step, 0), history.count)
  guard place != current else { return }
  if prompt.historyPlace == nil { prompt.draft = prompt.field.text }
  prompt.historyPlace = place == history.count ? nil : place
  prompt.field = LineEditor(place == history.count ? prompt.draft : history[place])
}

/// Shows what the filter would leave while it is typed; a mistake keeps the last rows.
private func preview(_ prompt: FilterPrompt, _ state: inout State) {
  var prompt = prompt
  do {
    let filter = try Filter(parsing: prompt.field.text, columns: state.table.columns)
    prompt.mistake = nil
    state.table.setFilter(filter, members: state.members)
  } catch {
    prompt.mistake = error
  }
  setTop(.filter(prompt), &state)
}

// MARK: - Menus and dialogs

/// The recipes that the menu offers, in order.
let recipeMenu: [RecipeSpec.Name] = [
  .greedy, .learned, .learnedByLayer, .linearisedSearch, .uniform, .pruned, .wiseFT, .modelStock,
  .radin, .best, .ensemble, .greedyEnsemble,
]

private func chooseRecipe(_ selected: Int, _ key: KeyPress, _ state: inout State) -> [Effect] {
  switch key.key {
  case .enter:
    // The form lies over the menu: leaving it leads back.
    state.modes.append(.recipeForm(RecipeForm(recipeMenu[selected])))
  case .character("s"):
    setTop(nil, &state)
    return start(RecipeSpec(recipeMenu[selected]), &state)
  case .escape, .character("q"):
    setTop(nil, &state)
  case .down, .character("j"), .tab:
    setTop(.recipes(selected: min(selected + 1, recipeMenu.count - 1)), &state)
  case .up, .character("k"):
    setTop(.recipes(selected: max(selected - 1, 0)), &state)
  default: break
  }
  return []
}

private func answer(
  _ confirmation: Confirmation, _ key: KeyPress, _ state: inout State
) -> [Effect] {
  var confirmation = confirmation
  let last = confirmation.choices.count - 1
  switch key.key {
  case .escape:
    setTop(nil, &state)
  case .enter:
    setTop(nil, &state)
    return reduce(&state, confirmation.choices[confirmation.selected].action, at: state.now)
  case .right, .tab, .down, .character("l"), .character("j"):
    confirmation.selected = confirmation.selected == last ? 0 : confirmation.selected + 1
    setTop(.confirm(confirmation), &state)
  case .left, .up, .character("h"), .character("k"):
    confirmation.selected = confirmation.selected == 0 ? last : confirmation.selected - 1
    setTop(.confirm(confirmation), &state)
  default: break
  }
  return []
}

private func editExport(_ field: LineEditor, _ key: KeyPress, _ state: inout State) -> [Effect] {
  var field = field
  switch key.key {
  case .escape:
    setTop(nil, &state)
  case .enter:
    setTop(nil, &state)
    return reduce(&state, .command(.export, argument: field.text), at: state.now)
  default:
    _ = field.handle(key)
    setTop(.export(field), &state)
  }
  return []
}

/// A click on a line of the open menu or on an answer: as going there and pressing Enter.
func choose(_ place: Int, _ state: inout State) -> [Effect] {
  switch state.modes.last {
  case .palette(var prompt):
    prompt.selected = place
    prompt.isChosen = true
    let suggestions = Palette.suggestions(for: prompt.field.text, in: state)
    let isComplete = suggestions.indices.contains(place) && suggestions[place].awaited == nil
    return editPalette(prompt, KeyPress(isComplete ? .enter : .tab), &state)
  case .themes(let prompt):
    guard prompt.names.indices.contains(place) else { return [] }
    state.look.theme = prompt.names[place]
    setTop(nil, &state)
  case .axis(let prompt):
    guard prompt.choices.indices.contains(place) else { return [] }
    return takeAxis(place, of: prompt, &state)
  case .confirm(var confirmation):
    guard confirmation.choices.indices.contains(place) else { return [] }
    confirmation.selected = place
    return answer(confirmation, KeyPress(.enter), &state)
  default: return Mode.click(row: place, &state)
  }
  return []
}
