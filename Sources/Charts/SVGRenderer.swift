import Themes

/// Draws a scene as SVG: the same ticks, layers and order as in characters.
struct SVGRenderer {
  /// The width that stands for a column of characters where a choice depends on columns.
  static let columnWidth = 8
  private static let rowHeight = 18

  private let scene: Scene
  private let palette: SVGPalette
  private let width, height: Double
  private let left, right, top, bottom: Double
  private let x, y: Projection
  private let xTicks, yTicks: [Tick]
  private let legend: [(x: Double, row: Double)]
  private var svg: SVGDocument

  /// A document of SVG 1.1; sizes under 64 pixels count as 64.
  static func render(
    _ scene: Scene, width: Int, height: Int, palette: SVGPalette
  ) -> String {
    var renderer = SVGRenderer(
      scene, width: max(64, width), height: max(64, height), palette: palette)
    renderer.draw()
    return renderer.svg.text
  }

  private init(_ scene: Scene, width: Int, height: Int, palette: SVGPalette) {
    self.scene = scene
    self.palette = palette
    self.width = Double(width)
    self.height = Double(height)
    let layout = Layout(
      scene, columns: width / Self.columnWidth, rows: height / Self.rowHeight, marker: .braille)
    xTicks = layout.xTicks
    yTicks = layout.yTicks
    let labels = yTicks.map(\.label.count).max() ?? 0
    left = Double(labels * 7 + 18 + (scene.y.caption.isEmpty ? 0 : 16))
    let bar = scene.colorBar.map { bar in
      70 + Double(bar.title.isEmpty ? 0 : 16)
    }
    right = self.width - (bar ?? 16)
    let isLegendShown = scene.placement != .hidden && !scene.legend.isEmpty
    legend = isLegendShown ? Self.legendPlaces(scene.legend, from: left, to: right) : []
    top = 14 + (scene.title.isEmpty ? 0 : 22) + (legend.last.map { $0.row * 20 + 22 } ?? 0)
    bottom = self.height - (scene.x.caption.isEmpty ? 30 : 46)
    x = Projection(scene.xBounds, scene.x.scale)
    y = Projection(scene.yBounds, scene.y.scale)
    svg = SVGDocument(width: width, height: height, background: palette.background)
  }

  private mutating func draw() {
    for tick in yTicks {
      let at = placeY(tick.value)
      svg.line(left, at, right, at, stroke(.grid))
      svg.text(tick.label, left - 8, at + 4, color(.label), anchor: "end")
    }
    for tick in xTicks {
      let at = placeX(tick.value)
      svg.line(at, bottom, at, bottom + 4, stroke(.axis))
      svg.text(tick.label, at, bottom + 18, color(.label), anchor: "middle")
    }
    svg.clip(left, top, right, bottom)
    for layer in scene.layers { draw(layer) }
    if let value = scene.crosshair, scene.xBounds.contains(value) {
      svg.line(placeX(value), top, placeX(value), bottom, stroke(.crosshair))
    }
    svg.endClip()
    svg.line(left, top, left, bottom, stroke(.axis))
    svg.line(left, bottom, right, bottom, stroke(.axis))
    for event in scene.events where scene.xBounds.contains(event.x) {
      svg.text(
        String(event.glyph), placeX(event.x), bottom - 4, color(event.paint), anchor: "middle")
    }
    drawCaptions()
  }

  private mutating func drawCaptions() {
    if !scene.title.isEmpty {
      svg.text(scene.title, (left + right) / 2, 22, color(.title), anchor: "middle", size: 15)
    }
    if !scene.x.caption.isEmpty {
      svg.text(scene.x.caption, (left + right) / 2, height - 8, color(.label), anchor: "middle")
    }
    if !scene.y.caption.isEmpty {
      svg.upright(scene.y.caption, 14, (top + bottom) / 2, color(.label))
    }
    for (entry, place) in zip(scene.legend, legend) {
      let foot = top - 10 - ((legend.last?.row ?? 0) - place.row) * 20
      svg.glyph(entry.glyph, place.x + 5, foot - 4, color(entry.paint))
      svg.text(entry.name, place.x + 14, foot, color(.legend), anchor: "start")
    }
    if let bar = scene.colorBar { draw(bar) }
    if scene.layers.isEmpty, !scene.empty.isEmpty {
      svg.text(
        scene.empty, (left + right) / 2, (top + bottom) / 2, color(.label), anchor: "middle")
    }
  }

  /// Where each entry of the legend starts, in as many rows as they need.
  private static func legendPlaces(
    _ entries: [Scene.Entry], from left: Double, to right: Double
  ) -> [(x: Double, row: Double)] {
    var (x, row) = (left, 0.0)
    return entries.map { entry in
      let width = Double(entry.name.count) * 7 + 34
      if x > left, x + width - 20 > right { (x, row) = (left, row + 1) }
      defer { x += width }
      return (x, row)
    }
  }

