import Themes

/// Draws a scene with characters.
struct Renderer {
  private let scene: Scene
  private let marker: PlotMarker
  private let layout: Layout
  private let x, y: Projection
  private var frame: ChartFrame
  private var canvas: DotCanvas
  private let ink: Ink

  /// Draws a scene in a frame of any size, even none.
  static func render(
    _ scene: Scene, columns: Int, rows: Int, marker: PlotMarker
  ) -> ChartFrame {
    let (columns, rows) = (max(0, columns), max(0, rows))
    guard columns > 0, rows > 0 else { return ChartFrame(columns: columns, rows: rows) }
    var renderer = Renderer(scene, columns: columns, rows: rows, marker: marker)
    renderer.draw()
    return renderer.frame
  }

  private init(_ scene: Scene, columns: Int, rows: Int, marker: PlotMarker) {
    self.scene = scene
    self.marker = marker
    layout = Layout(scene, columns: columns, rows: rows, marker: marker)
    x = Projection(scene.xBounds, scene.x.scale)
    y = Projection(scene.yBounds, scene.y.scale)
    ink = Ink(marker)
    frame = ChartFrame(columns: columns, rows: rows)
    canvas = DotCanvas(
      columns: layout.plotColumns.count, rows: layout.plotRows.count, marker: marker)
  }

  private mutating func draw() {
    guard !layout.plotColumns.isEmpty, !layout.plotRows.isEmpty else { return }
    frame.plot = PlotArea(columns: layout.plotColumns, rows: layout.plotRows, x: x, y: y)
    frame.gradient = scene.gradient
    drawGrid()
    for layer in scene.layers { drawDots(layer) }
    composite()
    for layer in scene.layers { drawGlyphs(layer) }
    drawCrosshair()
    drawAxes()
    drawEvents()
    Captions(scene: scene, layout: layout, ink: ink).write(into: &frame)
    if scene.layers.isEmpty, !scene.empty.isEmpty { drawEmpty() }
  }

  private mutating func drawEmpty() {
    let text = scene.empty.elided(to: layout.plotColumns.count, with: ink.ellipsis)
    let column = layout.plotColumns.lowerBound + (layout.plotColumns.count - text.count) / 2
    let row = layout.plotRows.lowerBound + layout.plotRows.count / 2
    frame.write(text, .label, at: column, row)
  }

  // MARK: Places

  private func dot(_ place: Scene.Place) -> SIMD2<Double>? {
    let dot = SIMD2(dotX(place.x), dotY(place.y))
    return dot.x.isFinite && dot.y.isFinite ? dot : nil
  }

  /// Far places are pulled in, where arithmetic on them still is exact enough for their direction.
  private func dotX(_ value: Double) -> Double {
    min(max(x.unit(value) * Double(canvas.width - 1), -1e9), 1e9)
  }

  private func dotY(_ value: Double) -> Double {
    min(max((1 - y.unit(value)) * Double(canvas.height - 1), -1e9), 1e9)
  }
}

// MARK: - Dots

extension Renderer {
  private mutating func drawDots(_ layer: Scene.Layer) {
    switch layer {
    case .cells, .glyphs, .label: break
    case .level(let value, _, let paint):
      guard scene.y.shows(value), y.bounds.contains(value) else { return }
      canvas.use(paint)
      let dot = dotY(value)
      canvas.line(
        from: SIMD2(0, dot), to: SIMD2(Double(canvas.width - 1), dot), dashes: ink.dashed)
    case .upright(let value, let paint):
      guard scene.x.shows(value), x.bounds.contains(value) else { return }
      canvas.use(paint)
      let dot = dotX(value)
      canvas.line(
        from: SIMD2(dot, 0), to: SIMD2(dot, Double(canvas.height - 1)), dashes: ink.dotted)
    case .area(let area, let paint): drawArea(area, paint)
    case .bars(let bars, let paint):
      canvas.use(paint)
      for bar in bars { drawBar(bar.x, bar.y) }
    case .line(let places, let paint, let stroke): drawLine(places, paint, stroke)
    case .spans(let spans, let paint):
      canvas.use(paint)
      for span in spans {
        let (dot, high, low) = (dotX(span.x), dotY(span.high), dotY(span.low))
        guard dot.isFinite, high.isFinite, low.isFinite else { continue }
        canvas.line(from: SIMD2(dot, high), to: SIMD2(dot, low))
      }
    }
  }

