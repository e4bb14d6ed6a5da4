import Charts

/// How a plot is drawn besides what it shows: as the person wants it.
package struct PlotManner: Hashable, Sendable {
  /// What the upright axis reaches over.
  package enum Rise: Hashable, Sendable {
    case fitted
    case fromZero
    /// Kept as it was while data change.
    case held(ClosedRange<Double>)
  }

  package var rise = Rise.fitted
  /// Whether a smoothed line lies over the raw ones, which are dimmed.
  package var isSmoothed = false

  /// The weight of what came before in a smoothed line.
  static let smoothing = 0.8

  /// The picture so drawn.
  func applied(to picture: PlotPicture) -> PlotPicture {
    switch picture {
    case .line(var chart):
      if isSmoothed {
        for place in chart.series.indices where chart.series[place].canBeSmoothed {
          chart.series[place].smoothing = Self.smoothing
        }
      }
      raise(&chart.y)
      return .line(chart)
    case .scatter(var chart):
      raise(&chart.y)
      return .scatter(chart)
    case .heat, .matrix, .bars: return picture
    }
  }

  private func raise(_ axis: inout Axis) {
    switch rise {
    case .fitted: break
    case .fromZero: axis.includesZero = true
    case .held(let range): axis.range = .fixed(range)
    }
  }

  /// What the border says of it, so that nobody mistakes it for the plain plot.
  var words: [String] {
    let rise =
      switch rise {
      case .fitted: ""
      case .fromZero: "from 0"
      case .held: "scale held"
      }
    return [rise, isSmoothed ? "smoothed" : ""].filter { !$0.isEmpty }
  }
}

extension LineSeries {
  /// Bars have no line, and two points nothing between them.
  var canBeSmoothed: Bool { kind != .bars && points.count > 2 }
}