  private mutating func draw(_ bar: ColorBar) {
    let steps = 32
    let tall = (bottom - top) / Double(steps)
    for step in 0..<steps {
      let shade = Paint.shade(1 - Double(step) / Double(steps - 1))
      svg.box(right + 12, top + Double(step) * tall, 12, tall + 0.5, color(shade))
    }
    let projection = Projection(bar.bounds, .linear)
    let ticks = Ticks.choose(Axis(format: bar.format), bar.bounds, atMost: 7) { _ in true }
    for tick in ticks {
      let at = bottom - projection.unit(tick.value) * (bottom - top)
      svg.text(tick.label, right + 29, at + 4, color(.label), anchor: "start")
    }
    if !bar.title.isEmpty {
      svg.upright(bar.title, width - 6, (top + bottom) / 2, color(.label))
    }
  }

  // MARK: Layers

  private mutating func draw(_ layer: Scene.Layer) {
    switch layer {
    case .field(let field, let bounds, _): draw(field, bounds)
    case .level(let value, let label, let paint):
      guard scene.yBounds.contains(value) else { return }
      svg.line(left, placeY(value), right, placeY(value), stroke(paint, .dashed))
      svg.text(label, right - 6, placeY(value) - 5, color(paint), anchor: "end")
    case .upright(let value, let paint):
      svg.line(placeX(value), top, placeX(value), bottom, stroke(paint, .dotted))
    case .area(let area, let paint, _):
      for run in Self.runs(area.map { ($0.x, $0.low, $0.high) }, isSound: isSound) {
        let places = run.map { (placeX($0.0), placeY($0.2)) }
        svg.polygon(places + run.reversed().map { (placeX($0.0), placeY($0.1)) }, color(paint))
      }
    case .bars(let bars, let paint):
      for bar in bars {
        let start = placeX(bar.x.lowerBound)
        let end = placeX(bar.x.upperBound)
        let (high, low) = (placeY(bar.y.upperBound), placeY(bar.y.lowerBound))
        svg.box(start, high, max(1, end - start - 1), low - high, color(paint))
      }
    case .line(let places, let paint, let stroke):
      for run in Self.runs(places, isSound: isSound) {
        svg.path(run.map(place), self.stroke(paint, stroke))
      }
    case .segments(let segments, let paint):
      svg.segments(segments.map { (place($0), place($1)) }, stroke(paint))
    case .spans(let spans, let paint):
      for span in spans {
        svg.line(placeX(span.x), placeY(span.high), placeX(span.x), placeY(span.low), stroke(paint))
      }
    case .glyphs(let places, let glyph, let paint), .counted(let places, let glyph, let paint):
      for place in places where isSound(place) {
        svg.glyph(glyph, placeX(place.x), placeY(place.y), color(paint))
      }
    case .dots(let places, let paint):
      for place in places where isSound(place) {
        svg.glyph("·", placeX(place.x), placeY(place.y), color(paint))
      }
    case .selected(let place, _):
      svg.ring(placeX(place.x), placeY(place.y), stroke(.crosshair))
    case .label(let place, let text, let paint):
      svg.text(text, placeX(place.x) + 9, placeY(place.y) + 4, color(paint), anchor: "start")
    }
  }

  /// Shades tiles of at most six pixels, by the value in the middle of each.
  private mutating func draw(_ field: GridField, _ bounds: ClosedRange<Double>) {
    let tile = 6.0
    let across = Int(((right - left) / tile).rounded(.up))
    let down = Int(((bottom - top) / tile).rounded(.up))
    for row in 0..<max(0, down) {
      for column in 0..<max(0, across) {
        let at = (left + Double(column) * tile, top + Double(row) * tile)
        let value = field.value(
          x: x.value(at: (at.0 + tile / 2 - left) / (right - left)),
          y: y.value(at: (bottom - at.1 - tile / 2) / (bottom - top)))
        guard let value else { continue }
        let shade = bounds.share(of: value) ?? 0.5
        svg.box(at.0, at.1, tile + 0.5, tile + 0.5, color(.shade((shade * 31).rounded() / 31)))
      }
    }
  }

  /// The pieces of a line between values that have no place.
  private static func runs<Element>(
    _ places: [Element], isSound: (Element) -> Bool
  ) -> [[Element]] {
    places.split { !isSound($0) }.map(Array.init)
  }

  private func isSound(_ place: Scene.Place) -> Bool {
    scene.x.shows(place.x) && scene.y.shows(place.y)
  }

  private func isSound(_ place: (Double, Double, Double)) -> Bool {
    scene.x.shows(place.0) && scene.y.shows(place.1) && scene.y.shows(place.2)
  }

  private func place(_ place: Scene.Place) -> (Double, Double) {
    (placeX(place.x), placeY(place.y))
  }

  private func placeX(_ value: Double) -> Double {
    left + min(max(x.unit(value), -1000), 1000) * (right - left)
  }

  private func placeY(_ value: Double) -> Double {
    bottom - min(max(y.unit(value), -1000), 1000) * (bottom - top)
  }

  private func color(_ paint: Paint) -> SVGDocument.Fill {
    let (color, opacity) = palette.color(paint, gradient: scene.gradient)
    return .init(color: color, opacity: opacity)
  }

  private func stroke(_ paint: Paint, _ stroke: Scene.Stroke = .solid) -> SVGDocument.Stroke {
    var width = 1.0
    switch paint {
    case .series, .faint: width = 1.6
    case .emphasis: width = 2.4
    default: break
    }
    return .init(fill: color(paint), width: width, stroke: stroke)
  }
}