  private mutating func drawLine(
    _ places: [Scene.Place], _ paint: Paint, _ stroke: Scene.Stroke
  ) {
    canvas.use(paint)
    let dashes: DotCanvas.Dashes =
      switch stroke {
      case .solid: .solid
      case .dashed: ink.dashed
      case .dotted: ink.dotted
      }
    var run: [SIMD2<Double>] = []
    func flush(_ canvas: inout DotCanvas) {
      guard let first = run.first else { return }
      if run.count == 1 { canvas.line(from: first, to: first) }
      let isDense = run.count > canvas.width
      let points = isDense ? Decimation.perColumn(run) : run
      for (start, end) in zip(points, points.dropFirst()) {
        canvas.line(from: start, to: end, dashes: dashes)
      }
      run.removeAll(keepingCapacity: true)
    }
    for place in places {
      if let dot = dot(place) {
        run.append(dot)
      } else {
        flush(&canvas)
      }
    }
    flush(&canvas)
  }

  /// Draws the edges of an area; its ground is laid by `drawGround`.
  private mutating func drawArea(
    _ area: [(x: Double, low: Double, high: Double)], _ paint: Paint
  ) {
    drawLine(area.map { Scene.Place(x: $0.x, y: $0.high) }, paint, .dotted)
    drawLine(area.map { Scene.Place(x: $0.x, y: $0.low) }, paint, .dotted)
  }

  private mutating func drawBar(_ across: ClosedRange<Double>, _ up: ClosedRange<Double>) {
    let (left, right) = (dotX(across.lowerBound), dotX(across.upperBound))
    let (top, bottom) = (dotY(up.upperBound), dotY(up.lowerBound))
    guard left.isFinite, right.isFinite, top.isFinite, bottom.isFinite else { return }
    let first = max(0, left.rounded(.up))
    let last = min(Double(canvas.width - 1), max(right.rounded(.down), first))
    guard first <= last, first < Double(canvas.width), right >= -0.5 else { return }
    for column in Int(first)...Int(last) {
      canvas.fill(x: column, from: top, to: bottom)
    }
  }
}

// MARK: - Cells

extension Renderer {
  private mutating func drawGrid() {
    for tick in layout.yTicks {
      let row = row(ofY: tick.value)
      for column in layout.plotColumns { frame.put(ink.grid, .grid, at: column, row) }
    }
    for layer in scene.layers {
      switch layer {
      case .cells(let cells, let across, let up): drawCells(cells, across, up)
      case .area(let area, let paint): drawGround(area, paint)
      default: break
      }
    }
  }

