import Analysis
import Charts
import Themes

/// The plane through three checkpoints: loss or error over it, as far as it is measured.
struct LandscapePlot {
  enum Quantity {
    case loss(split: String)
    case error(split: String)
    /// Mean over the shifts.
    case shiftError([String])
  }

  let landscape: Landscape?
  let quantity: Quantity
  let glyphs: Glyphs
  /// The name of the checkpoint that all others were fine-tuned from.
  let initialisation: String?
  /// Number of the grid point under the crosshair, row by row from below.
  let crosshair: Int?

  var chart: HeatMap {
    guard let landscape else {
      return HeatMap(
        values: [], x: Axis(), y: Axis(), xRange: 0...1, yRange: 0...1,
        empty: "no landscape yet: :landscape measures the plane through three checkpoints")
    }
    let grid = landscape.grid
    let values = grid.filled(landscape.points.compactMapValues(value))
    return HeatMap(
      values: values.map { $0.map { $0 ?? .nan } },
      x: Axis("along \(grid.plane.names[0]) → \(grid.plane.names[1])"),
      y: Axis("at right angles"), xRange: grid.xRange, yRange: grid.yRange,
      bounds: bounds(landscape), valueTitle: title, format: isError ? .percent : .number,
      places: zip(grid.plane.names, grid.plane.places).map { name, place in
        HeatPlace(
          x: place.x, y: place.y, label: name,
          glyph: name == initialisation ? glyphs.initialisation : glyphs.mark)
      })
  }

  /// One corner far outside the basin would take all the colours; the highest tenth share one.
  private func bounds(_ landscape: Landscape) -> ClosedRange<Double>? {
    let values = landscape.points.values.compactMap(value).filter(\.isFinite).sorted()
    guard let low = values.first, values.count > 10 else { return nil }
    let high = values[min(values.count - 1, values.count * 9 / 10)]
    return low < high ? low...high : nil
  }

  private var isError: Bool {
    if case .loss = quantity { false } else { true }
  }

  private var title: String {
    switch quantity {
    case .loss(let split): "loss on \(split)"
    case .error(let split): "error on \(split)"
    case .shiftError: "mean error over shifts"
    }
  }

  private func value(_ standings: [String: Standing]) -> Double? {
    switch quantity {
    case .loss(let split): return standings[split]?.nll
    case .error(let split): return standings[split]?.error
    case .shiftError(let splits):
      let errors = splits.compactMap { standings[$0]?.error }
      guard errors.count == splits.count, !errors.isEmpty else { return nil }
      return errors.reduce(0, +) / Double(errors.count)
    }
  }

  var numbers: [PlotContent.Number] {
    guard let landscape else { return [] }
    let grid = landscape.grid
    var numbers = valuesAtCrosshair
    if let least = landscape.least(value) {
      numbers.append(.init("lowest", text(least.value)))
      let weights = grid.plane.weights(at: grid.place(of: least.node))
      for (name, weight) in zip(grid.plane.names, weights) {
        numbers.append(.init(" " + name, PlotText.signed(weight, 2)))
      }
    }
    for (name, place) in zip(grid.plane.names, grid.plane.places) {
      let node = landscape.points.keys.first { node in
        let other = grid.place(of: node)
        return abs(other.x - place.x) + abs(other.y - place.y) < 1e-9
      }
      if let node, let here = landscape.points[node].flatMap(value) {
        numbers.append(.init("at \(name)", text(here)))
      }
    }
    return numbers
  }

  /// The weights of the three at the crosshair, and what is measured there.
  private var valuesAtCrosshair: [PlotContent.Number] {
    guard let landscape, let crosshair, crosshair < landscape.grid.count else { return [] }
    let grid = landscape.grid
    let node = PlaneGrid.Node(
      column: crosshair % grid.columns, row: crosshair / grid.columns)
    let weights = grid.plane.weights(at: grid.place(of: node))
    let here = landscape.points[node].flatMap(value)
    return [.init("here", here.map(text) ?? "…")]
      + zip(grid.plane.names, weights).map { .init(" " + $0, PlotText.signed($1, 2)) }
  }

  private func text(_ value: Double) -> String {
    isError ? Numbers.percent(value) : PlotText.fixed(value, 3)
  }

  /// Whether every point of the grid is measured.
  var isWhole: Bool { landscape.map { $0.points.count >= $0.grid.count } ?? true }

  var meaning: String? {
    guard let landscape, let least = landscape.least(value) else { return nil }
    let plane = landscape.grid.plane
    let weights = plane.weights(at: landscape.grid.place(of: least.node))
    let corner = weights.firstIndex { $0 > 0.999 }
    if let corner { return "The lowest \(title) is at \(plane.names[corner]) itself." }
    let isBetween = weights.allSatisfy { $0 >= -1e-9 }
    return isBetween
      ? "The lowest \(title) lies between the checkpoints: their soup is better than any of them."
      : "The lowest \(title) lies outside the triangle of the checkpoints."
  }
}
