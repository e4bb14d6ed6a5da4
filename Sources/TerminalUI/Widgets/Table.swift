package import Themes

/// A list in columns, of which only the visible rows are ever asked for.
package struct Table: Sendable {
  /// What a part of a drawn table means.
  package enum Hit: Hashable, Sendable {
    /// The title of a column.
    case header(column: Int)
    /// A row.
    case row(Int)
    /// A place on the scroll bar: the first row that it would show.
    case scrollBar(first: Int)
  }

  /// How a table looks.
  package struct Look: Hashable, Sendable {
    /// The titles, and the title of the column by which the table is sorted.
    package var header, sorted: Style
    /// The rows.
    package var text: Style
    /// Laid over the row of the cursor, with the focus and without.
    package var cursor, cursorUnfocused: Style
    /// The bar under a cell with a share.
    package var bar: Style
    /// The scroll bar.
    package var thumb, track: Style

    /// How a table looks.
    package init(
      header: Style, sorted: Style, text: Style, cursor: Style, cursorUnfocused: Style,
      bar: Style, thumb: Style, track: Style
    ) {
      self.header = header
      self.sorted = sorted
      self.text = text
      self.cursor = cursor
      self.cursorUnfocused = cursorUnfocused
      self.bar = bar
      self.thumb = thumb
      self.track = track
    }
  }

  /// The columns, from left to right.
  package var columns: [TableColumn]
  /// The rows that there are.
  package var rowCount: Int
  /// The row of the cursor; nil for none.
  package var cursor: Int?
  /// Which rows are shown; see `Viewport.follow`.
  package var viewport: Viewport
  /// Whether keys go to this table.
  package var isFocused = true
  /// Whether the first row on the screen is that of the titles.
  package var hasHeader = true
  /// Columns of the screen between two columns of the table.
  package var gap = 1
  /// How it looks.
  package var look: Look
  /// The signs it draws.
  package var glyphs: WidgetGlyphs

  /// A list in columns.
  package init(
    columns: [TableColumn], rowCount: Int, cursor: Int?, viewport: Viewport, look: Look,
    glyphs: WidgetGlyphs = .unicode
  ) {
    self.columns = columns
    self.rowCount = rowCount
    self.cursor = cursor
    self.viewport = viewport
    self.look = look
    self.glyphs = glyphs
  }

  /// The columns of the screen before the first column: the cursor's sign and the row's mark.
  private static let gutter = 3

  /// The rows that fit in a rectangle of that height.
  package func visibleRows(height: Int) -> Int { max(0, height - (hasHeader ? 1 : 0)) }

  /// Draws the table.
  /// - Parameter row: gives a row; asked only for those that are visible.
  /// - Returns: where the titles, the rows and the scroll bar are.
  /// - Complexity: O(visible cells), whatever the number of rows.
  @discardableResult
  package func render(
    into buffer: inout CellBuffer, rect: Rect, row: (Int) -> TableRow
  ) -> HitMap<Hit> {
    var hits = HitMap<Hit>()
    guard !rect.isEmpty else { return hits }
    buffer.fill(rect, style: look.text)
    let header = rect.cutTop(hasHeader ? 1 : 0)
    let body = header.rest
    let scrolls = rowCount > body.rows && rect.columns > Self.gutter + 1
    let content = scrolls ? rect.columns - 1 : rect.columns
    // A blank stands between the last column and the scroll bar.
    let room = max(0, content - Self.gutter - (scrolls ? 1 : 0))
    let places = TableColumn.layout(columns, in: room, gap: gap).map {
      $0.map {
        ($0.lowerBound + rect.left + Self.gutter)..<($0.upperBound + rect.left + Self.gutter)
      }
    }
    if hasHeader { renderHeader(into: &buffer, row: rect.top, places: places, hits: &hits) }

    let visible = viewport.visible(count: rowCount, height: body.rows)
    for (offset, index) in visible.enumerated() {
      let line = Rect(column: rect.left, row: body.top + offset, columns: content, rows: 1)
      render(row(index), at: index, into: &buffer, line: line, places: places)
      hits.add(line, .row(index))
    }
    if scrolls {
      let bar = Rect(column: rect.right - 1, row: body.top, columns: 1, rows: body.rows)
      Scrollbar.render(
        into: &buffer, rect: bar, first: visible.lowerBound, visible: body.rows,
        count: rowCount, thumbStyle: look.thumb, trackStyle: look.track, glyphs: glyphs)
      for offset in 0..<bar.rows {
        let first = Scrollbar.first(
          atOffset: offset, height: bar.rows, visible: body.rows, count: rowCount)
        hits.add(
          Rect(column: bar.left, row: bar.top + offset, columns: 1, rows: 1),
          .scrollBar(first: first))
      }
    }
    return hits
  }

  private func renderHeader(
    into buffer: inout CellBuffer, row: Int, places: [Range<Int>?], hits: inout HitMap<Hit>
  ) {
    for (index, column) in columns.enumerated() {
      guard let place = places[index] else { continue }
      let style = column.order == nil ? look.header : look.sorted
      var room = place.count
      if let order = column.order, room > 1 {
        room -= 1
        let title = TextWidth.elide(column.title, to: room)
        let start = Self.start(of: TextWidth.columns(of: title), in: room, column.alignment)
        let point = Point(column: place.lowerBound + start, row: row)
        let used = buffer.write(title, at: point, style: style)
        buffer.put(
          order == .ascending ? glyphs.ascending : glyphs.descending,
          column: point.column + used, row: row, style: style)
      } else {
        let title = TextWidth.elide(column.title, to: room)
        let start = Self.start(of: TextWidth.columns(of: title), in: room, column.alignment)
        buffer.write(title, at: Point(column: place.lowerBound + start, row: row), style: style)
      }
      hits.add(
        Rect(column: place.lowerBound, row: row, columns: place.count, rows: 1),
        .header(column: index))
    }
  }

  private func render(
    _ row: TableRow, at index: Int, into buffer: inout CellBuffer, line: Rect,
    places: [Range<Int>?]
  ) {
    let isCursor = index == cursor
    let overlay = isFocused ? look.cursor : look.cursorUnfocused
    func shown(_ style: Style) -> Style { isCursor ? style.overlaid(by: overlay) : style }
    let base = row.style ?? look.text
    buffer.fill(line, style: shown(base))
    if isCursor, line.columns > 0 {
      buffer.put(glyphs.cursor, column: line.left, row: line.top, style: shown(base))
    }
    if let mark = row.mark, line.columns > 1 {
      buffer.put(mark, column: line.left + 1, row: line.top, style: shown(row.markStyle ?? base))
    }
    for (cell, (column, place)) in zip(row.cells, zip(columns, places)) {
      guard let place else { continue }
      let style = shown(cell.style ?? base)
      let text = TextWidth.elide(cell.text, to: place.count, column.elision)
      let start = Self.start(of: TextWidth.columns(of: text), in: place.count, column.alignment)
      buffer.write(
        text, at: Point(column: place.lowerBound + start, row: line.top), style: style)
      if let share = cell.bar, share > 0 {
        let length = min(place.count, Int((min(share, 1) * Double(place.count)).rounded()))
        let bar = Rect(column: place.lowerBound, row: line.top, columns: length, rows: 1)
        buffer.restyle(bar) { $0 = $0.overlaid(by: look.bar) }
      }
    }
  }

  private static func start(
    of columns: Int, in room: Int, _ alignment: TableColumn.Alignment
  ) -> Int {
    switch alignment {
    case .left: 0
    case .right: max(0, room - columns)
    case .center: max(0, (room - columns) / 2)
    }
  }
}