  /// Tints the cells that lie wholly within an area, as it is in the middle of their column.
  private mutating func drawGround(
    _ area: [(x: Double, low: Double, high: Double)], _ paint: Paint
  ) {
    guard let plot = frame.plot, let first = area.first(where: { $0.x.isFinite }) else { return }
    let perCell = Double(canvas.height) / Double(max(1, plot.rows.count))
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
      for row in 0..<plot.rows.count
      where Double(row) * perCell >= top - 0.5 && Double(row + 1) * perCell - 1 <= bottom + 0.5 {
        frame[column, plot.rows.lowerBound + row].background = paint
      }
    }
  }

  private func row(ofY value: Double) -> Int {
    layout.plotRows.lowerBound + y.row(of: value, rows: layout.plotRows.count, marker: marker)
  }

  private func column(ofX value: Double) -> Int? { frame.plot?.column(ofX: value) }

  /// Shades each cell by the value in its middle: two heights a cell where half blocks are to be had.
  private mutating func drawCells(
    _ cells: [[Double]], _ across: ClosedRange<Double>, _ up: ClosedRange<Double>
  ) {
    guard let area = frame.plot, let width = cells.first?.count, width > 0 else { return }
    func shade(_ column: Int, _ part: Double, _ row: Int) -> Double? {
      let rows = Double(area.rows.count)
      let place = 1 - (Double(row - area.rows.lowerBound) + part) / rows
      let value = SIMD2(
        area.x.value(
          at: (Double(column - area.columns.lowerBound) + 0.5) / Double(area.columns.count)),
        area.y.value(at: place))
      let h = (value.x - across.lowerBound) / (across.upperBound - across.lowerBound)
      let v = (value.y - up.lowerBound) / (up.upperBound - up.lowerBound)
      guard h >= 0, h < 1, v >= 0, v < 1 else { return nil }
      let line = cells[min(cells.count - 1, Int(v * Double(cells.count)))]
      let cell = line[min(line.count - 1, Int(h * Double(line.count)))]
      return cell.isNaN ? nil : cell
    }
    for row in area.rows {
      for column in area.columns {
        let cell = ink.shaded(shade(column, 0.25, row), shade(column, 0.75, row))
        if let cell { frame[column, row] = cell }
      }
    }
  }

  private mutating func composite() {
    for row in 0..<canvas.rows {
      for column in 0..<canvas.columns {
        guard let (glyph, paint) = canvas[column, row] else { continue }
        let (column, row) =
          (column + layout.plotColumns.lowerBound, row + layout.plotRows.lowerBound)
        let ground = frame[column, row].background
        frame[column, row] = ChartCell(glyph, paint, on: ground)
      }
    }
  }

  private mutating func drawGlyphs(_ layer: Scene.Layer) {
    switch layer {
    case .glyphs(let places, let glyph, let paint):
      for place in places {
        guard let dot = dot(place), let cell = canvas.cell(ofDot: dot.x, dot.y) else { continue }
        overlay(ink.point(glyph), paint, cell)
      }
    case .label(let place, let text, let paint): drawLabel(place, text, paint)
    case .level(let value, let label, let paint): drawLevelLabel(value, label, paint)
    default: break
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
  private mutating func overlay(
    _ glyph: Unicode.Scalar, _ paint: Paint, at column: Int, _ row: Int
  ) {
    guard frame.contains(column, row) else { return }
    frame[column, row].glyph = glyph
    frame[column, row].paint = paint
  }

  /// Names a level at an end of its line, above or below it, where nothing is drawn.
  private mutating func drawLevelLabel(_ value: Double, _ label: String, _ paint: Paint) {
    guard !label.isEmpty, scene.y.shows(value), y.bounds.contains(value) else { return }
    let row = row(ofY: value)
    let width = label.count
    let right = layout.plotColumns.upperBound - width - 1
    let left = layout.plotColumns.lowerBound + 1
    guard right > left else { return }
    for row in [row - 1, row + 1] where layout.plotRows.contains(row) {
      for column in [right, left] where frame.isFree(column - 1..<column + width + 1, row: row) {
        for (offset, glyph) in label.cells.enumerated() {
          overlay(glyph, paint, at: column + offset, row)
        }
        return
      }
    }
  }

  /// Names a place at its right, else left, else above or below, where nothing is drawn.
  private mutating func drawLabel(_ place: Scene.Place, _ text: String, _ paint: Paint) {
    guard let dot = dot(place), let cell = canvas.cell(ofDot: dot.x, dot.y) else { return }
    let (column, row) =
      (cell.column + layout.plotColumns.lowerBound, cell.row + layout.plotRows.lowerBound)
    let width = text.count
    let places = [
      (column + 2, row), (column - 1 - width, row), (column - width / 2, row - 1),
      (column - width / 2, row + 1),
    ]
    let isShaded = scene.colorBar != nil
    for (start, row) in places where layout.plotRows.contains(row) {
      let range = start..<start + width
      guard range.lowerBound >= layout.plotColumns.lowerBound,
        range.upperBound <= layout.plotColumns.upperBound
      else { continue }
      let isFree = range.allSatisfy { column in
        let cell = frame[column, row]
        if case .shade = cell.paint { return isShaded }
        return cell.glyph == " " || cell.paint == .grid
      }
      guard isFree else { continue }
      for (offset, glyph) in text.cells.enumerated() {
        overlay(glyph, paint, at: start + offset, row)
      }
      return
    }
  }

  private mutating func drawCrosshair() {
    guard let value = scene.crosshair, let column = column(ofX: value) else { return }
    for row in layout.plotRows {
      let cell = frame[column, row]
      if cell.glyph == " " || cell.paint == .grid {
        overlay(ink.crosshair, .crosshair, at: column, row)
      }
    }
  }

  // MARK: Axes

  private mutating func drawAxes() {
    if let axis = layout.axisColumn {
      for row in layout.plotRows { frame.put(ink.upright, .axis, at: axis, row) }
      for tick in layout.yTicks {
        let row = row(ofY: tick.value)
        frame.put(ink.tickLeft, .axis, at: axis, row)
        frame.write(tick.label.leftPadded(to: axis - 1), .label, at: 0, row)
      }
    }
    if let row = layout.axisRow {
      for column in layout.plotColumns { frame.put(ink.level, .axis, at: column, row) }
      if let axis = layout.axisColumn { frame.put(ink.corner, .axis, at: axis, row) }
      for tick in layout.xTicks {
        guard let column = column(ofX: tick.value) else { continue }
        frame.put(ink.tickDown, .axis, at: column, row)
      }
    }
  }

  private mutating func drawEvents() {
    guard let row = layout.axisRow else { return }
    for event in scene.events {
      guard let column = column(ofX: event.x) else { continue }
      let glyph = event.glyph.unicodeScalars.first ?? " "
      frame.put(ink.point(glyph), event.paint, at: column, row)
    }
  }
}
