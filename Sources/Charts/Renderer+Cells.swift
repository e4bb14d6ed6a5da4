import Themes

/// What a renderer draws cell by cell: grid, shades, glyphs, words in the plot, axes.
extension Renderer {
  mutating func drawGrid() {
    for tick in layout.yTicks {
      let row = row(ofY: tick.value)
      for column in layout.plotColumns { frame.put(ink.grid, .grid, at: column, row) }
    }
    for layer in scene.layers {
      switch layer {
      case .field(let field, let bounds, let shading): drawField(field, bounds, shading)
      case .bars(let bars, let paint):
        for bar in bars where standsOnAxis(bar.y) { drawColumn(bar.x, bar.y, paint) }
      case .area(let area, let paint, let isFilled):
        drawGround(area, paint, halves: isFilled && !ink.isASCII)
      default: break
      }
    }
  }

  /// Tints an area as it is in the middle of each column: the cells that lie wholly within, or to
  /// half a cell.
  private mutating func drawGround(
    _ area: [(x: Double, low: Double, high: Double)], _ paint: Paint, halves: Bool
  ) {
    guard let plot = frame.plot, let first = area.first(where: { $0.x.isFinite }) else { return }
    var (next, start) = (0, first)
    for column in plot.columns {
      let value = plot.x(atColumn: column)
      while next < area.count, !(area[next].x >= value) {
        start = area[next]
        next += 1
      }
      guard next < area.count else { return }
      let end = area[next]
      guard start.x <= value else { continue }
      let share = end.x > start.x ? (value - start.x) / (end.x - start.x) : 0
      let top = dotY(start.high + (end.high - start.high) * share)
      let bottom = dotY(start.low + (end.low - start.low) * share)
      guard top.isFinite, bottom.isFinite else { continue }
      if halves {
        tintHalves(column, from: top, to: bottom, paint)
      } else {
        tintCells(column, from: top, to: bottom, paint)
      }
    }
  }

  private mutating func tintCells(
    _ column: Int, from top: Double, to bottom: Double, _ paint: Paint
  ) {
    let perCell = Double(canvas.height) / Double(max(1, layout.plotRows.count))
    for row in 0..<layout.plotRows.count
    where Double(row) * perCell >= top - 0.5 && Double(row + 1) * perCell - 1 <= bottom + 0.5 {
      frame[column, layout.plotRows.lowerBound + row].background = paint
    }
  }

  /// Tints at least half a cell of a column, so that a narrow area is not broken.
  private mutating func tintHalves(
    _ column: Int, from top: Double, to bottom: Double, _ paint: Paint
  ) {
    let rows = layout.plotRows.count
    let perHalf = Double(canvas.height) / Double(max(1, 2 * rows))
    let (start, end) = ((top + 0.5) / perHalf, (bottom + 0.5) / perHalf)
    guard end > 0, start < Double(2 * rows), case .band(let look) = paint else { return }
    let first = min(start.rounded(), ((start + end) / 2).rounded(.down))
    let last = max(end.rounded(), first + 1)
    for row in 0..<rows {
      let (upper, lower) = (Double(2 * row), Double(2 * row + 1))
      let isUpper = upper >= first && upper < last
      let isLower = lower >= first && lower < last
      let place = layout.plotRows.lowerBound + row
      if isUpper, isLower {
        frame[column, place].background = paint
      } else if isUpper || isLower {
        frame.put(isUpper ? "▀" : "▄", .ground(look), at: column, place)
      }
    }
  }

  func row(ofY value: Double) -> Int {
    layout.plotRows.lowerBound + y.row(of: value, rows: layout.plotRows.count, marker: marker)
  }

  func column(ofX value: Double) -> Int? { frame.plot?.column(ofX: value) }

  /// Shades each cell by the values in the middles of its halves.
  private mutating func drawField(
    _ field: GridField, _ bounds: ClosedRange<Double>, _ shading: HeatMap.Shading
  ) {
    guard let area = frame.plot else { return }
    let halves = Double(max(1, area.rows.count * 2 - 1))
    func shade(_ column: Int, _ half: Int) -> Double? {
      let value = field.value(
        x: area.x(atColumn: column), y: area.y.value(at: 1 - Double(half) / halves))
      return value.flatMap(bounds.share)
    }
    for row in area.rows {
      for column in area.columns {
        let half = (row - area.rows.lowerBound) * 2
        if let cell = ink.shaded(shade(column, half), shade(column, half + 1), shading) {
          frame[column, row] = cell
        }
      }
    }
  }

  /// Whether a bar rises from the foot of the plot, so that eighths of a cell can show its height.
  func standsOnAxis(_ up: ClosedRange<Double>) -> Bool {
    up.lowerBound <= y.bounds.lowerBound
  }

