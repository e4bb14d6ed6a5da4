/// What a line chart draws.
extension LineChart {
  /// The scene for a plot about so many columns wide, which decides how many points get a glyph.
  func scene(pointColumns: Int) -> Scene {
    let xBounds = x.bounds(of: ClosedRange(holding: xValues))
    let yBounds = y.bounds(of: yReach(within: xBounds))
    var scene = Scene(title: title, x: x, y: y, xBounds: xBounds, yBounds: yBounds)
    scene.placement = legend
    scene.empty = empty
    scene.crosshair = crosshair
    scene.events = events
    let order =
      series.indices.filter { !series[$0].emphasis }
      + series.indices.filter { series[$0].emphasis }
    let hasPoints = series.contains { series in
      series.points.contains { x.shows($0.x) && y.shows($0.y) }
    }
    guard hasPoints || !references.isEmpty else { return scene }
    for event in events where event.isLine { scene.layers.append(.upright(event.x, .grid)) }
    for index in order { scene.layers += areas(of: index) }
    for reference in references {
      scene.layers.append(
        .level(reference.value, label: reference.label, .series(reference.look)))
    }
    for index in order { scene.layers += lines(of: index, in: xBounds, yBounds, pointColumns) }
    if let crosshair {
      for reading in values(at: crosshair) {
        let glyph = series.first { $0.name == reading.name }?.glyph?.unicodeScalars.first
        scene.layers.append(
          .glyphs(
            [.init(x: reading.point.x, y: reading.point.y)], glyph ?? "●",
            .emphasis(reading.look)))
      }
    }
    scene.legend = entries(yBounds)
    return scene
  }

  // MARK: Reach

  private var xValues: some Sequence<Double> {
    let events = events.map(\.x).filter { x.shows($0) }
    return series.lazy.flatMap(\.points).map(\.x).filter { x.shows($0) } + events
  }

  /// What is to be seen between two places: the points there, and where lines cross the edges.
  private func yReach(within bounds: ClosedRange<Double>) -> ClosedRange<Double>? {
    var (low, high) = (Double.infinity, -Double.infinity)
    func take(_ value: Double) {
      guard y.shows(value) else { return }
      low = min(low, value)
      high = max(high, value)
    }
    for series in series {
      var previous: ChartPoint?
      for point in series.points {
        if bounds.contains(point.x) {
          take(point.y)
          if let value = point.low { take(value) }
          if let value = point.high { take(value) }
          if series.kind == .bars { take(0) }
        }
        if let previous, series.kind == .line {
          for edge in [bounds.lowerBound, bounds.upperBound]
          where (previous.x < edge) != (point.x < edge) {
            let share = (edge - previous.x) / (point.x - previous.x)
            take(previous.y + (point.y - previous.y) * share)
          }
        } else if let previous, series.kind == .steps, previous.x < bounds.lowerBound,
          point.x > bounds.lowerBound
        {
          take(previous.y)
        }
        previous = point
      }
    }
    for reference in references { take(reference.value) }
    return low <= high ? low...high : nil
  }

  // MARK: Layers

  private func look(_ index: Int) -> Int { series[index].look ?? index }

  private func areas(of index: Int) -> [Scene.Layer] {
    let series = series[index]
    guard series.hasBand else { return [] }
    var area = series.points.map { point in
      (x: point.x, low: point.low ?? .nan, high: point.high ?? .nan)
    }
    guard area.contains(where: { !$0.low.isNaN && !$0.high.isNaN }) else { return [] }
    if series.kind == .steps {
      area =
        zip(area, area.dropFirst()).flatMap { [$0, ($1.x, $0.low, $0.high)] }
        + area.suffix(1)
    }
    return [.area(area, .band(look(index)), isFilled: fillsBands)]
  }

