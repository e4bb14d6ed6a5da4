/// An extent on the screen, in character cells; never negative.
package struct Size: Hashable, Sendable {
  /// Cells from left to right.
  package var columns: Int
  /// Cells from top to bottom.
  package var rows: Int

  /// An extent; negative lengths become zero.
  package init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
  }

  /// No cells at all.
  package static let zero = Size(columns: 0, rows: 0)

  /// Whether there is no cell in it.
  package var isEmpty: Bool { columns == 0 || rows == 0 }
}

/// A place on the screen; (0, 0) is the cell at the top left.
package struct Point: Hashable, Sendable {
  /// Cells from the left edge.
  package var column: Int
  /// Cells from the top edge.
  package var row: Int

  /// A place, which may lie off the screen.
  package init(column: Int, row: Int) {
    self.column = column
    self.row = row
  }

  /// The cell at the top left.
  package static let zero = Point(column: 0, row: 0)
}

/// The direction in which a rectangle is split.
package enum Axis: Hashable, Sendable {
  /// Side by side, from left to right.
  case horizontal
  /// One above another, from top to bottom.
  case vertical
}

/// A rectangle of cells.
package struct Rect: Hashable, Sendable {
  /// The cell at its top left.
  package var origin: Point
  /// How far it extends.
  package var size: Size

  /// The rectangle of that size whose top left cell is `origin`.
  package init(origin: Point, size: Size) {
    self.origin = origin
    self.size = size
  }

  /// The rectangle at that place; negative lengths become zero.
  package init(column: Int, row: Int, columns: Int, rows: Int) {
    self.init(
      origin: Point(column: column, row: row), size: Size(columns: columns, rows: rows))
  }

  /// The rectangle that covers a whole screen of that size.
  package init(_ size: Size) {
    self.init(origin: .zero, size: size)
  }

  /// No cells, at the top left.
  package static let zero = Rect(.zero)

  /// The leftmost column.
  package var left: Int { origin.column }
  /// The topmost row.
  package var top: Int { origin.row }
  /// The first column to the right of the rectangle.
  package var right: Int { origin.column + size.columns }
  /// The first row below the rectangle.
  package var bottom: Int { origin.row + size.rows }
  /// Cells from left to right.
  package var columns: Int { size.columns }
  /// Cells from top to bottom.
  package var rows: Int { size.rows }
  /// Whether there is no cell in it.
  package var isEmpty: Bool { size.isEmpty }

  /// Whether a cell lies in it.
  package func contains(_ point: Point) -> Bool {
    point.column >= left && point.column < right && point.row >= top && point.row < bottom
  }

  /// Whether every cell of another rectangle lies in it; the empty rectangle always does.
  package func contains(_ other: Rect) -> Bool {
    other.isEmpty
      || (other.left >= left && other.right <= right && other.top >= top && other.bottom <= bottom)
  }

  /// The cells that both rectangles hold; empty where they do not meet.
  package func intersection(_ other: Rect) -> Rect {
    let column = max(left, other.left)
    let row = max(top, other.top)
    return Rect(
      column: column, row: row, columns: min(right, other.right) - column,
      rows: min(bottom, other.bottom) - row)
  }

  /// The rectangle without a margin on each side; empty when the margins meet.
  package func inset(top: Int = 0, left: Int = 0, bottom: Int = 0, right: Int = 0) -> Rect {
    let column = min(origin.column + left, max(self.right, self.left))
    let row = min(origin.row + top, max(self.bottom, self.top))
    return Rect(
      column: column, row: row, columns: size.columns - left - right,
      rows: size.rows - top - bottom)
  }

  /// The rectangle without the same margin on all four sides.
  package func inset(by margin: Int) -> Rect {
    inset(top: margin, left: margin, bottom: margin, right: margin)
  }

  /// The first `count` rows, and what is left below them.
  package func cutTop(_ count: Int) -> (cut: Rect, rest: Rect) {
    let taken = min(max(0, count), rows)
    return (
      Rect(column: left, row: top, columns: columns, rows: taken),
      Rect(column: left, row: top + taken, columns: columns, rows: rows - taken)
    )
  }

  /// The last `count` rows, and what is left above them.
  package func cutBottom(_ count: Int) -> (cut: Rect, rest: Rect) {
    let taken = min(max(0, count), rows)
    return (
      Rect(column: left, row: bottom - taken, columns: columns, rows: taken),
      Rect(column: left, row: top, columns: columns, rows: rows - taken)
    )
  }

  /// A rectangle of that size in the middle of this one, made smaller where it would not fit.
  package func centered(_ wanted: Size) -> Rect {
    let columns = min(wanted.columns, self.columns)
    let rows = min(wanted.rows, self.rows)
    return Rect(
      column: left + (self.columns - columns) / 2, row: top + (self.rows - rows) / 2,
      columns: columns, rows: rows)
  }
}
