import Recipes
import TerminalUI
import Themes

/// A recipe's options, one a row, with what it will cost as they stand.
struct RecipeFormOverlay {
  let state: State
  let form: RecipeForm

  private static let labelColumns = 23

  func draw(_ canvas: inout Canvas) {
    let options = form.options
    let size = canvas.buffer.size
    let shown = max(1, min(options.count, size.rows - 9))
    let first = min(max(0, form.selected - shown / 2), options.count - shown)
    let inside = canvas.dialog(
      title: form.spec.recipe.rawValue, columns: min(84, size.columns - 6), rows: shown + 5,
      note: form.typed == nil ? "Enter starts · ←→ change · Esc" : "Enter takes it · Esc")
    let theme = canvas.theme
    let background = theme[.dialog].background
    let wanted = isNarrow(inside) ? mistake : nil
    canvas.write(
      wanted ?? form.spec.recipe.summary, in: inside, row: 0,
      style: theme[wanted == nil ? .muted : .error].on(background))
    for row in 0..<shown {
      draw(
        &canvas, options[first + row], isSelected: first + row == form.selected, in: inside,
        row: row + 2)
      canvas.offer(first + row, in: inside, row: row + 2)
    }
    if shown < options.count {
      canvas.writeRight(
        "\(first + shown) of \(options.count)", in: inside, row: shown + 2,
        style: theme[.muted].on(background))
    }
    drawCost(&canvas, in: inside, row: shown + 3)
  }

  /// What could be typed in place of what is; nil when that is understood.
  private var mistake: String? {
    form.typed != nil && form.isMistaken ? form.options[form.selected].wanted : nil
  }

  /// Whether there is no room for hints beside the options.
  private func isNarrow(_ inside: Rect) -> Bool { inside.columns < Self.labelColumns + 38 }

  private func draw(
    _ canvas: inout Canvas, _ option: RecipeOption, isSelected: Bool, in inside: Rect, row: Int
  ) {
    let theme = canvas.theme
    let base = isSelected ? theme[.selection] : theme[.dialog]
    let line = Rect(column: inside.left, row: inside.top + row, columns: inside.columns, rows: 1)
    canvas.buffer.fill(line, style: base)
    let bar = isSelected ? String(theme.glyphs.selectionBar) : " "
    canvas.write(
      "\(bar)\(option.label)", in: line, row: 0,
      style: isSelected ? base : theme[.muted].on(base.background))
    if isSelected, let field = form.typed {
      let rest = line.inset(left: Self.labelColumns + 2)
      let place = rest.inset(right: max(0, rest.columns - 14))
      canvas.cursor = TextField.render(
        into: &canvas.buffer, rect: place, editor: field, placeholder: "default",
        look: TextField.Look(
          prompt: theme[.keyHint], text: form.isMistaken ? theme[.error] : theme[.input],
          placeholder: theme[.placeholder]))
    } else {
      let isSet = option.text(form.spec) != option.text(RecipeSpec(form.spec.recipe))
      let style = isSelected ? base : isSet ? theme[.accent].on(base.background) : base
      let (left, right) =
        isSelected && !option.isTyped
        ? theme.glyphs.unicode ? ("‹ ", " ›") : ("< ", " >") : ("  ", "")
      canvas.write(
        [(left, base), (option.text(form.spec), style.adding(.bold)), (right, base)], in: line,
        row: 0, column: Self.labelColumns)
    }
    guard !isNarrow(inside) else { return }
    let wanted = isSelected ? mistake : nil
    canvas.write(
      wanted ?? option.hint(form.spec), in: line, row: 0, column: Self.labelColumns + 18,
      style: wanted != nil
        ? theme[.error].on(base.background) : isSelected ? base : theme[.muted].on(base.background))
  }

  private func drawCost(_ canvas: inout Canvas, in inside: Rect, row: Int) {
    let theme = canvas.theme
    let background = theme[.dialog].background
    let cost = state.cost(of: form)
    canvas.write(
      [
        ("\(cost.evaluations)", theme[.text].on(background).adding(.bold)),
        (" evaluations of \(state.selectionSplit)", theme[.text].on(background)),
        (
          (cost.detail.map { " \($0)" } ?? " at most") + "; known ones cost nothing",
          theme[.muted].on(background)
        ),
      ], in: inside, row: row)
    let reported = state.splits.dropFirst().joined(separator: ", ")
    let text =
      "selects on \(state.selectionSplit), "
      + (reported.isEmpty ? "reports nothing else" : "reports \(reported)")
    canvas.write(text, in: inside, row: row + 1, style: theme[.muted].on(background))
  }
}
