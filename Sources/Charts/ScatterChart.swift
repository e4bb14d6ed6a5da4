package import Themes

/// A place in a scatter chart, with the bounds of what it may as well be where they are known.
package struct ScatterPoint: Hashable, Sendable {
  /// What the point is, for a table of the values.
  package var name: String
  package var x, y: Double
  package var xRange, yRange: ClosedRange<Double>?
  /// Written beside the point where there is room.
  package var label: String?

  package init(
    _ name: String, x: Double, y: Double, xRange: ClosedRange<Double>? = nil,
    yRange: ClosedRange<Double>? = nil, label: String? = nil
  ) {
    self.name = name
    self.x = x
    self.y = y
    self.xRange = xRange
    self.yRange = yRange
    self.label = label
  }
}

/// Points that look alike.
package struct ScatterGroup: Hashable, Sendable {
  package var name: String
  package var points: [ScatterPoint]
  /// Which look it has, in `Paint`; nil for its place in the chart.
  package var look: Int?
  /// The points' character; nil draws each as one dot, for very many.
  package var glyph: Character?

  package init(
    _ name: String, _ points: [ScatterPoint], look: Int? = nil, glyph: Character? = "●"
  ) {
    self.name = name
    self.points = points
    self.look = look
    self.glyph = glyph
  }
}

/// Points by two of their values, groups over each other in order.
///
/// Points of a group that fall into one cell show their number.
package struct ScatterChart: Hashable, Sendable {
  /// Which way of a value is better.
  package enum Preference: Hashable, Sendable {
    case higher
    case lower
  }

  package var title: String
  package var groups: [ScatterGroup]
  package var x, y: Axis
  /// Draws the front of points that no other betters in both values; nil for none.
  package var front: (x: Preference, y: Preference)? {
    get { frontPreferences.map { ($0.x, $0.y) } }
    set { frontPreferences = newValue.map { Front(x: $0.x, y: $0.y) } }
  }
  /// The name of the point under the cursor.
  package var selected: String?
  /// Draws where both values are equal: predicted against measured.
  package var diagonal: Bool
  /// Levels to compare with.
  package var references: [ReferenceLine]
  package var legend: LegendPlacement
  package var empty: String
  private var frontPreferences: Front?
  /// The points of the whole chart when this is a part of it: the front is theirs.
  private var whole: [ScatterPoint]?

  /// All points that have a place, by rising x: the stops of a crosshair.
  package var ordered: [ScatterPoint] {
    groups.flatMap(\.points).filter { x.shows($0.x) && y.shows($0.y) }
      .sorted { ($0.x, $0.y, $0.name) < ($1.x, $1.y, $1.name) }
  }

  /// How far the horizontal axis reaches unless it is fixed, in its even measure: what a `Viewport`
  /// moves in.
  package var fullRange: ClosedRange<Double> {
    var axis = x
    if case .fixed = axis.range { axis.range = .auto }
    let bounds = axis.bounds(of: ClosedRange(holding: ordered.map(\.x)))
    return x.scale.even(bounds.lowerBound)...x.scale.even(bounds.upperBound)
  }

  /// The part of it between two places of `fullRange`, the other axis as far as what is left.
  package func windowed(_ window: ClosedRange<Double>) -> ScatterChart {
    var part = self
    part.whole = whole ?? ordered
    let seen = x.scale.value(ofEven: window.lowerBound)...x.scale.value(ofEven: window.upperBound)
    part.x.range = .fixed(seen)
    for index in groups.indices {
      part.groups[index].points = groups[index].points.filter { seen.contains($0.x) }
    }
    return part
  }

  private struct Front: Hashable, Sendable {
    let x, y: Preference
  }

  package init(
    title: String = "", groups: [ScatterGroup], x: Axis, y: Axis,
    front: (x: Preference, y: Preference)? = nil, selected: String? = nil,
    diagonal: Bool = false, references: [ReferenceLine] = [],
    legend: LegendPlacement = .automatic, empty: String = "nothing to compare yet"
  ) {
    self.title = title
    self.groups = groups
    self.x = x
    self.y = y
    self.selected = selected
    self.diagonal = diagonal
    self.references = references
    self.legend = legend
    self.empty = empty
    self.front = front
  }

  /// The indices of the points that no other betters in one value without being worse in the other,
  /// by rising x.
  ///
  /// Of equal points the first counts. O(n log n).
  package static func paretoFront(
    _ points: [(x: Double, y: Double)], x: Preference, y: Preference
  ) -> [Int] {
    let keys = points.map { point in
      (x: x == .higher ? point.x : -point.x, y: y == .higher ? point.y : -point.y)
    }
    let finite = points.indices.filter { points[$0].x.isFinite && points[$0].y.isFinite }
    let order = finite.sorted { left, right in
      let (a, b) = (keys[left], keys[right])
      if a.x != b.x { return a.x > b.x }
      return a.y != b.y ? a.y > b.y : left < right
    }
    var best = -Double.infinity
    var front: [Int] = []
    for index in order where keys[index].y > best {
      best = keys[index].y
      front.append(index)
    }
    return front.sorted { points[$0].x < points[$1].x }
  }
}

