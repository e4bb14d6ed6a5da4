package import Themes

/// A list of things to choose from, such as the command palette.
package struct Menu: Sendable {
  /// One thing to choose.
  package struct Item: Hashable, Sendable {
    /// What it is called; the words of a filter are looked for here.
    package var title: String
    /// What it does, or what it is now.
    package var detail: String
    /// The key that does the same.
    package var key: String

    /// One thing to choose.
    package init(_ title: String, detail: String = "", key: String = "") {
      self.title = title
      self.detail = detail
      self.key = key
    }
  }

  /// How a menu looks.
  package struct Look: Hashable, Sendable {
    /// The titles, the details and the keys.
    package var title, detail, key: Style
    /// The letters that a filter found.
    package var match: Style
    /// Laid over the row of the cursor.
    package var cursor: Style
    /// The scroll bar.
    package var thumb, track: Style

    /// How a menu looks.
    package init(
      title: Style, detail: Style, key: Style, match: Style, cursor: Style, thumb: Style,
      track: Style
    ) {
      self.title = title
      self.detail = detail
      self.key = key
      self.match = match
      self.cursor = cursor
      self.thumb = thumb
      self.track = track
    }
  }

  /// What there is to choose from, already filtered.
  package var items: [Item]
  /// The item under the cursor; nil for none.
  package var cursor: Int?
  /// Which items are shown.
  package var viewport: Viewport
  /// What was typed to find items, for showing why each is there.
  package var filter: TextFilter
  /// How it looks.
  package var look: Look
  /// The signs it draws.
  package var glyphs: Glyphs

  /// A list of things to choose from.
  package init(
    items: [Item], cursor: Int?, viewport: Viewport = Viewport(), filter: TextFilter = .init(""),
    look: Look, glyphs: Glyphs = .unicodeSet
  ) {
    self.items = items
    self.cursor = cursor
    self.viewport = viewport
    self.filter = filter
    self.look = look
    self.glyphs = glyphs
  }

  /// The numbers of the items that a filter lets pass, the better finds first: those found at the
  /// beginning of the title, then at the beginning of a word, then elsewhere, then in the detail.
  package static func filtered(_ items: [Item], by filter: TextFilter) -> [Int] {
    guard !filter.isEmpty else { return Array(items.indices) }
    let ranked = items.enumerated().compactMap { index, item -> (rank: Int, index: Int)? in
      guard let found = filter.matches(in: item.title) else {
        let all = "\(item.title) \(item.detail)"
        return filter.matches(in: all) == nil ? nil : (3, index)
      }
      let start = found.first?.lowerBound ?? 0
      if start == 0 { return (0, index) }
      let before = item.title.dropFirst(start - 1).first
      return (before?.isLetter == true ? 2 : 1, index)
    }
    return ranked.sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }.map(\.index)
  }

  /// Draws the visible items, one a row.
  /// - Returns: where each item is, by its place in `items`.
  @discardableResult
  package func render(into buffer: inout CellBuffer, rect: Rect) -> HitMap<Int> {
    var hits = HitMap<Int>()
    guard !rect.isEmpty else { return hits }
    buffer.fill(rect, style: look.title)
    let scrolls = items.count > rect.rows && rect.columns > 4
    let columns = scrolls ? rect.columns - 1 : rect.columns
    let visible = viewport.visible(count: items.count, height: rect.rows)
    let titles = visible.map { TextWidth.columns(of: items[$0].title) }.max() ?? 0
    for (offset, index) in visible.enumerated() {
      let line = Rect(column: rect.left, row: rect.top + offset, columns: columns, rows: 1)
      render(items[index], into: &buffer, line: line, titleColumns: titles)
      if index == cursor {
        buffer.restyle(line) { $0 = $0.overlaid(by: look.cursor) }
        buffer.put(
          glyph: glyphs.selectionBar, column: line.left, row: line.top,
          style: look.title.overlaid(by: look.cursor))
      }
      hits.add(line, index)
    }
    if scrolls {
      Scrollbar.render(
        into: &buffer,
        rect: Rect(column: rect.right - 1, row: rect.top, columns: 1, rows: rect.rows),
        first: visible.lowerBound, visible: rect.rows, count: items.count,
        thumbStyle: look.thumb, trackStyle: look.track, glyphs: glyphs)
    }
    return hits
  }

  private func render(
    _ item: Item, into buffer: inout CellBuffer, line: Rect, titleColumns: Int
  ) {
    let keyColumns = TextWidth.columns(of: item.key)
    let end = line.right - (keyColumns > 0 ? keyColumns + 2 : 1)
    let start = line.left + 2
    guard start < end else { return }
    let room = end - start
    let used = buffer.write(
      item.title, at: Point(column: start, row: line.top), style: look.title, maxColumns: room)
    if let found = filter.matches(in: item.title) {
      highlight(found, of: item.title, into: &buffer, at: start, row: line.top, columns: used)
    }
    let detail = start + min(max(used, titleColumns), room / 2 + 2) + 2
    if used < detail - start, detail < end {
      buffer.write(
        item.detail, at: Point(column: detail, row: line.top),
        style: look.detail, maxColumns: end - detail)
    }
    if keyColumns > 0 {
      buffer.write(
        item.key, at: Point(column: line.right - keyColumns - 1, row: line.top),
        style: look.key)
    }
  }

  private func highlight(
    _ ranges: [Range<Int>], of title: String, into buffer: inout CellBuffer, at start: Int,
    row: Int, columns: Int
  ) {
    let widths = title.map { TextWidth.columns(of: String($0)) }
    for range in ranges {
      let first = widths[..<range.lowerBound].reduce(0, +)
      let length = widths[range].reduce(0, +)
      guard first + length <= columns else { continue }
      buffer.restyle(Rect(column: start + first, row: row, columns: length, rows: 1)) {
        $0 = $0.overlaid(by: look.match)
      }
    }
  }
}
