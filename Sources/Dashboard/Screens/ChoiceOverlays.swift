import TerminalUI
import Themes

/// What the `:` line may become, above it.
struct PaletteOverlay {
  let state: State
  let keymap: Keymap
  let prompt: PalettePrompt

  func draw(_ canvas: inout Canvas) {
    let theme = canvas.theme
    let suggestions = Palette.suggestions(for: prompt.field.text, in: state)
    let bounds = canvas.buffer.bounds
    let isUnknown = Palette.isUnknown(prompt.field.text, in: state)
    let rows = min(isUnknown ? 1 : suggestions.count, 12, bounds.rows - 3)
    guard rows > 0 else { return }
    let rect = Rect(
      column: 0, row: bounds.rows - 1 - rows - 2, columns: min(84, bounds.columns),
      rows: rows + 2)
    canvas.buffer.fill(rect, style: theme[.dialog])
    let inside = canvas.buffer.box(
      rect, border: theme.glyphs.border, style: theme[.dialogBorder], title: "commands",
      titleStyle: theme[.dialogTitle], note: "Tab completes", noteStyle: theme[.dialogBorder])
    if isUnknown {
      canvas.write(
        "nothing matches; ? lists every command", in: inside, row: 0,
        style: theme[.muted].on(theme[.dialog].background))
      return
    }
    let items = suggestions.map { suggestion in
      let awaited = suggestion.awaited.map { " \($0)" } ?? ""
      let keys = keymap.keys(for: suggestion.command)
      let isWhole = suggestion.line == suggestion.command.rawValue
      return Menu.Item(
        suggestion.line + awaited, detail: suggestion.detail,
        key: isWhole ? keys.first.map(KeyName.short) ?? "" : "")
    }
    canvas.menu(items, selected: prompt.selected, found: prompt.field.text, in: inside)
  }
}

/// The themes, in a corner: the rest of the screen shows the one under the cursor.
struct ThemeOverlay {
  let state: State
  let prompt: ThemePrompt

  func draw(_ canvas: inout Canvas) {
    let items = prompt.names.map { name in
      Menu.Item(name, detail: detail(of: name))
    }
    canvas.cornerMenu(items, selected: prompt.selected, title: "theme", corner: .lowerRight)
  }

  private func detail(of name: String) -> String {
    if name == LookChoice.automatic { return "follows the terminal" }
    return ThemeLibrary.builtins.contains(name) ? "" : "yours"
  }
}

/// What can stand on an axis of the scatter plot, beside the plot, which shows the one under the
/// cursor; each with its rank correlation: which hyperparameter matters is seen at a glance.
struct AxisOverlay {
  let state: State
  let prompt: AxisPrompt

  func draw(_ canvas: inout Canvas) {
    let glyphs = canvas.theme.glyphs
    let items = prompt.choices.map { choice in
      Menu.Item(
        TextWidth.elide(choice.column.title, to: 16).rightPadded(to: 16),
        detail: choice.correlation.map { detail($0, glyphs) } ?? "–")
    }
    let other = TextWidth.elide(state.scatterColumn(on: prompt.axis.other).title, to: 12)
    canvas.cornerMenu(
      items, selected: prompt.selected,
      title: "\(prompt.axis == .x ? "across" : "upright") · Spearman with \(other)",
      corner: state.layout.arrangement == .single ? .lowerRight : .upperLeft)
  }

  private func detail(_ correlation: Double, _ glyphs: Glyphs) -> String {
    let bar = Bar.text(share: abs(correlation), columns: 10, glyphs)
    return "\(PlotText.signed(correlation, 2)) \(bar)"
  }
}

extension Canvas {
  enum Corner {
    case upperLeft
    case lowerRight
  }

  /// Draws a list to choose from in a corner, where the rest of the screen shows what is chosen.
  fileprivate mutating func cornerMenu(
    _ items: [Menu.Item], selected: Int, title: String, corner: Corner
  ) {
    let bounds = buffer.bounds
    let rows = min(items.count, bounds.rows - 5)
    let columns = min(44, bounds.columns - 4)
    let rect =
      corner == .upperLeft
      ? Rect(column: 2, row: 1, columns: columns, rows: rows + 2)
      : Rect(
        column: bounds.columns - columns - 2, row: bounds.rows - rows - 4, columns: columns,
        rows: rows + 2)
    buffer.fill(rect, style: theme[.dialog])
    let inside = buffer.box(
      rect, border: theme.glyphs.border, style: theme[.dialogBorder], title: title,
      titleStyle: theme[.dialogTitle], note: "Enter takes it · Esc",
      noteStyle: theme[.dialogBorder])
    menu(items, selected: selected, in: inside)
  }

  /// Draws a list to choose from, scrolled to what is chosen; each row can be clicked.
  mutating func menu(
    _ items: [Menu.Item], selected: Int, found: String = "", in rect: Rect
  ) {
    var viewport = Viewport()
    viewport.follow(cursor: selected, count: items.count, height: rect.rows)
    let drawn = Menu(
      items: items, cursor: selected, viewport: viewport, filter: TextFilter(found),
      look: theme.menuLook, glyphs: theme.glyphs
    ).render(into: &buffer, rect: rect)
    for region in drawn.regions {
      hits.append(Hit(rect: region.rect, target: .choice(region.payload)))
    }
  }
}
