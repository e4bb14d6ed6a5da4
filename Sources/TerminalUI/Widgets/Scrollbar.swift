package import Themes

/// Shows where in a long list the screen is.
package enum Scrollbar {
  /// The cells of the thumb within a track, and where it starts; nil when all rows are visible.
  /// - Parameters:
  ///   - height: the cells of the track.
  ///   - first: the first row shown.
  ///   - visible: the rows shown.
  ///   - count: the rows of the list.
  package static func thumb(
    height: Int, first: Int, visible: Int, count: Int
  ) -> Range<Int>? {
    guard height > 0, visible > 0, count > visible else { return nil }
    let length = max(1, min(height, height * visible / count))
    let last = count - visible
    let place = min(max(0, first), last)
    // The ends are kept for the ends of the list: between them the thumb touches neither.
    var start = ((height - length) * place + last / 2) / last
    if height - length >= 2 {
      if place > 0 { start = max(1, start) }
      if place < last { start = min(height - length - 1, start) }
    }
    return start..<(start + length)
  }

  /// Draws a bar along the first column of a rectangle; nothing when all rows are visible.
  package static func render(
    into buffer: inout CellBuffer, rect: Rect, first: Int, visible: Int, count: Int,
    thumbStyle: Style, trackStyle: Style, glyphs: Glyphs = .unicodeSet
  ) {
    guard
      let thumb = thumb(height: rect.rows, first: first, visible: visible, count: count)
    else { return }
    for offset in 0..<rect.rows {
      let isThumb = thumb.contains(offset)
      buffer.put(
        glyph: isThumb ? glyphs.scrollThumb : glyphs.scrollTrack, column: rect.left,
        row: rect.top + offset,
        style: isThumb ? thumbStyle : trackStyle)
    }
  }
}
