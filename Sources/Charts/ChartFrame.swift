import Themes

/// What a cell of a chart means; a theme gives it a look.
///
/// Numbers name a look of a series, which need not be its place in the chart.
package enum Paint: Hashable, Sendable {
  case blank
  case axis
  case grid
  /// Tick labels and axis titles.
  case label
  case title
  case legend
  case crosshair
  /// A series; dimmed; the edges of its confidence band, and as a ground its area; with emphasis.
  case series(Int)
  case faint(Int)
  case band(Int)
  /// The ground of a band where it covers half a cell.
  case ground(Int)
  case emphasis(Int)
  /// A place 0–1 on the frame's gradient.
  case shade(Double)
  /// Words on a shaded ground: black or white, whichever is seen on it (`Theme.ink(on:)`).
  case onShade
  /// Something that went well, and something that did not.
  case positive
  case negative
}

/// One character of a chart.
package struct ChartCell: Hashable, Sendable {
  package var glyph: Unicode.Scalar
  package var paint: Paint
  /// `.blank` leaves the ground as it is.
  package var background: Paint

  package init(_ glyph: Unicode.Scalar, _ paint: Paint, on background: Paint = .blank) {
    self.glyph = glyph
    self.paint = paint
    self.background = background
  }

  package static let blank = ChartCell(" ", .blank)

  /// Whether nothing but grid stands here, whatever the ground.
  var isFree: Bool {
    if case .ground = paint { return true }
    return glyph == " " || paint == .grid
  }
}

/// A chart drawn with characters: a grid of cells, each one column wide.
package struct ChartFrame: Hashable, Sendable {
  package let columns, rows: Int
  /// The gradient that `Paint.shade` runs along; nil where no cell is shaded.
  package var gradient: String?
  /// Where the data lie, to turn a pointer's place into values; nil for charts without axes.
  package var plot: PlotArea?
  private var cells: [ChartCell]

  /// A blank frame; negative sizes count as none.
  package init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
    cells = Array(repeating: .blank, count: self.columns * self.rows)
  }

  /// The cell at a place in the frame.
  package subscript(column: Int, row: Int) -> ChartCell {
    get {
      precondition(contains(column, row), "outside the frame")
      return cells[row * columns + column]
    }
    set {
      precondition(contains(column, row), "outside the frame")
      cells[row * columns + column] = newValue
    }
  }

  func contains(_ column: Int, _ row: Int) -> Bool {
    (0..<columns).contains(column) && (0..<rows).contains(row)
  }

  /// The characters, row by row, without the spaces that end a row.
  package var text: String {
    (0..<rows).map { row in
      var line = String.UnicodeScalarView()
      for column in 0..<columns { line.append(self[column, row].glyph) }
      while line.last == " " { line.removeLast() }
      return String(line)
    }.joined(separator: "\n")
  }

  /// The paints, one letter a cell, for tests: a capital is a ground.
  package var paintText: String {
    (0..<rows).map { row in
      var line = ""
      for column in 0..<columns {
        let cell = self[column, row]
        let isGround = cell.background != .blank
        line += isGround ? cell.background.letter.uppercased() : cell.paint.letter
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  // MARK: Writing

  /// Sets a cell if it lies in the frame.
  mutating func put(_ glyph: Unicode.Scalar, _ paint: Paint, at column: Int, _ row: Int) {
    guard contains(column, row) else { return }
    cells[row * columns + column] = ChartCell(glyph, paint)
  }

  /// Writes text from a column on, a cell a character; what does not fit is left out.
  mutating func write(_ text: some StringProtocol, _ paint: Paint, at column: Int, _ row: Int) {
    for (offset, glyph) in text.cells.enumerated() { put(glyph, paint, at: column + offset, row) }
  }

  /// Replaces what an ASCII terminal cannot show, such as letters of names.
  ///
  /// Signs that have a likeness get it; anything else becomes `?`.
  mutating func foldToASCII() {
    for index in cells.indices { cells[index].glyph = cells[index].glyph.asciiLikeness }
  }

  /// Says in the middle of a chart why it shows nothing.
  mutating func writeInMiddle(_ text: String, _ ink: Ink) {
    let shown = text.elided(to: columns, with: ink.ellipsis)
    write(shown, .label, at: (columns - shown.count) / 2, rows / 2)
  }

  /// Whether nothing but blanks and grid stands on some columns of a row, whatever their ground.
  func isFree(_ range: Range<Int>, row: Int) -> Bool {
    range.allSatisfy { contains($0, row) && self[$0, row].isFree }
  }
}

extension Paint {
  fileprivate var letter: String {
    switch self {
    case .blank: " "
    case .axis: "a"
    case .grid: "g"
    case .label: "l"
    case .title: "t"
    case .legend: "n"
    case .crosshair: "c"
    case .series(let look): String(look.magnitude % 10)
    case .faint: "f"
    case .band, .ground: "b"
    case .emphasis: "e"
    case .shade: "s"
    case .onShade: "o"
    case .positive: "p"
    case .negative: "m"
    }
  }
}

/// Where data lie in a frame.
package struct PlotArea: Hashable, Sendable {
  /// The cells of the data, without axes.
  package let columns, rows: Range<Int>
  package let x, y: Projection

  /// The value in the middle of a column; beyond the area for columns outside.
  package func x(atColumn column: Int) -> Double {
    x.value(at: Double(column - columns.lowerBound) / Double(max(1, columns.count - 1)))
  }

  /// The value in the middle of a row.
  package func y(atRow row: Int) -> Double {
    y.value(at: 1 - Double(row - rows.lowerBound) / Double(max(1, rows.count - 1)))
  }

  /// The column of a value, or nil outside the area.
  package func column(ofX value: Double) -> Int? {
    let place = x.unit(value)
    guard place >= 0, place <= 1 else { return nil }
    return columns.lowerBound + Int((place * Double(columns.count - 1)).rounded())
  }
}
