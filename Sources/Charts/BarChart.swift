package import Themes

/// Bars over ranges of a value, and lines over them: histograms and reliability diagrams.
package struct BarChart: Hashable, Sendable {
  /// One bar, from the axis up.
  package struct Bar: Hashable, Sendable {
    package var range: ClosedRange<Double>
    package var value: Double

    package init(_ range: ClosedRange<Double>, _ value: Double) {
      self.range = range
      self.value = value
    }
  }

  package var title: String
  package var name: String
  package var bars: [Bar]
  package var look: Int
  package var x, y: Axis
  /// Series drawn over the bars.
  package var lines: [LineSeries]
  /// Draws where both axes are equal: perfect calibration.
  package var diagonal: Bool
  package var legend: LegendPlacement
  package var empty: String

  package init(
    title: String = "", name: String = "", bars: [Bar], look: Int = 0, x: Axis, y: Axis,
    lines: [LineSeries] = [], diagonal: Bool = false, legend: LegendPlacement = .automatic,
    empty: String = "nothing measured yet"
  ) {
    self.title = title
    self.name = name
    self.bars = bars
    self.look = look
    self.x = x
    self.y = y
    self.lines = lines
    self.diagonal = diagonal
    self.legend = legend
    self.empty = empty
  }

  /// How often values fall into ranges of equal width.
  ///
  /// Values that are not finite are left out. `bins` nil takes the square root of their number, 5
  /// to 60.
  package static func histogram(
    of values: [Double], name: String = "", title: String = "", look: Int = 0, x: Axis,
    bins: Int? = nil
  ) -> BarChart {
    let values = values.filter { x.shows($0) }
    let count = max(1, bins ?? min(60, max(5, Int(Double(values.count).squareRoot()))))
    var x = x
    let y = Axis("count", format: .integer, includesZero: true)
    guard let data = ClosedRange(holding: values) else {
      return BarChart(title: title, name: name, bars: [], look: look, x: x, y: y)
    }
    x.padding = 0
    let reach = x.bounds(of: data)
    var counts = Array(repeating: 0, count: count)
    let projection = Projection(reach, .linear)
    for value in values where reach.contains(value) {
      counts[min(count - 1, Int(projection.unit(value) * Double(count)))] += 1
    }
    let edges = (0...count).map { projection.value(at: Double($0) / Double(count)) }
    let bars = zip(zip(edges, edges.dropFirst()), counts).map { edges, count in
      Bar(edges.0...max(edges.0, edges.1), Double(count))
    }
    return BarChart(title: title, name: name, bars: bars, look: look, x: x, y: y)
  }

  /// A reliability diagram: per range of confidence the share that was right.
  ///
  /// The diagonal is perfect calibration (Guo and others 2017, figure 1).
  ///
  /// - Parameters:
  ///   - bins: Mean confidence, share right and number of examples of each range; ranges without
  ///     examples are left out.
  ///   - after: The same after rescaling, as a line; nil for none.
  package static func reliability(
    _ bins: [ReliabilityBin], name: String = "before", after: [ReliabilityBin]? = nil,
    afterName: String = "after", title: String = "", look: Int = 0
  ) -> BarChart {
    let share = Axis("accuracy", range: .fixed(0...1), format: .percent)
    var confidence = share
    confidence.title = "confidence"
    let lines = after.map { bins in
      let points = bins.filter { $0.count > 0 }.map { ChartPoint($0.confidence, $0.accuracy) }
      return [LineSeries(afterName, points, look: look + 1, glyph: "●")]
    }
    return BarChart(
      title: title, name: name,
      bars: bins.filter { $0.count > 0 }.map { Bar($0.range, $0.accuracy) }, look: look,
      x: confidence, y: share, lines: lines ?? [], diagonal: true)
  }
}

/// The examples whose confidence falls into one range.
package struct ReliabilityBin: Hashable, Sendable {
  package var range: ClosedRange<Double>
  package var confidence, accuracy: Double
  package var count: Int

  package init(
    range: ClosedRange<Double>, confidence: Double, accuracy: Double, count: Int
  ) {
    self.range = range
    self.confidence = confidence
    self.accuracy = accuracy
    self.count = count
  }
}

extension BarChart: Chart {
  package func render(columns: Int, rows: Int, marker: PlotMarker) -> ChartFrame {
    Renderer.render(scene, columns: columns, rows: rows, marker: marker)
  }

  package func svg(width: Int, height: Int, palette: SVGPalette) -> String {
    SVGRenderer.render(scene, width: width, height: height, palette: palette)
  }

  package func csv() -> String {
    var csv = CSV("name", "from", "to", "value")
    for bar in bars {
      csv.add(
        name, CSV.field(bar.range.lowerBound), CSV.field(bar.range.upperBound),
        CSV.field(bar.value))
    }
    for line in lines {
      for point in line.points {
        csv.add(line.name, CSV.field(point.x), CSV.field(point.x), CSV.field(point.y))
      }
    }
    return csv.text
  }

  var scene: Scene {
    let bars = bars.filter { x.shows($0.range.lowerBound) && y.shows($0.value) }
    let points = lines.flatMap(\.points)
    var scene = Scene(
      title: title, x: x, y: y,
      xBounds: x.bounds(
        of: ClosedRange(
          holding: bars.flatMap { [$0.range.lowerBound, $0.range.upperBound] }
            + points.map(\.x).filter { x.shows($0) })),
      yBounds: y.bounds(
        of: ClosedRange(
          holding: bars.map(\.value) + points.map(\.y).filter { y.shows($0) })))
    scene.placement = legend
    scene.empty = empty
    guard !bars.isEmpty || !points.isEmpty else { return scene }
    let base = min(max(0, scene.yBounds.lowerBound), scene.yBounds.upperBound)
    scene.layers.append(
      .bars(
        bars.map { (x: $0.range, y: min(base, $0.value)...max(base, $0.value)) },
        .series(look)))
    if !name.isEmpty { scene.legend.append(.init(glyph: "▇", name: name, paint: .series(look))) }
    if diagonal {
      let low = max(scene.xBounds.lowerBound, scene.yBounds.lowerBound)
      let high = min(scene.xBounds.upperBound, scene.yBounds.upperBound)
      if low < high {
        scene.layers.append(
          .line([.init(x: low, y: low), .init(x: high, y: high)], .legend, .dotted))
      }
    }
    for (index, line) in lines.enumerated() {
      let look = line.look ?? look + 1 + index
      let places = line.points.map { Scene.Place(x: $0.x, y: y.shows($0.y) ? $0.y : .nan) }
      scene.layers.append(.line(places, .series(look), .solid))
      let glyph = line.glyph?.unicodeScalars.first
      if let glyph { scene.layers.append(.glyphs(places, glyph, .series(look))) }
      scene.legend.append(.init(glyph: glyph ?? "─", name: line.name, paint: .series(look)))
    }
    return scene
  }
}
