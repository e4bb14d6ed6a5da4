package import Themes

/// Titles in a row, one of which is chosen.
package enum Tabs {
  /// How tabs look.
  package struct Look: Hashable, Sendable {
    /// The chosen one, and the others.
    package var selected, other: Style

    /// How tabs look.
    package init(selected: Style, other: Style) {
      self.selected = selected
      self.other = other
    }
  }

  /// Draws the titles along the first row of a rectangle.
  ///
  /// The chosen one stands in brackets, so that it is seen without colour, and is always shown;
  /// the titles around it are shown as far as they fit.
  /// - Returns: where each title is; its number is its place in `titles`.
  @discardableResult
  package static func render(
    into buffer: inout CellBuffer, rect: Rect, titles: [String], selected: Int, look: Look
  ) -> HitMap<Int> {
    var hits = HitMap<Int>()
    guard !rect.isEmpty, titles.indices.contains(selected) else { return hits }
    let widths = titles.map { TextWidth.columns(of: $0) + 2 }
    var shown = selected..<(selected + 1)
    var used = widths[selected]
    // Grows to the left first, so that the beginning is shown where all fits.
    while shown.lowerBound > 0, used + widths[shown.lowerBound - 1] <= rect.columns {
      used += widths[shown.lowerBound - 1]
      shown = (shown.lowerBound - 1)..<shown.upperBound
    }
    while shown.upperBound < titles.count, used + widths[shown.upperBound] <= rect.columns {
      used += widths[shown.upperBound]
      shown = shown.lowerBound..<(shown.upperBound + 1)
    }
    var column = rect.left
    for index in shown {
      let room = min(widths[index], rect.right - column)
      let title = TextWidth.elide(titles[index], to: room - 2)
      let text = index == selected ? "[\(title)]" : " \(title) "
      buffer.write(
        text, at: Point(column: column, row: rect.top),
        style: index == selected ? look.selected : look.other, maxColumns: room, elide: .none)
      hits.add(Rect(column: column, row: rect.top, columns: room, rows: 1), index)
      column += room
    }
    return hits
  }
}