  /// Draws a bar with solid blocks, its top to an eighth of a cell.
  private mutating func drawColumn(
    _ across: ClosedRange<Double>, _ up: ClosedRange<Double>, _ paint: Paint
  ) {
    guard let area = frame.plot else { return }
    let last = Double(area.columns.count - 1)
    let (left, right) = (x.unit(across.lowerBound) * last, x.unit(across.upperBound) * last)
    let height = y.unit(up.upperBound) * Double(area.rows.count)
    guard left.isFinite, right.isFinite, height.isFinite, right >= -0.5, left <= last + 0.5
    else { return }
    let first = Int(max(0, left.rounded(.up)))
    var end = Int(min(last + 1, right.rounded(.up)))
    // Where there is room, a column between bars tells them apart.
    if end - first >= 4 { end -= 1 }
    for column in first..<max(first + 1, end) where column < area.columns.count {
      for row in 0..<area.rows.count {
        guard let glyph = ink.block(height - Double(row)) else { break }
        frame.put(
          glyph, paint, at: area.columns.lowerBound + column, area.rows.upperBound - 1 - row)
      }
    }
  }

  mutating func composite() {
    for row in 0..<canvas.rows {
      for column in 0..<canvas.columns {
        guard let (glyph, paint) = canvas[column, row] else { continue }
        let (column, row) =
          (column + layout.plotColumns.lowerBound, row + layout.plotRows.lowerBound)
        frame[column, row] = ChartCell(glyph, paint, on: ground(below: frame[column, row]))
      }
    }
  }

  /// What a line is drawn on: a bar goes on behind it.
  private func ground(below cell: ChartCell) -> Paint {
    if case .series = cell.paint, cell.glyph == ink.fullBlock { return cell.paint }
    return cell.background
  }

  mutating func drawWords(_ layer: Scene.Layer) {
    switch layer {
    case .selected(let place, let glyph): drawSelected(place, glyph)
    case .label(let place, let text, let paint): drawLabel(place, text, paint)
    default: break
    }
  }

  /// Marks the point under the cursor with brackets where they cover nothing, so that it is seen
  /// without colour.
  private mutating func drawSelected(_ place: Scene.Place, _ glyph: Unicode.Scalar) {
    guard let cell = cell(place) else { return }
    overlay(ink.point(glyph), .crosshair, cell)
    let column = cell.column + layout.plotColumns.lowerBound
    let row = cell.row + layout.plotRows.lowerBound
    for (side, bracket) in [(column - 1, "["), (column + 1, "]")] as [(Int, Unicode.Scalar)]
    where layout.plotColumns.contains(side) && frame.isFree(side..<side + 1, row: row) {
      overlay(bracket, .crosshair, at: side, row)
    }
  }

  private mutating func overlay(
    _ glyph: Unicode.Scalar, _ paint: Paint, _ cell: (column: Int, row: Int)
  ) {
    overlay(
      glyph, paint, at: cell.column + layout.plotColumns.lowerBound,
      cell.row + layout.plotRows.lowerBound)
  }

  /// Puts a character over what stands in a cell, on the same ground.
  mutating func overlay(
    _ glyph: Unicode.Scalar, _ paint: Paint, at column: Int, _ row: Int
  ) {
    guard frame.contains(column, row) else { return }
    frame[column, row].glyph = glyph
    frame[column, row].paint = paint
  }

  /// Names a place at its right, else left, else above or below, where nothing is drawn.
  private mutating func drawLabel(_ place: Scene.Place, _ text: String, _ paint: Paint) {
    guard let cell = cell(place) else { return }
    let (column, row) =
      (cell.column + layout.plotColumns.lowerBound, cell.row + layout.plotRows.lowerBound)
    let width = text.count
    let places = [
      (column + 2, row), (column - 1 - width, row), (column - width / 2, row - 1),
      (column - width / 2, row + 1),
    ]
    let inside = places.filter { start, row in
      layout.plotRows.contains(row) && start >= layout.plotColumns.lowerBound
        && start + width <= layout.plotColumns.upperBound
    }
    let isShaded = scene.colorBar != nil
    let free = inside.first { start, row in
      (start..<start + width).allSatisfy { column in
        let cell = frame[column, row]
        if case .shade = cell.paint { return isShaded }
        return cell.isFree
      }
    }
    // A name tells more than the piece of a contour under it; another name it never covers.
    let best =
      free
      ?? inside.first { start, row in
        isShaded && (start..<start + width).allSatisfy { frame[$0, row].paint != .onShade }
      }
    guard let (start, row) = best else { return }
    for (offset, glyph) in text.cells.enumerated() {
      overlay(glyph, paint, at: start + offset, row)
    }
  }

  mutating func drawCrosshair() {
    guard let value = scene.crosshair, let column = column(ofX: value) else { return }
    for row in layout.plotRows {
      let cell = frame[column, row]
      if cell.isFree {
        overlay(ink.crosshair, .crosshair, at: column, row)
      }
    }
  }
}
