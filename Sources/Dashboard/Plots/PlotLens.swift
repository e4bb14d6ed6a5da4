import Charts

/// How a plot is looked at: a crosshair that goes from stop to stop, and the part that is seen.
extension PlotPicture {
  /// Where a crosshair can stand: places of a line chart's points, else numbers of points.
  var stops: [Double] {
    switch self {
    case .line(let chart): Set(chart.series.flatMap(\.points).map(\.x)).sorted()
    case .scatter(let chart): chart.ordered.indices.map(Double.init)
    case .heat(let map): (0..<map.values.joined().count).map(Double.init)
    case .matrix, .bars: []
    }
  }

  /// Where a crosshair appears: on a plane at the lowest value; nil for an end.
  var firstStop: Double? {
    guard case .heat(let map) = self else { return nil }
    let values = map.values.joined().enumerated().filter { $0.element.isFinite }
    return values.min { $0.element < $1.element }.map { Double($0.offset) }
  }

  /// How far the horizontal axis reaches; nil for what cannot be zoomed.
  var fullRange: ClosedRange<Double>? {
    switch self {
    case .line(let chart): chart.fullRange
    case .scatter(let chart): chart.fullRange
    case .heat(let map): map.values.isEmpty ? nil : map.xRange
    case .matrix, .bars: nil
    }
  }

  /// The place of a stop on the horizontal axis, in its even measure.
  func x(atStop stop: Double) -> Double? {
    switch self {
    case .line: return stop
    case .scatter(let chart):
      let points = chart.ordered
      return points.indices.contains(Int(stop)) ? chart.x.scale.even(points[Int(stop)].x) : nil
    case .heat(let map): return map.place(atStop: stop)?.x
    case .matrix, .bars: return nil
    }
  }
}

extension HeatMap {
  func place(atStop stop: Double) -> (x: Double, y: Double)? {
    guard let columns = values.first?.count, stop >= 0, Int(stop) < columns * values.count else {
      return nil
    }
    return place(row: Int(stop) / columns, column: Int(stop) % columns)
  }
}

extension PlotContent {
  /// The plot with the values under a crosshair before its numbers.
  func showing(crosshair: Double?) -> PlotContent {
    guard let crosshair else { return self }
    var content = self
    switch picture {
    case .line(var chart):
      chart.crosshair = crosshair
      content.picture = .line(chart)
      content.crosshairNumbers = subject(at: crosshair).map { [Number($0, "")] } ?? []
      content.crosshairNumbers += chart.values(at: crosshair).map {
        Number(" " + $0.name, chart.y.text($0.point.y, over: chart.valueSpan))
      }
    case .scatter(var chart):
      let points = chart.ordered
      guard points.indices.contains(Int(crosshair)) else { return self }
      let point = points[Int(crosshair)]
      chart.selected = point.name
      content.picture = .scatter(chart)
      let spans = chart.spans
      content.crosshairNumbers = [
        Number(point.name, ""),
        Number(" " + chart.x.title, chart.x.text(point.x, over: spans.x)),
        Number(" " + chart.y.title, chart.y.text(point.y, over: spans.y)),
      ]
    case .heat(var map):
      guard let place = map.place(atStop: crosshair) else { return self }
      map.places.append(HeatPlace(x: place.x, y: place.y, label: "", glyph: "✚"))
      content.picture = .heat(map)
    case .matrix, .bars: break
    }
    return content
  }

  /// The ingredient that a stop of the crosshair stands at; nil for stops that are not one's.
  func subject(at stop: Double) -> String? {
    switch picture {
    case .scatter(let chart):
      let points = chart.ordered
      return points.indices.contains(Int(stop)) ? points[Int(stop)].name : nil
    case .line:
      let place = Int(stop) - 1
      return stop == stop.rounded() && subjects.indices.contains(place) ? subjects[place] : nil
    case .heat, .matrix, .bars: return nil
    }
  }

  /// The part of the plot that is seen.
  func windowed(_ viewport: Charts.Viewport?, about crosshair: Double?) -> PlotContent {
    guard let viewport, viewport.isZoomed, let full = picture.fullRange else { return self }
    var content = self
    let window = viewport.visible(in: full)
    switch picture {
    case .line(var chart):
      chart.x.range = viewport.reach(in: full)
      content.picture = .line(chart)
    case .scatter(let chart): content.picture = .scatter(chart.windowed(window))
    case .heat(var map):
      let share = (window.upperBound - window.lowerBound) / (full.upperBound - full.lowerBound)
      let tall = map.yRange.upperBound - map.yRange.lowerBound
      let middle =
        crosshair.flatMap(map.place(atStop:))?.y ?? (map.yRange.lowerBound + tall / 2)
      let low = min(
        max(middle - share * tall / 2, map.yRange.lowerBound),
        map.yRange.upperBound - share * tall)
      map.x.range = .fixed(window)
      map.y.range = .fixed(low...low + share * tall)
      content.picture = .heat(map)
    case .matrix, .bars: break
    }
    return content
  }
}

extension Axis {
  /// A value as the axis writes it, with more digits than its ticks need: as many for all values
  /// that reach over so much.
  fileprivate func text(_ value: Double, over span: Double) -> String {
    let isEven = scale == .linear && span >= 0.01
    return format.text(value, step: isEven ? 1e-4 * max(1, span) : max(abs(value) / 1000, 1e-6))
  }
}

extension LineChart {
  fileprivate var valueSpan: Double { span(of: series.lazy.flatMap(\.points).map(\.y)) }
}

extension ScatterChart {
  fileprivate var spans: (x: Double, y: Double) {
    let points = ordered
    return (span(of: points.lazy.map(\.x)), span(of: points.lazy.map(\.y)))
  }
}

private func span(of values: some Sequence<Double>) -> Double {
  let finite = values.filter(\.isFinite)
  guard let least = finite.min(), let most = finite.max() else { return 0 }
  return most - least
}
