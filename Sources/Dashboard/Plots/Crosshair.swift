import Charts

/// Where the crosshair of a plot stands.
package struct Crosshair: Hashable, Sendable {
  /// The axis's units in a line chart, else the number of a point.
  package let stop: Double
  /// The ingredient or pair that it was put on, and stays on wherever that goes; nil for a place
  /// that is nobody's.
  package let name: String?
}

extension PlotContent {
  /// A crosshair put on a stop.
  func crosshair(at stop: Double) -> Crosshair { Crosshair(stop: stop, name: subject(at: stop)) }

  /// The stop at which a crosshair stands now; nil while what it is on has no place here.
  func stop(of crosshair: Crosshair) -> Double? {
    // An ingredient may have several places among a recipe's candidates.
    guard let name = crosshair.name, subject(at: crosshair.stop) != name else {
      return crosshair.stop
    }
    switch picture {
    case .scatter(let chart):
      return chart.ordered.firstIndex { $0.name == name }.map(Double.init)
    case .line: return subjects.firstIndex(of: name).map { Double($0 + 1) }
    case .heat, .matrix, .bars: return nil
    }
  }
}
