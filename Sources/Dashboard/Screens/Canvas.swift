package import TerminalUI
package import Themes

/// A frame being drawn: cells, the theme they are drawn in, and what a mouse would hit.
package struct Canvas {
  /// A rectangle and what a click in it means.
  package struct Hit: Hashable, Sendable {
    package let rect: Rect
    package let target: ClickTarget
  }

  package var buffer: CellBuffer
  package let theme: Theme
  package var hits: [Hit] = []
  /// Where the text cursor stands; nil for none.
  package var cursor: Point?

  package init(size: Size, theme: Theme) {
    self.theme = theme
    buffer = CellBuffer(size: size, style: theme[.text])
  }

  /// Writes text into a row of `rect`, from `column` of it on; what does not fit is elided.
  /// - Returns: the columns written.
  @discardableResult
  package mutating func write(
    _ text: String, in rect: Rect, row: Int, column: Int = 0, style: Style,
    elide: Elision = .tail
  ) -> Int {
    guard row >= 0, row < rect.rows, column < rect.columns else { return 0 }
    return buffer.write(
      text, at: Point(column: rect.left + column, row: rect.top + row), style: style,
      maxColumns: rect.columns - column, elide: elide)
  }

  /// Writes text so that it ends with the last column of `rect`.
  package mutating func writeRight(
    _ text: String, in rect: Rect, row: Int, style: Style
  ) {
    let columns = min(TextWidth.columns(of: text), rect.columns)
    write(text, in: rect, row: row, column: rect.columns - columns, style: style)
  }

  /// Writes pieces of differing style one after another; returns the column after the last.
  @discardableResult
  package mutating func write(
    _ pieces: [(text: String, style: Style)], in rect: Rect, row: Int, column: Int = 0
  ) -> Int {
    var column = column
    for piece in pieces {
      column += write(piece.text, in: rect, row: row, column: column, style: piece.style)
    }
    return column
  }

  /// The frame of a pane; focus shows in its border, and without colour in its glyphs.
  package mutating func pane(
    _ pane: Pane, in rect: Rect, focused: Bool, title: String, note: String = ""
  ) -> Rect {
    hits.append(Hit(rect: rect, target: .pane(pane)))
    return buffer.box(
      rect, border: focused ? theme.glyphs.borderFocus : theme.glyphs.border,
      style: theme[focused ? .borderFocus : .border],
      title: "\(pane.rawValue + 1) \(title)",
      titleStyle: theme[focused ? .titleFocus : .title], note: note, noteStyle: theme[.muted]
    ).inset(left: 1, right: 1)
  }

  /// A dialog in the middle of the screen; returns its inside.
  package mutating func dialog(
    title: String, columns: Int, rows: Int, note: String = ""
  ) -> Rect {
    let room = buffer.bounds.inset(bottom: 1)
    let rect = room.centered(Size(columns: columns + 4, rows: rows + 2))
    buffer.fill(rect, style: theme[.dialog])
    return buffer.box(
      rect, border: theme.glyphs.border, style: theme[.dialogBorder], title: title,
      titleStyle: theme[.dialogTitle], note: note, noteStyle: theme[.dialogBorder]
    ).inset(left: 1, right: 1)
  }

  /// Makes a row of `rect` a line that can be clicked.
  package mutating func offer(_ place: Int, in rect: Rect, row: Int) {
    let line = Rect(column: rect.left, row: rect.top + row, columns: rect.columns, rows: 1)
    hits.append(Hit(rect: line, target: .choice(place)))
  }

  /// What a click at `point` means; the thing drawn last is the one that is hit.
  package func target(at point: Point) -> ClickTarget? {
    hits.last { $0.rect.contains(point) }?.target
  }
}
