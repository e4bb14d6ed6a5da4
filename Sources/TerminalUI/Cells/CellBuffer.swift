package import Themes

/// A screen, or a part of one, as a grid of cells: what widgets draw into and terminals show.
///
/// Drawing outside the grid is clipped, never an error. A wide character that loses one half to
/// something drawn over it leaves a blank, so every row of cells is always one that a terminal can
/// show.
package struct CellBuffer: Sendable {
  /// The extent of the grid.
  package let size: Size
  /// Row by row, from the top left.
  private(set) var cells: [Cell]
  /// The scalars of cells that show more than one, such as a letter with its accents.
  private(set) var clusters: [String] = []
  private var clusterNumbers: [String: Int] = [:]

  /// A grid of blanks.
  package init(size: Size, style: Style = .plain) {
    self.size = size
    cells = Array(repeating: .blank(style), count: size.columns * size.rows)
  }

  /// The rectangle of all its cells.
  package var bounds: Rect { Rect(size) }

  /// The cell at a place, which must lie in the grid.
  package subscript(column: Int, row: Int) -> Cell {
    cells[row * size.columns + column]
  }

  /// The text of a cell: empty for the second half of a wide character.
  package func text(of cell: Cell) -> String {
    if cell.isContinuation { return "" }
    if let cluster = cell.cluster { return clusters[cluster] }
    return cell.scalar.map { String($0) } ?? ""
  }

  // MARK: Single cells

  /// Draws one scalar; what is unfit to be drawn becomes a blank.
  ///
  /// The fast way for charts: no text to take apart.
  package mutating func put(_ scalar: Unicode.Scalar, column: Int, row: Int, style: Style) {
    guard column >= 0, column < size.columns, row >= 0, row < size.rows else { return }
    let shown = ShownScalars.shown(scalar) ?? " "
    let width = TextWidth.columns(of: shown)
    guard width > 0, column + width <= size.columns else {
      place(.blank(style), column: column, row: row)
      return
    }
    place(Cell(shown, width: width, style: style), column: column, row: row)
  }

  /// Puts a glyph of a theme, which has only one scalar.
  package mutating func put(glyph: Character, column: Int, row: Int, style: Style) {
    put(glyph.unicodeScalars.first ?? " ", column: column, row: row, style: style)
  }

  /// Puts a cell where there is room for it, and mends the wide characters that it cuts.
  private mutating func place(_ cell: Cell, column: Int, row: Int) {
    let index = row * size.columns + column
    if cells[index].isContinuation, column > 0 {
      cells[index - 1] = .blank(cells[index - 1].style)
    }
    let last = index + cell.columns - 1
    let lastColumn = column + cell.columns - 1
    if lastColumn + 1 < size.columns, cells[last + 1].isContinuation {
      cells[last + 1] = .blank(cells[last + 1].style)
    }
    cells[index] = cell
    if cell.columns == 2 { cells[index + 1] = .continuation(cell.style) }
  }

  /// Adds a mark to what is drawn in a cell; more than four marks are dropped.
  private mutating func attach(_ mark: Unicode.Scalar, column: Int, row: Int) {
    let index = row * size.columns + column
    let cell = cells[index]
    var text = text(of: cell)
    guard text.unicodeScalars.count < Self.maximumScalars else { return }
    text.unicodeScalars.append(mark)
    let number: Int
    if let known = clusterNumbers[text] {
      number = known
    } else {
      number = clusters.count
      clusters.append(text)
      clusterNumbers[text] = number
    }
    cells[index] = Cell(cluster: number, width: cell.width, style: cell.style)
  }

  /// What one cell of curses holds.
  static let maximumScalars = 5

  // MARK: Text

  /// Draws a text on one row, from left to right.
  ///
  /// What lies left of the grid or beyond its right edge is not drawn. Control characters and
  /// whatever else could disturb a terminal are left out (see `TextWidth.sanitize`).
  /// - Parameters:
  ///   - text: any text.
  ///   - point: where it starts.
  ///   - style: how it looks.
  ///   - maxColumns: the columns it may take; up to the right edge when nil.
  ///   - elide: what is done when it is longer than that.
  /// - Returns: the columns that the text took, from `point` on.
  /// - Complexity: O(length).
  @discardableResult
  package mutating func write(
    _ text: String, at point: Point, style: Style, maxColumns: Int? = nil,
    elide: Elision = .tail
  ) -> Int {
    let room = min(maxColumns ?? Int.max, size.columns - min(point.column, size.columns))
    guard point.row >= 0, point.row < size.rows, room > 0 else { return 0 }
    // A text of no more bytes than columns fits in any case: three bytes hold at most two columns.
    if elide != .none, text.utf8.count > room, TextWidth.columns(of: text) > room {
      return draw(TextWidth.elide(text, to: room, elide), at: point, style: style, room: room)
    }
    return draw(text, at: point, style: style, room: room)
  }

  private mutating func draw(_ text: String, at point: Point, style: Style, room: Int) -> Int {
    var column = point.column
    let end = point.column + room
    var last: Int?
    var reader = ShownScalars(text)
    while let scalar = reader.next() {
      let width = TextWidth.columns(of: scalar)
      if width == 0 {
        if let last { attach(scalar, column: last, row: point.row) }
        continue
      }
      if column + width > end { break }
      if column >= 0 {
        place(Cell(scalar, width: width, style: style), column: column, row: point.row)
        last = column
      } else if column + width > 0 {
        place(.blank(style), column: 0, row: point.row)
        last = nil
      }
      column += width
    }
    return column - point.column
  }

  // MARK: Areas

  /// Fills a rectangle with a glyph of one column.
  package mutating func fill(_ rect: Rect, style: Style, glyph: Character = " ") {
    let area = rect.intersection(bounds)
    guard !area.isEmpty else { return }
    let scalar = glyph.unicodeScalars.first ?? " "
    let cell =
      TextWidth.columns(of: scalar) == 1 ? Cell(scalar, style: style) : Cell.blank(style)
    for row in area.top..<area.bottom {
      place(cell, column: area.left, row: row)
      place(cell, column: area.right - 1, row: row)
      let start = row * size.columns
      for index in (start + area.left)..<(start + area.right) { cells[index] = cell }
    }
  }

  /// Changes how the cells of a rectangle look, and leaves what they show.
  package mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
    let area = rect.intersection(bounds)
    guard !area.isEmpty else { return }
    for row in area.top..<area.bottom {
      let start = row * size.columns
      for index in (start + area.left)..<(start + area.right) { change(&cells[index].style) }
    }
  }

  /// Draws another grid over this one, its top left cell at `point`.
  package mutating func draw(_ other: CellBuffer, at point: Point) {
    let area = Rect(origin: point, size: other.size).intersection(bounds)
    guard !area.isEmpty else { return }
    for row in area.top..<area.bottom {
      for column in area.left..<area.right {
        let cell = other[column - point.column, row - point.row]
        let fits = column + cell.columns <= area.right
        if cell.isContinuation {
          if column == area.left { place(.blank(cell.style), column: column, row: row) }
        } else if !fits {
          place(.blank(cell.style), column: column, row: row)
        } else {
          place(
            Cell(cell.scalar ?? " ", width: cell.columns, style: cell.style), column: column,
            row: row)
          if cell.cluster != nil {
            for (index, scalar) in other.text(of: cell).unicodeScalars.enumerated() {
              if index == 0 {
                place(
                  Cell(scalar, width: cell.columns, style: cell.style), column: column, row: row)
              } else {
                attach(scalar, column: column, row: row)
              }
            }
          }
        }
      }
    }
  }
}
