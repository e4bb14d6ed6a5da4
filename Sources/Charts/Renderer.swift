import Themes

/// Draws a scene with characters.
struct Renderer {
  let scene: Scene
  let marker: PlotMarker
  let layout: Layout
  let x, y: Projection
  var frame: ChartFrame
  private(set) var canvas: DotCanvas
  let ink: Ink

  /// Draws a scene in a frame of any size, even none.
  static func render(
    _ scene: Scene, columns: Int, rows: Int, marker: PlotMarker
  ) -> ChartFrame {
    let (columns, rows) = (max(0, columns), max(0, rows))
    guard columns > 0, rows > 0 else { return ChartFrame(columns: columns, rows: rows) }
    var renderer = Renderer(scene, columns: columns, rows: rows, marker: marker)
    renderer.draw()
    if marker == .ascii { renderer.frame.foldToASCII() }
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
    if scene.layers.isEmpty, !scene.empty.isEmpty {
      frame.writeInMiddle(scene.empty, ink)
      return
    }
    drawGrid()
    for layer in scene.layers { drawDots(layer) }
    composite()
    drawLevelLabels()
    for layer in scene.layers { drawWords(layer) }
    drawCrosshair()
    drawAxes()
    drawEvents()
    Captions(scene: scene, layout: layout, ink: ink).write(into: &frame)
  }

  // MARK: Places

  func dot(_ place: Scene.Place) -> SIMD2<Double>? {
    let dot = SIMD2(dotX(place.x), dotY(place.y))
    return dot.x.isFinite && dot.y.isFinite ? dot : nil
  }

  /// The cell of a place, or nil outside the plot.
  func cell(_ place: Scene.Place) -> (column: Int, row: Int)? {
    dot(place).flatMap { canvas.cell(ofDot: $0.x, $0.y) }
  }

  /// Far places are pulled in, where arithmetic on them still is exact enough for their direction.
  func dotX(_ value: Double) -> Double {
    min(max(x.unit(value) * Double(canvas.width - 1), -1e9), 1e9)
  }

  func dotY(_ value: Double) -> Double {
    min(max((1 - y.unit(value)) * Double(canvas.height - 1), -1e9), 1e9)
  }
}

// MARK: - Dots

extension Renderer {
  private mutating func drawDots(_ layer: Scene.Layer) {
    switch layer {
    case .field, .selected, .label: break
    case .glyphs(let places, let glyph, let paint):
      canvas.use(paint)
      for (column, row) in places.compactMap(cell) {
        canvas.put(ink.point(glyph), column: column, row: row)
      }
    case .counted(let places, let glyph, let paint): drawCounted(places, glyph, paint)
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
    case .area(let area, let paint, let isFilled):
      // A ground of colour says it in more peace than dots; ASCII has no half of a cell.
      if !isFilled || ink.isASCII { drawEdges(area, paint) }
    case .bars(let bars, let paint):
      canvas.use(paint)
      for bar in bars where !standsOnAxis(bar.y) { drawBar(bar.x, bar.y) }
    case .line(let places, let paint, let stroke): drawLine(places, paint, stroke)
    case .segments(let segments, let paint):
      // Among shades made of characters, lines made of characters would only be noise.
      guard !ink.isASCII else { return }
      canvas.use(paint)
      for (start, end) in segments {
        guard let start = dot(start), let end = dot(end) else { continue }
        canvas.line(from: start, to: end)
      }
    case .dots(let places, let paint):
      canvas.use(paint)
      for dot in places.compactMap(dot) { canvas.line(from: dot, to: dot) }
    case .spans(let spans, let paint):
      canvas.use(paint)
      for span in spans {
        let (dot, high, low) = (dotX(span.x), dotY(span.high), dotY(span.low))
        guard dot.isFinite, high.isFinite, low.isFinite else { continue }
        canvas.line(from: SIMD2(dot, high), to: SIMD2(dot, low))
      }
    }
  }

  /// Draws points; where several share a cell, their number, up to nine.
  private mutating func drawCounted(
    _ places: [Scene.Place], _ glyph: Unicode.Scalar, _ paint: Paint
  ) {
    canvas.use(paint)
    var counts = Array(repeating: 0, count: canvas.columns * canvas.rows)
    for place in places {
      guard let (column, row) = cell(place) else { continue }
      counts[row * canvas.columns + column] += 1
    }
    for (cell, count) in counts.enumerated() where count > 0 {
      let digit = Unicode.Scalar(UInt8(min(count, 9)) + 48)
      canvas.put(
        count > 1 ? digit : ink.point(glyph), column: cell % canvas.columns,
        row: cell / canvas.columns)
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
  private mutating func drawEdges(
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
