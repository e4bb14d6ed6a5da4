import Foundation
import Recipes
import TerminalUI
import Themes

/// What lies over the panes: help, menus, dialogs, the message log.
struct Overlays {
  let state: State
  let keymap: Keymap

  func draw(_ canvas: inout Canvas) {
    switch state.modes.last {
    case .help(let scroll): drawHelp(&canvas, scroll: scroll)
    case .palette(let prompt): drawPalette(&canvas, prompt)
    case .recipes(let selected): drawRecipes(&canvas, selected: selected)
    case .confirm(let confirmation): drawConfirmation(&canvas, confirmation)
    case .export(let field): drawExport(&canvas, field)
    case .sheet(let sheet): SheetView(state: state).draw(sheet, &canvas)
    case .filter, nil: break
    }
  }

  // MARK: Help

  private func drawHelp(_ canvas: inout Canvas, scroll: Int) {
    let lines = helpLines(canvas.theme)
    let size = canvas.buffer.size
    let isWide = size.columns >= 124
    let perColumn = isWide ? (lines.count + 1) / 2 : lines.count
    let rows = min(perColumn, size.rows - 5)
    let inside = canvas.dialog(
      title: "Help", columns: min(isWide ? 116 : 60, size.columns - 6), rows: rows,
      note: "Esc closes")
    let first = min(scroll, max(0, perColumn - rows))
    for row in 0..<rows {
      draw(&canvas, lines, at: first + row, limit: perColumn, in: inside, row: row, column: 0)
      if isWide {
        draw(
          &canvas, lines, at: perColumn + first + row, limit: lines.count, in: inside, row: row,
          column: 59)
      }
    }
    if perColumn > rows {
      canvas.writeRight(
        "\(first + rows)/\(perColumn)", in: inside, row: rows - 1, style: canvas.theme[.muted])
    }
  }

  private func draw(
    _ canvas: inout Canvas, _ lines: [[(text: String, style: Style)]], at place: Int,
    limit: Int, in inside: Rect, row: Int, column: Int
  ) {
    guard place < limit, lines.indices.contains(place) else { return }
    let background = canvas.theme[.dialog].background
    canvas.write(
      lines[place].map { ($0.text, $0.style.on(background)) }, in: inside, row: row,
      column: column)
  }

  /// Generated from the bindings, so that it cannot be wrong about them.
  private func helpLines(_ theme: Theme) -> [[(text: String, style: Style)]] {
    var lines: [[(text: String, style: Style)]] = []
    for section in Command.Section.allCases {
      if !lines.isEmpty { lines.append([]) }
      lines.append([(section.rawValue, theme[.dialogTitle])])
      for command in Command.allCases where command.section == section {
        let keys = keymap.keys(for: command).map(KeyName.short).joined(separator: " ")
        let shown = keys.isEmpty ? ":\(command.rawValue)" : keys
        lines.append([
          ("  " + shown.rightPadded(to: 16), theme[.keyHint]), (command.summary, theme[.text]),
        ])
      }
    }
    return lines
  }

  // MARK: Palette

  private func drawPalette(_ canvas: inout Canvas, _ prompt: PalettePrompt) {
    let theme = canvas.theme
    let suggestions = Palette.suggestions(for: prompt.field.text)
    let bounds = canvas.buffer.bounds
    let rows = min(suggestions.count, 10, bounds.rows - 3)
    guard rows > 0 else { return }
    let width = min(72, bounds.columns)
    let rect = Rect(column: 0, row: bounds.rows - 1 - rows - 2, columns: width, rows: rows + 2)
    canvas.buffer.fill(rect, style: theme[.dialog])
    let inside = canvas.buffer.box(
      rect, border: theme.glyphs.border, style: theme[.dialogBorder], title: "commands",
      titleStyle: theme[.dialogTitle], note: "Tab completes", noteStyle: theme[.dialogBorder]
    ).inset(left: 1, right: 1)
    let first = min(max(0, prompt.selected - rows / 2), max(0, suggestions.count - rows))
    for row in 0..<rows {
      let command = suggestions[first + row]
      let isSelected = first + row == prompt.selected
      let name = command.rawValue + (command.argumentName.map { " \($0)" } ?? "")
      drawChoice(
        &canvas, name, detail: command.summary, nameColumns: 20, isSelected: isSelected,
        in: inside, row: row)
    }
  }

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

