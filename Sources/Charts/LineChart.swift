package import Themes

/// A value of a series, with the bounds of what it may as well be where they are known.
package struct ChartPoint: Hashable, Sendable {
  package var x, y: Double
  package var low, high: Double?

  package init(_ x: Double, _ y: Double, low: Double? = nil, high: Double? = nil) {
    self.x = x
    self.y = y
    self.low = low
    self.high = high
  }
}

/// A named series of a line chart.
package struct LineSeries: Hashable, Sendable {
  /// How a series is drawn.
  package enum Kind: Hashable, Sendable {
    case line
    /// Level until the next point: a value that holds until it changes.
    case steps
    case points
    /// Upright from zero, or from the axis's start.
    case bars
  }

  package var name: String
  package var points: [ChartPoint]
  package var kind: Kind
  /// Which look it has, in `Paint`; nil for its place in the chart.
  package var look: Int?
  /// Marks its points, so that it is told apart without colour; nil for none.
  package var glyph: Character?
  /// Drawn last and whole.
  package var emphasis: Bool
  package var dimmed: Bool
  /// Adds a smoothed line (`Smoothing.exponential`) of this weight over the dimmed raw one; nil for
  /// none.
  package var smoothing: Double?
  /// Whether the legend names it while there is no crosshair; one of several alike is enough.
  package var isListed: Bool

  package init(
    _ name: String, _ points: [ChartPoint], kind: Kind = .line, look: Int? = nil,
    glyph: Character? = nil, emphasis: Bool = false, dimmed: Bool = false,
    smoothing: Double? = nil, isListed: Bool = true
  ) {
    self.name = name
    self.points = points
    self.kind = kind
    self.look = look
    self.glyph = glyph
    self.emphasis = emphasis
    self.dimmed = dimmed
    self.smoothing = smoothing
    self.isListed = isListed
  }
}

extension LineSeries {
  /// More points than this have spans so close to each other that a band says the same in peace.
  private static let mostSpans = 12

  /// Whether intervals are drawn as one band instead of a span for each point.
  var hasBand: Bool {
    switch kind {
    case .line, .steps: true
    case .bars: false
    case .points:
      points.count > Self.mostSpans
        && zip(points, points.dropFirst()).allSatisfy { $0.x < $1.x }
    }
  }
}

/// A level to compare with, across the plot.
package struct ReferenceLine: Hashable, Sendable {
  package var value: Double
  package var label: String
  package var look: Int

  package init(_ value: Double, label: String, look: Int) {
    self.value = value
    self.label = label
    self.look = look
  }
}

/// Series over a common horizontal axis.
package struct LineChart: Hashable, Sendable {
  package var title: String
  package var series: [LineSeries]
  package var x, y: Axis
  package var references: [ReferenceLine]
  package var events: [EventMark]
  /// The place of an upright line at which the legend shows values; nil for none.
  package var crosshair: Double?
  /// Whether the legend shows them; not where they are listed elsewhere.
  package var namesValues = true
  package var legend: LegendPlacement
  /// Whether bands are nothing but a ground of their colour, for terminals that have such colours;
  /// dotted edges show them everywhere.
  package var fillsBands = false
  /// Said where there are no points.
  package var empty: String

  package init(
    title: String = "", series: [LineSeries], x: Axis = Axis(padding: 0), y: Axis = Axis(),
    references: [ReferenceLine] = [], events: [EventMark] = [], crosshair: Double? = nil,
    legend: LegendPlacement = .automatic, empty: String = "nothing measured yet"
  ) {
    self.title = title
    self.series = series
    self.x = x
    self.y = y
    self.references = references
    self.events = events
    self.crosshair = crosshair
    self.legend = legend
    self.empty = empty
  }

  /// The width of labels this chart needs at a size; give the widest of a stack to each as
  /// `y.gutter`.
  package func naturalGutter(columns: Int, rows: Int, marker: PlotMarker) -> Int {
    Layout.naturalGutter(
      scene(pointColumns: columns), columns: columns, rows: rows, marker: marker)
  }

  /// How far the horizontal axis reaches unless it is fixed: what a `Viewport` moves in.
  package var fullRange: ClosedRange<Double> {
    var axis = x
    if case .fixed = axis.range { axis.range = .auto }
    return axis.bounds(of: ClosedRange(holding: placedX))
  }

  private var placedX: some Sequence<Double> {
    series.lazy.flatMap(\.points).map(\.x).filter { x.shows($0) }
  }
}

extension LineChart: Chart {
  /// The chart with characters, in a frame of any size; linear in the points and the cells.
  package func render(columns: Int, rows: Int, marker: PlotMarker) -> ChartFrame {
    Renderer.render(
      scene(pointColumns: columns), columns: columns, rows: rows, marker: marker)
  }

  package func svg(width: Int, height: Int, palette: SVGPalette) -> String {
    let scene = scene(pointColumns: width / SVGRenderer.columnWidth)
    return SVGRenderer.render(scene, width: width, height: height, palette: palette)
  }

  package func csv() -> String {
    var csv = CSV("series", x.caption.isEmpty ? "x" : x.caption, "y", "low", "high")
    for series in series {
      for point in series.points {
        csv.add(
          series.name, CSV.field(point.x), CSV.field(point.y), CSV.field(point.low),
          CSV.field(point.high))
      }
    }
    return csv.text
  }
}

// MARK: - Values

extension LineChart {
  /// What a series is worth at the crosshair.
  package struct Reading: Hashable, Sendable {
    package let name: String
    package let look: Int
    package let point: ChartPoint
  }

  /// For every series its point that is nearest to `x`; series without one are left out.
  package func values(at x: Double) -> [Reading] {
    series.enumerated().compactMap { index, series in
      let points = series.points.filter { self.x.shows($0.x) && y.shows($0.y) }
      let nearest = points.min { abs($0.x - x) < abs($1.x - x) }
      return nearest.map {
        Reading(name: series.name, look: series.look ?? index, point: $0)
      }
    }
  }
}
