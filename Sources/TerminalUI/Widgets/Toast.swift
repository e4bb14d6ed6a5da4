package import Themes

/// A short message that lies over the screen for a while.
package struct Toast: Hashable, Sendable {
  /// What it says.
  package var text: String
  /// How it looks.
  package var style: Style

  /// A short message.
  package init(_ text: String, style: Style) {
    self.text = text
    self.style = style
  }

  /// Draws messages at the bottom right of a rectangle, the newest, which is the last, lowest.
  ///
  /// Each takes at most three rows and a half of the width; the oldest are left out when there is
  /// no room.
  /// - Returns: where each message is; its number is its place in `toasts`.
  @discardableResult
  package static func render(
    into buffer: inout CellBuffer, rect: Rect, toasts: [Toast], border: BorderGlyphs = .rounded
  ) -> HitMap<Int> {
    var hits = HitMap<Int>()
    let widest = min(rect.columns, max(24, rect.columns / 2))
    guard widest >= 8 else { return hits }
    var bottom = rect.bottom
    for (index, toast) in toasts.enumerated().reversed() {
      var lines = WordWrap.lines(toast.text, columns: widest - 4)
      if lines.count > 3 {
        lines[2] = TextWidth.elide(lines[2], to: widest - 5, .none) + "…"
        lines.removeSubrange(3...)
      }
      let columns = (lines.map { TextWidth.columns(of: $0) }.max() ?? 0) + 4
      let rows = lines.count + 2
      guard bottom - rows >= rect.top else { break }
      let area = Rect(
        column: rect.right - columns, row: bottom - rows, columns: columns, rows: rows)
      buffer.fill(area, style: toast.style)
      buffer.box(area, border: border, style: toast.style)
      for (row, line) in lines.enumerated() {
        buffer.write(
          line, at: Point(column: area.left + 2, row: area.top + 1 + row), style: toast.style)
      }
      hits.add(area, index)
      bottom = area.top
    }
    return hits
  }
}