  // MARK: Recipes

  private func drawRecipes(_ canvas: inout Canvas, selected: Int) {
    let theme = canvas.theme
    // As many as fit, the selected one among them.
    let shown = max(1, min(recipeMenu.count, canvas.buffer.size.rows - 8))
    let first = max(0, selected - shown + 1)
    let inside = canvas.dialog(
      title: "Start a recipe", columns: min(78, canvas.buffer.size.columns - 6),
      rows: shown + 3, note: "Enter starts · Esc closes")
    for (row, recipe) in recipeMenu[first..<first + shown].enumerated() {
      drawChoice(
        &canvas, recipe.rawValue, detail: recipe.summary, nameColumns: 19,
        isSelected: first + row == selected, in: inside, row: row)
    }
    let reported = state.splits.dropFirst().joined(separator: ", ")
    let muted = theme[.muted].on(theme[.dialog].background)
    canvas.write(
      "\(state.table.ingredients.count) candidates · selects on \(state.selectionSplit)",
      in: inside, row: shown + 1, style: muted)
    canvas.write(
      reported.isEmpty ? "reports nothing else" : "reports \(reported)", in: inside,
      row: shown + 2, style: muted)
  }

  // MARK: Questions

  private func drawConfirmation(_ canvas: inout Canvas, _ confirmation: Confirmation) {
    let theme = canvas.theme
    let widest = confirmation.lines.map { TextWidth.columns(of: $0) }.max() ?? 0
    let width = min(max(widest, 40), canvas.buffer.size.columns - 6)
    let inside = canvas.dialog(
      title: confirmation.title, columns: width, rows: confirmation.lines.count + 2)
    for (row, line) in confirmation.lines.enumerated() {
      canvas.write(line, in: inside, row: row, style: theme[.dialog])
    }
    var column = 0
    for (place, choice) in confirmation.choices.enumerated() {
      let isSelected = place == confirmation.selected
      column += canvas.write(
        isSelected ? "[ \(choice.label) ]" : "  \(choice.label)  ", in: inside,
        row: inside.rows - 1, column: column,
        style: theme[isSelected ? .buttonFocus : .button])
      column += 1
    }
  }

  private func drawExport(_ canvas: inout Canvas, _ field: LineEditor) {
    let theme = canvas.theme
    let inside = canvas.dialog(
      title: "Write the soup to", columns: min(76, canvas.buffer.size.columns - 6), rows: 3,
      note: "Enter writes · Esc closes")
    canvas.cursor = TextField.render(
      into: &canvas.buffer, rect: inside.cutTop(1).cut, editor: field,
      placeholder: "soup.safetensors",
      look: TextField.Look(
        prompt: theme[.keyHint], text: theme[.input], placeholder: theme[.placeholder]))
    let source: String
    switch exportSource(state) {
    case .handPicked(let members, _)?: source = "\(members.count) hand-picked ingredients"
    case .job(let id)?: source = "the soup of job #\(id)"
    case nil: source = ""
    }
    canvas.write(
      "\(source), with its provenance beside it as .soup.json", in: inside, row: 2,
      style: theme[.muted].on(theme[.dialog].background))
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
    case .best: "every ingredient alone"
    case .ensemble: "averaged logits of everything: what a soup stands in for"
    case .greedyEnsemble: "the greedy rule over averaged logits"
    case .handPicked: "exactly the ingredients chosen"
    }
  }
}
