/// What a chart with two axes draws, in the data's own values: the one source of its cells and of
/// its SVG.
struct Scene {
  /// A point of a line: a value that has no place breaks the line.
  struct Place: Hashable, Sendable {
    let x, y: Double
  }

  /// How a line is drawn.
  enum Stroke: Hashable, Sendable {
    case solid
    case dashed
    case dotted
  }

  /// Something drawn, later ones over earlier ones.
  enum Layer {
    /// A quantity over the plane, shaded between two values.
    case field(GridField, ClosedRange<Double>, HeatMap.Shading)
    /// A level across the plot.
    case level(Double, label: String, Paint)
    /// An upright line.
    case upright(Double, Paint)
    /// The area between two lines: filled, or tinted where it covers whole cells between dotted edges.
    case area([(x: Double, low: Double, high: Double)], Paint, isFilled: Bool)
    case bars([(x: ClosedRange<Double>, y: ClosedRange<Double>)], Paint)
    case line([Place], Paint, Stroke)
    case segments([(Place, Place)], Paint)
    /// Upright bars about points.
    case spans([(x: Double, low: Double, high: Double)], Paint)
    case glyphs([Place], Unicode.Scalar, Paint)
    /// Glyphs, with their number where several fall into one cell.
    case counted([Place], Unicode.Scalar, Paint)
    case dots([Place], Paint)
    /// The point under the cursor.
    case selected(Place, Unicode.Scalar)
    /// Text beside a place, where there is room.
    case label(Place, String, Paint)
  }

  /// A series as the legend names it.
  struct Entry: Hashable, Sendable {
    let glyph: Unicode.Scalar
    let name: String
    let paint: Paint
  }

  var title = ""
  var x: Axis
  var y: Axis
  var xBounds: ClosedRange<Double>
  var yBounds: ClosedRange<Double>
  var layers: [Layer] = []
  var legend: [Entry] = []
  var placement: LegendPlacement = .automatic
  /// Marks on the horizontal axis.
  var events: [EventMark] = []
  var crosshair: Double?
  var gradient: String?
  var colorBar: ColorBar?
  /// Said in the middle of a plot that has nothing to draw.
  var empty = ""
}

/// Where a chart names its series; never over the data.
package enum LegendPlacement: Hashable, Sendable {
  /// Above, or at the right where there is room and need.
  case automatic
  case above
  case right
  case hidden
}

/// Something that happened at a place of the horizontal axis.
package struct EventMark: Hashable, Sendable {
  package var x: Double
  package var glyph: Character
  package var paint: Paint
  /// Whether an upright line runs through the plot.
  package var isLine: Bool

  package init(x: Double, glyph: Character, paint: Paint, isLine: Bool = false) {
    self.x = x
    self.glyph = glyph
    self.paint = paint
    self.isLine = isLine
  }
}

/// The key to shaded cells: which value each shade is.
package struct ColorBar: Hashable, Sendable {
  package var title: String
  package var bounds: ClosedRange<Double>
  package var format: NumberFormat
  /// Shown by characters rather than colours.
  package var usesGlyphs = false

  package init(title: String, bounds: ClosedRange<Double>, format: NumberFormat) {
    self.title = title
    self.bounds = bounds
    self.format = format
  }
}
