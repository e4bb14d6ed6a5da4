package import Charts

/// A plot as data: what is drawn on the screen and what is saved.
package enum PlotPicture: Hashable, Sendable {
  case line(LineChart)
  case scatter(ScatterChart)
  case heat(HeatMap)
  case matrix(Matrix)
  case bars(BarChart)

  package var chart: any Chart {
    switch self {
    case .line(let chart): chart
    case .scatter(let chart): chart
    case .heat(let chart): chart
    case .matrix(let chart): chart
    case .bars(let chart): chart
    }
  }

  /// The same for terminals with colours enough for a faint ground.
  var withFilledBands: PlotPicture {
    guard case .line(var chart) = self else { return self }
    chart.fillsBands = true
    return .line(chart)
  }

  /// The same with a legend that leaves the values under the crosshair to a list beside it.
  var withPlainLegend: PlotPicture {
    guard case .line(var chart) = self else { return self }
    chart.namesValues = false
    return .line(chart)
  }

  /// The same for terminals without colours: shades become characters.
  var withoutColors: PlotPicture {
    switch self {
    case .heat(var map):
      map.shading = .glyphs
      return .heat(map)
    case .matrix(var matrix):
      matrix.shading = .glyphs
      return .matrix(matrix)
    case .line, .scatter, .bars: return self
    }
  }
}

/// A plot with what is said about it.
package struct PlotContent: Hashable, Sendable {
  /// A number beside the picture.
  package struct Number: Hashable, Sendable {
    package let label: String
    package let value: String

    init(_ label: String, _ value: String) {
      self.label = label
      self.value = value
    }
  }

  package var picture: PlotPicture
  package var numbers: [Number] = []
  /// What stands under the crosshair, before the numbers.
  package internal(set) var crosshairNumbers: [Number] = []
  /// The ingredients at 1, 2, 3 … of the horizontal axis, where it counts them.
  package var subjects: [String] = []
  /// What it means, in a sentence or two; nil while nothing is known.
  package var meaning: String?
  /// Whether it is of all that there is to measure; else the meaning may change yet.
  package var isWhole = true

  init(
    _ picture: PlotPicture, numbers: [Number] = [], subjects: [String] = [],
    meaning: String? = nil, isWhole: Bool = true
  ) {
    self.picture = picture
    self.numbers = numbers
    self.subjects = subjects
    self.meaning = meaning
    self.isWhole = isWhole
  }
}
