import Averaging
import Foundation
import Kitchen
import Recipes
import Sweeps
import TerminalUI
import Themes

/// What lies over the panes: help, menus, dialogs, the message log.
struct Overlays {
  let state: State
  let keymap: Keymap

  func draw(_ canvas: inout Canvas) {
    switch state.modes.last {
    case .help(let prompt):
      HelpOverlay(keymap: keymap, prompt: prompt, size: state.size).draw(&canvas)
    case .palette(let prompt):
      PaletteOverlay(state: state, keymap: keymap, prompt: prompt).draw(&canvas)
    case .themes(let prompt): ThemeOverlay(state: state, prompt: prompt).draw(&canvas)
    case .axis(let prompt): AxisOverlay(state: state, prompt: prompt).draw(&canvas)
    case .recipes(let selected): drawRecipes(&canvas, selected: selected)
    case .recipeForm(let form): RecipeFormOverlay(state: state, form: form).draw(&canvas)
    case .comparison(let selected):
      ComparisonScreen(state: state, selected: selected).draw(&canvas)
    case .confirm(let confirmation): drawConfirmation(&canvas, confirmation)
    case .export(let field): drawExport(&canvas, field)
    case .sheet(let sheet): SheetView(state: state).draw(sheet, &canvas)
    case .filter, nil: break
    }
  }

  // MARK: Recipes

  private func drawChoice(
    _ canvas: inout Canvas, _ name: String, detail: String, nameColumns: Int, isSelected: Bool,
    in inside: Rect, row: Int
  ) {
    let theme = canvas.theme
    let base = isSelected ? theme[.selection] : theme[.dialog]
    canvas.buffer.fill(
      Rect(column: inside.left, row: inside.top + row, columns: inside.columns, rows: 1),
      style: base)
    let bar = isSelected ? String(theme.glyphs.selectionBar) : " "
    canvas.write(
      [
        (bar, base), (name.rightPadded(to: nameColumns), base.adding(.bold)),
        (detail, isSelected ? base : theme[.muted].on(base.background)),
      ], in: inside, row: row)
  }

  private func drawRecipes(_ canvas: inout Canvas, selected: Int) {
    let theme = canvas.theme
    // As many as fit, the selected one among them.
    let shown = max(1, min(recipeMenu.count, canvas.buffer.size.rows - 8))
    let first = max(0, selected - shown + 1)
    let inside = canvas.dialog(
      title: "Start a recipe", columns: min(78, canvas.buffer.size.columns - 6),
      rows: shown + 3, note: "Enter sets options · s starts · Esc")
    for (row, recipe) in recipeMenu[first..<first + shown].enumerated() {
      drawChoice(
        &canvas, recipe.rawValue, detail: state.obstacle(to: recipe) ?? recipe.summary,
        nameColumns: 19,
        isSelected: first + row == selected, in: inside, row: row)
      canvas.offer(first + row, in: inside, row: row)
    }
    let reported = state.splits.dropFirst().joined(separator: ", ")
    let muted = theme[.muted].on(theme[.dialog].background)
    let (usable, all) = (state.table.mixable, state.table.ingredients.count)
    canvas.write(
      "\(usable == all ? "" : "\(usable) of ")\(all) candidates · selects on \(state.selectionSplit)",
      in: inside, row: shown + 1, style: muted)
    canvas.write(
      reported.isEmpty ? "reports nothing else" : "reports \(reported)", in: inside,
      row: shown + 2, style: muted)
  }

  // MARK: Questions

  private func drawConfirmation(_ canvas: inout Canvas, _ confirmation: Confirmation) {
    let drawn = Dialog(
      title: confirmation.title, body: confirmation.lines.map { Dialog.Paragraph($0) },
      buttons: confirmation.choices.map(\.label), selected: confirmation.selected,
      look: canvas.theme.dialogLook
    ).render(into: &canvas.buffer, rect: canvas.buffer.bounds.inset(bottom: 1))
    for region in drawn.hits.regions {
      canvas.hits.append(Canvas.Hit(rect: region.rect, target: .choice(region.payload)))
    }
  }

  private func drawExport(_ canvas: inout Canvas, _ field: LineEditor) {
    let theme = canvas.theme
    let inside = canvas.dialog(
      title: "Write the soup to", columns: min(76, canvas.buffer.size.columns - 6), rows: 5,
      note: "Enter reviews · Esc closes")
    canvas.cursor = TextField.render(
      into: &canvas.buffer, rect: inside.cutTop(1).cut, editor: field,
      placeholder: "soup.safetensors",
      look: theme.fieldLook)
    let source: String
    let members: [String]
    switch exportSource(state) {
    case .success(.handPicked(let names, _)): (source, members) = ("Hand-picked", names)
    case .success(.job(let id)):
      members = state.jobs.first { $0.id == id }?.result?.blend.ingredients ?? []
      source = "Job #\(id)"
    case .failure: (source, members) = ("", [])
    }
    let style = theme[.muted].on(theme[.dialog].background)
    let lines = [
      "\(source), \(members.count) of \(state.sweep.ingredients.count): "
        + members.joined(separator: " "),
      "A name in .safetensors, .pt or .bin; with / at its end a folder.",
      "Where it came from goes beside it as .soup.json.",
    ]
    for (row, line) in lines.enumerated() {
      canvas.write(line, in: inside, row: row + 2, style: style)
    }
  }
}

extension RecipeSpec.Name {
  /// What the recipe does, in one line.
  var summary: String {
    switch self {
    case .greedy: "best first, keep what does not hurt (paper's Recipe 1)"
    case .uniform: "the average of everything"
    case .learned: "weights learned on val, by gradients or by linearisation"
    case .learnedByLayer: "weights learned for every tensor, by gradients"
    case .linearisedSearch: "sets searched on predictions, the best ones evaluated"
    case .wiseFT: "between the initialisation and the best ingredient"
    case .modelStock: "the average, pulled to the initialisation by angles"
    case .radin: "sets ranked by their ensembles, the best ones evaluated"
    case .pruned: "start from everything, drop what is not missed"
    case .best: "measure every ingredient alone; the best is the result"
    case .ensemble: "averaged logits of everything: what a soup stands in for"
    case .greedyEnsemble: "the greedy rule over averaged logits"
    case .handPicked: "exactly the ingredients chosen"
    }
  }
}
