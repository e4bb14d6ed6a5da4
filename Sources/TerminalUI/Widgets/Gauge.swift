package import Themes

/// A bar that fills from left to right.
package enum Gauge {
  /// Draws a bar along the first row of a rectangle, in steps of an eighth of a cell.
  /// - Parameters:
  ///   - value: the filled share; below 0 and NaN are empty, above 1 is full.
  ///   - filled: how the filled part looks; its foreground is what shows.
  ///   - empty: how the rest looks.
  ///   - glyphs: whole cells only, when they are ASCII.
  package static func render(
    into buffer: inout CellBuffer, rect: Rect, value: Double, filled: Style, empty: Style,
    glyphs: WidgetGlyphs = .unicode
  ) {
    guard !rect.isEmpty, let whole = glyphs.bars.last else { return }
    let share = value.isNaN ? 0 : min(max(value, 0), 1)
    let steps = glyphs.bars.count
    var eighths = Int((share * Double(rect.columns * steps)).rounded())
    // Something done is never shown as nothing, nor something left as nothing left.
    if share > 0 { eighths = max(1, eighths) }
    if share < 1 { eighths = min(rect.columns * steps - 1, eighths) }
    for column in 0..<rect.columns {
      let part = min(steps, max(0, eighths - column * steps))
      let glyph = part == steps ? whole : part == 0 ? glyphs.barTrack : glyphs.bars[part - 1]
      buffer.put(
        glyph, column: rect.left + column, row: rect.top, style: part == 0 ? empty : filled)
    }
  }
}
