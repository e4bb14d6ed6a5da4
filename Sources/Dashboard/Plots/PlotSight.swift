import Charts
import TerminalUI
import Themes

/// Where a plot's data stand on the screen: turns the place of a pointer into values.
package struct PlotSight: Hashable, Sendable {
  package let kind: PlotState.Kind
  let area: PlotArea
  /// The chart's upper left cell.
  let origin: Point

  /// The cells in which data are drawn.
  var rect: Rect {
    Rect(
      column: origin.column + area.columns.lowerBound, row: origin.row + area.rows.lowerBound,
      columns: area.columns.count, rows: area.rows.count)
  }

  /// The value across at a place, the nearest edge's beside the data.
  func x(at point: Point) -> Double {
    area.x(
      atColumn: min(
        max(point.column - origin.column, area.columns.lowerBound), area.columns.upperBound - 1))
  }

  /// The same in the axis's even measure.
  func evenX(at point: Point) -> Double { area.x.scale.even(x(at: point)) }

  /// How far a point is from the middle of a cell, in the plot's widths and heights.
  func distance(x: Double, y: Double, from point: Point) -> Double {
    let across = area.x.unit(x) - area.x.unit(self.x(at: point))
    let row = min(max(point.row - origin.row, area.rows.lowerBound), area.rows.upperBound - 1)
    let up = area.y.unit(y) - area.y.unit(area.y(atRow: row))
    return (across * across + up * up).squareRoot()
  }
}

extension PlotPicture {
  /// The stop of the crosshair that is nearest to a place; nil where there is none.
  func stop(nearest point: Point, in sight: PlotSight) -> Double? {
    func nearest(_ distance: (Double) -> Double) -> Double? {
      stops.map { ($0, distance($0)) }.filter { $0.1.isFinite }.min { $0.1 < $1.1 }?.0
    }
    switch self {
    case .line:
      let x = sight.x(at: point)
      return nearest { abs($0 - x) }
    case .scatter(let chart):
      let points = chart.ordered
      return nearest { sight.distance(x: points[Int($0)].x, y: points[Int($0)].y, from: point) }
    case .heat(let map):
      return nearest { stop in
        map.place(atStop: stop).map { sight.distance(x: $0.x, y: $0.y, from: point) } ?? .nan
      }
    case .matrix, .bars: return nil
    }
  }

  /// How far the upright axis reaches as it is drawn; nil where there is none to hold.
  var uprightReach: ClosedRange<Double>? {
    switch self {
    case .line, .scatter:
      chart.render(columns: 80, rows: 24, marker: .ascii).plot?.y.bounds
    case .heat, .matrix, .bars: nil
    }
  }

  /// Whether the upright axis has a zero.
  var canRiseFromZero: Bool {
    if case .scatter(let chart) = self { chart.y.scale == .linear } else { true }
  }
}
