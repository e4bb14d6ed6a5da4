package import Themes

extension CellBuffer {
  /// Draws a frame along the edge of a rectangle, with titles set into its upper edge.
  ///
  /// Needs two columns and two rows; a smaller rectangle is left as it is.
  /// - Parameters:
  ///   - rect: the frame's outside.
  ///   - border: its glyphs.
  ///   - style: how the frame looks.
  ///   - title: set into the upper edge at the left, elided where it does not fit.
  ///   - titleStyle: how the title looks; like the frame when nil.
  ///   - note: set into the upper edge at the right, left out where both do not fit.
  ///   - noteStyle: how the note looks; like the frame when nil.
  /// - Returns: the rectangle inside the frame.
  @discardableResult
  package mutating func box(
    _ rect: Rect, border: BorderGlyphs = .rounded, style: Style, title: String = "",
    titleStyle: Style? = nil, note: String = "", noteStyle: Style? = nil
  ) -> Rect {
    guard rect.columns >= 2, rect.rows >= 2 else { return rect.inset(by: 1) }
    let (right, bottom) = (rect.right - 1, rect.bottom - 1)
    for column in (rect.left + 1)..<max(right, rect.left + 1) {
      put(glyph: border.horizontal, column: column, row: rect.top, style: style)
      put(glyph: border.horizontal, column: column, row: bottom, style: style)
    }
    for row in (rect.top + 1)..<max(bottom, rect.top + 1) {
      put(glyph: border.vertical, column: rect.left, row: row, style: style)
      put(glyph: border.vertical, column: right, row: row, style: style)
    }
    put(glyph: border.topLeft, column: rect.left, row: rect.top, style: style)
    put(glyph: border.topRight, column: right, row: rect.top, style: style)
    put(glyph: border.bottomLeft, column: rect.left, row: bottom, style: style)
    put(glyph: border.bottomRight, column: right, row: bottom, style: style)

    // A corner, a piece of edge and a blank stay free on each side.
    let room = rect.columns - 6
    guard room > 0 else { return rect.inset(by: 1) }
    var used = 0
    if !title.isEmpty {
      let shown = " \(TextWidth.elide(title, to: room)) "
      used = write(
        shown, at: Point(column: rect.left + 2, row: rect.top), style: titleStyle ?? style)
    }
    let noteColumns = TextWidth.columns(of: note)
    if noteColumns > 0, used + noteColumns + 3 <= room {
      write(
        " \(TextWidth.sanitize(note)) ",
        at: Point(column: rect.right - 4 - noteColumns, row: rect.top), style: noteStyle ?? style)
    }
    return rect.inset(by: 1)
  }
}
