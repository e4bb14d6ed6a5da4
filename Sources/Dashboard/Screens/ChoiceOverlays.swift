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
    let rows = min(suggestions.count, 12, bounds.rows - 3)
    guard rows > 0 else { return }
    let rect = Rect(
      column: 0, row: bounds.rows - 1 - rows - 2, columns: min(84, bounds.columns),
      rows: rows + 2)
    canvas.buffer.fill(rect, style: theme[.dialog])
    let inside = canvas.buffer.box(
      rect, border: theme.glyphs.border, style: theme[.dialogBorder], title: "commands",
      titleStyle: theme[.dialogTitle], note: "Tab completes", noteStyle: theme[.dialogBorder])
    let items = suggestions.map { suggestion in
      let argument = suggestion.isComplete ? "" : suggestion.command.argumentName.map { " \($0)" }
      let keys = keymap.keys(for: suggestion.command)
      let isWhole = suggestion.line == suggestion.command.rawValue
      return Menu.Item(
        suggestion.line + (argument ?? ""), detail: suggestion.detail,
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
    let theme = canvas.theme
    let bounds = canvas.buffer.bounds
    let rows = min(prompt.names.count, bounds.rows - 5)
    let columns = min(44, bounds.columns - 4)
    let rect = Rect(
      column: bounds.columns - columns - 2, row: bounds.rows - rows - 4, columns: columns,
      rows: rows + 2)
    canvas.buffer.fill(rect, style: theme[.dialog])
    let inside = canvas.buffer.box(
      rect, border: theme.glyphs.border, style: theme[.dialogBorder], title: "theme",
      titleStyle: theme[.dialogTitle], note: "Enter takes it · Esc",
      noteStyle: theme[.dialogBorder])
    let items = prompt.names.map { name in
      Menu.Item(name, detail: detail(of: name))
    }
    canvas.menu(items, selected: prompt.selected, in: inside)
  }

  private func detail(of name: String) -> String {
    if name == LookChoice.automatic { return "follows the terminal" }
    return ThemeLibrary.builtins.contains(name) ? "" : "yours"
  }
}

extension Canvas {
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