  private func lines(
    of index: Int, in xBounds: ClosedRange<Double>, _ yBounds: ClosedRange<Double>,
    _ columns: Int
  ) -> [Scene.Layer] {
    let series = series[index]
    let look = look(index)
    let isFaint = series.dimmed || series.smoothing != nil
    let paint: Paint = isFaint ? .faint(look) : series.emphasis ? .emphasis(look) : .series(look)
    let places = series.points.map { Scene.Place(x: $0.x, y: y.shows($0.y) ? $0.y : .nan) }
    var layers: [Scene.Layer] = []
    switch series.kind {
    case .line: layers.append(.line(places, paint, .solid))
    case .steps: layers.append(.line(Self.stepped(places), paint, .solid))
    case .bars: layers.append(.bars(bars(places, yBounds), paint))
    case .points where series.hasBand: break
    case .points:
      let spans = series.points.compactMap { point -> (Double, Double, Double)? in
        guard let low = point.low, let high = point.high else { return nil }
        return (point.x, low, high)
      }
      if !spans.isEmpty { layers.append(.spans(spans, .faint(look))) }
    }
    if let weight = series.smoothing, series.kind != .bars {
      let smooth = Smoothing.exponential(places.map(\.y), weight: weight)
      let line = zip(places, smooth).map { Scene.Place(x: $0.x, y: $1) }
      layers.append(.line(line, series.emphasis ? .emphasis(look) : .series(look), .solid))
    }
    if let glyph = series.glyph?.unicodeScalars.first ?? (series.kind == .points ? "●" : nil) {
      let shown = marked(places, series, index, in: xBounds, columns)
      layers.append(.glyphs(shown, glyph, paint))
    }
    return layers
  }

  /// The points that get a glyph: all where they stand apart, else some, staggered from series to
  /// series.
  private func marked(
    _ places: [Scene.Place], _ series: LineSeries, _ index: Int,
    in bounds: ClosedRange<Double>, _ columns: Int
  ) -> [Scene.Place] {
    guard series.kind != .bars else { return [] }
    let visible = places.filter { bounds.contains($0.x) && $0.y.isFinite }
    guard series.kind != .points, visible.count * 4 > columns else { return visible }
    let projection = Projection(bounds, x.scale)
    let spacing = 24.0 / Double(max(24, columns))
    var next = spacing * (0.5 + Double(index % 5) / 5)
    var marked: [Scene.Place] = []
    for place in visible where projection.unit(place.x) >= next {
      marked.append(place)
      next = projection.unit(place.x) + spacing
    }
    return marked + visible.suffix(1)
  }

  private static func stepped(_ places: [Scene.Place]) -> [Scene.Place] {
    zip(places, places.dropFirst()).flatMap { [$0, Scene.Place(x: $1.x, y: $0.y)] }
      + places.suffix(1)
  }

  private func bars(
    _ places: [Scene.Place], _ yBounds: ClosedRange<Double>
  ) -> [(x: ClosedRange<Double>, y: ClosedRange<Double>)] {
    let sorted = places.map(\.x).filter { x.shows($0) }.sorted()
    let gaps = zip(sorted, sorted.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }
    let half = (gaps.min() ?? 1) * 0.4
    let base = min(max(0, yBounds.lowerBound), yBounds.upperBound)
    return places.filter { $0.x.isFinite && $0.y.isFinite }.map { place in
      let x = place.x - half...place.x + half
      return (x: x, y: min(base, place.y)...max(base, place.y))
    }
  }

  // MARK: Legend

  private func entries(_ yBounds: ClosedRange<Double>) -> [Scene.Entry] {
    let readings = namesValues ? crosshair.map(values) ?? [] : []
    let step = (yBounds.upperBound - yBounds.lowerBound) / 500
    let shown = series.enumerated().filter { $0.element.isListed || !readings.isEmpty }
    return shown.map { index, series in
      var name = series.name
      let missing = series.points.count { !x.shows($0.x) || !y.shows($0.y) }
      if let weight = series.smoothing {
        name += " ema \(NumberFormat.number.text(weight, step: 0.01))"
      }
      if missing > 0 { name += " (\(missing) nan)" }
      if let reading = readings.first(where: { $0.name == series.name && $0.look == look(index) }) {
        name += " " + y.format.text(reading.point.y, step: step)
      }
      let glyph = series.glyph?.unicodeScalars.first ?? (series.kind == .bars ? "▇" : "─")
      let paint: Paint = series.dimmed ? .faint(look(index)) : .series(look(index))
      return Scene.Entry(glyph: glyph, name: name, paint: paint)
    }
  }
}
