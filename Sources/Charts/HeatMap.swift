package import Themes

/// A named place on a heat map.
package struct HeatPlace: Hashable, Sendable {
  package var x, y: Double
  package var label: String
  package var glyph: Character

  package init(x: Double, y: Double, label: String, glyph: Character = "●") {
    self.x = x
    self.y = y
    self.label = label
    self.glyph = glyph
  }
}

/// A quantity over a plane, measured on a regular grid: shades, contours and named places.
package struct HeatMap: Hashable, Sendable {
  /// How a value is shown where it falls.
  package enum Shading: Hashable, Sendable {
    /// By a colour of the gradient, two to a cell.
    case colors
    /// By a denser or lighter character, for terminals without colours.
    case glyphs
  }

  package var title: String
  /// What was measured: `values[row][column]`, rows from low to high y, NaN where it was not (yet).
  package var values: [[Double]]
  package var x, y: Axis
  /// The places of the outermost columns and rows.
  package var xRange, yRange: ClosedRange<Double>
  /// The values at the ends of the gradient; nil for those of the data.
  package var bounds: ClosedRange<Double>?
  package var valueTitle: String
  package var format: NumberFormat
  package var gradient: String
  package var shading: Shading
  /// How many lines of equal value are drawn.
  package var contours: Int
  package var places: [HeatPlace]
  package var empty: String

  package init(
    title: String = "", values: [[Double]], x: Axis, y: Axis, xRange: ClosedRange<Double>,
    yRange: ClosedRange<Double>, bounds: ClosedRange<Double>? = nil, valueTitle: String = "",
    format: NumberFormat = .number, gradient: String = "heat", shading: Shading = .colors,
    contours: Int = 6, places: [HeatPlace] = [], empty: String = "nothing measured yet"
  ) {
    self.title = title
    self.values = values
    self.x = x
    self.y = y
    self.xRange = xRange
    self.yRange = yRange
    self.bounds = bounds
    self.valueTitle = valueTitle
    self.format = format
    self.gradient = gradient
    self.shading = shading
    self.contours = contours
    self.places = places
    self.empty = empty
  }
}

extension HeatMap: Chart {
  package func render(columns: Int, rows: Int, marker: PlotMarker) -> ChartFrame {
    Renderer.render(scene, columns: columns, rows: rows, marker: marker)
  }

  package func svg(width: Int, height: Int, palette: SVGPalette) -> String {
    SVGRenderer.render(scene, width: width, height: height, palette: palette)
  }

  package func csv() -> String {
    var csv = CSV("x", "y", "value")
    for (row, line) in values.enumerated() {
      for (column, value) in line.enumerated() {
        csv.add(
          CSV.field(Self.place(column, of: line.count, in: xRange)),
          CSV.field(Self.place(row, of: values.count, in: yRange)), CSV.field(value))
      }
    }
    return csv.text
  }

  /// Where a value was measured.
  package func place(row: Int, column: Int) -> (x: Double, y: Double) {
    (
      Self.place(column, of: values.first?.count ?? 0, in: xRange),
      Self.place(row, of: values.count, in: yRange)
    )
  }

  private static func place(_ index: Int, of count: Int, in range: ClosedRange<Double>) -> Double {
    count > 1
      ? range.lowerBound + range.width * Double(index) / Double(count - 1) : range.lowerBound
  }

  var scene: Scene {
    var (x, y) = (x, y)
    if x.range == .auto { x.range = .fixed(xRange) }
    if y.range == .auto { y.range = .fixed(yRange) }
    var scene = Scene(
      title: title, x: x, y: y, xBounds: x.bounds(of: xRange), yBounds: y.bounds(of: yRange))
    scene.placement = .hidden
    scene.empty = empty
    let data = ClosedRange(holding: values.joined())
    guard let bounds = bounds ?? data else { return scene }
    scene.gradient = gradient
    scene.colorBar = ColorBar(title: valueTitle, bounds: bounds, format: format)
    scene.colorBar?.usesGlyphs = shading == .glyphs
    let field = GridField(values, x: xRange, y: yRange)
    scene.layers.append(.field(field, bounds, shading))
    let axis = Axis(format: format)
    let levels = Ticks.choose(axis, bounds, atMost: max(0, contours)) { _ in true }
    if contours > 0 {
      for level in levels where level.value > bounds.lowerBound && level.value < bounds.upperBound {
        scene.layers.append(.segments(field.contour(at: level.value), .axis))
      }
    }
    for place in places {
      let spot = Scene.Place(x: place.x, y: place.y)
      let glyph = place.glyph.unicodeScalars.first ?? "●"
      scene.layers.append(.glyphs([spot], glyph, .onShade))
      if !place.label.isEmpty { scene.layers.append(.label(spot, place.label, .onShade)) }
    }
    return scene
  }
}