extension ScatterChart: Chart {
  package func render(columns: Int, rows: Int, marker: PlotMarker) -> ChartFrame {
    Renderer.render(scene, columns: columns, rows: rows, marker: marker)
  }

  package func svg(width: Int, height: Int, palette: SVGPalette) -> String {
    SVGRenderer.render(scene, width: width, height: height, palette: palette)
  }

  package func csv() -> String {
    var csv = CSV("group", "name", "x", "y", "x_low", "x_high", "y_low", "y_high")
    for group in groups {
      for point in group.points {
        csv.add(
          group.name, point.name, CSV.field(point.x), CSV.field(point.y),
          CSV.field(point.xRange?.lowerBound), CSV.field(point.xRange?.upperBound),
          CSV.field(point.yRange?.lowerBound), CSV.field(point.yRange?.upperBound))
      }
    }
    return csv.text
  }

  var scene: Scene {
    let points = groups.flatMap(\.points).filter { x.shows($0.x) && y.shows($0.y) }
    let xs = points.flatMap { [$0.x] + ($0.xRange.map { [$0.lowerBound, $0.upperBound] } ?? []) }
    let ys = points.flatMap { [$0.y] + ($0.yRange.map { [$0.lowerBound, $0.upperBound] } ?? []) }
    let levels = points.isEmpty ? [] : references.map(\.value)
    var scene = Scene(
      title: title, x: x, y: y,
      xBounds: x.bounds(of: ClosedRange(holding: xs.filter { x.shows($0) })),
      yBounds: y.bounds(of: ClosedRange(holding: (ys + levels).filter { y.shows($0) })))
    scene.placement = legend
    scene.empty = empty
    guard !points.isEmpty else { return scene }
    for reference in references {
      scene.layers.append(
        .level(reference.value, label: reference.label, .series(reference.look)))
    }
    if diagonal {
      let low = max(scene.xBounds.lowerBound, scene.yBounds.lowerBound)
      let high = min(scene.xBounds.upperBound, scene.yBounds.upperBound)
      if low < high {
        scene.layers.append(
          .line([.init(x: low, y: low), .init(x: high, y: high)], .axis, .dotted))
      }
    }
    if let front { scene.layers.append(frontLayer(whole ?? points, front)) }
    for (index, group) in groups.enumerated() { add(group, index, to: &scene) }
    return scene
  }

  private func frontLayer(
    _ points: [ScatterPoint], _ front: (x: Preference, y: Preference)
  ) -> Scene.Layer {
    let indices = Self.paretoFront(points.map { ($0.x, $0.y) }, x: front.x, y: front.y)
    let places = indices.map { Scene.Place(x: points[$0].x, y: points[$0].y) }
    // A step between neighbours stays in the region that both better.
    let corners = zip(places, places.dropFirst()).flatMap { left, right in
      [
        left,
        .init(x: front.x == .higher ? left.x : right.x, y: front.x == .higher ? right.y : left.y),
      ]
    }
    return .line(corners + places.suffix(1), .legend, .dotted)
  }

  private func add(_ group: ScatterGroup, _ index: Int, to scene: inout Scene) {
    let look = group.look ?? index
    let shown = group.points.filter { x.shows($0.x) && y.shows($0.y) }
    let places = shown.map { Scene.Place(x: $0.x, y: $0.y) }
    let upright = shown.compactMap { point in
      point.yRange.map { (x: point.x, low: $0.lowerBound, high: $0.upperBound) }
    }
    if !upright.isEmpty { scene.layers.append(.spans(upright, .faint(look))) }
    for point in shown {
      guard let range = point.xRange else { continue }
      let ends = [
        Scene.Place(x: range.lowerBound, y: point.y), .init(x: range.upperBound, y: point.y),
      ]
      scene.layers.append(.line(ends, .faint(look), .solid))
    }
    let glyph = group.glyph?.unicodeScalars.first
    if let glyph {
      scene.layers.append(.counted(places, glyph, .series(look)))
    } else {
      scene.layers.append(.dots(places, .series(look)))
    }
    for point in shown {
      guard let label = point.label else { continue }
      scene.layers.append(.label(.init(x: point.x, y: point.y), label, .series(look)))
    }
    if let selected, let point = shown.first(where: { $0.name == selected }) {
      scene.layers.append(.selected(.init(x: point.x, y: point.y), glyph ?? "●"))
    }
    let missing = group.points.count - shown.count
    let name = missing > 0 ? "\(group.name) (\(missing) nan)" : group.name
    scene.legend.append(.init(glyph: glyph ?? "·", name: name, paint: .series(look)))
  }
}
