import Foundation

@testable import Charts

/// Charts as the dashboard shows them, on made-up data.
enum Scenes {
  private static func points(
    _ count: Int = 24, band: Double? = nil, _ value: (Double) -> Double
  ) -> [ChartPoint] {
    (0..<count).map { index in
      let y = value(Double(index))
      return ChartPoint(Double(index + 1), y, low: band.map { y - $0 }, high: band.map { y + $0 })
    }
  }

  static let accuracy = LineChart(
    series: [
      LineSeries(
        "greedy soup", points(band: 0.004) { 0.972 + 0.012 * (1 - exp(-$0 / 5)) }, kind: .steps,
        look: 0, glyph: "◆", emphasis: true),
      LineSeries(
        "ensemble", points { 0.971 + 0.0145 * (1 - exp(-$0 / 6)) }, look: 1, glyph: "▲"),
      LineSeries("uniform", points { 0.972 + 0.008 * sin($0 / 6) }, look: 2, glyph: "■"),
      LineSeries(
        "ingredient", points { 0.978 - 0.0008 * $0 + 0.003 * sin($0 * 2) }, look: 4, glyph: "●",
        dimmed: true),
    ],
    x: Axis("ingredients", format: .integer, padding: 0),
    y: Axis("val accuracy", format: .percent),
    references: [ReferenceLine(0.9765, label: "best single 97.7%", look: 3)],
    events: [
      EventMark(x: 4, glyph: "✓", paint: .positive), EventMark(x: 5, glyph: "✗", paint: .negative),
    ])

  static var inspected: LineChart {
    var chart = accuracy
    chart.crosshair = 10
    return chart
  }

  static let smoothed: LineChart = {
    let noisy = points(500) { step in
      let wave = sin(step * 12.7) * sin(step * 7.3)
      return exp(-step / 100) + 0.2 * wave
    }
    return LineChart(
      series: [LineSeries("loss", noisy, look: 1, smoothing: 0.9)],
      x: Axis("step", format: .integer, padding: 0), y: Axis("loss", unit: "nats"))
  }()

  static let scatter: ScatterChart = {
    let ingredients = (0..<60).map { index in
      let seed = Double(index)
      return ScatterPoint(
        "ft-\(index)", x: 0.74 + 0.04 * abs(sin(seed * 12.9)),
        y: 0.4 + 0.08 * abs(sin(seed * 78.2 + 1)))
    }
    let greedy = ScatterPoint(
      "greedy", x: 0.779, y: 0.495, xRange: 0.775...0.783, yRange: 0.488...0.501, label: "greedy")
    return ScatterChart(
      groups: [
        ScatterGroup("ingredients", ingredients, glyph: "●"),
        ScatterGroup(
          "uniform", [ScatterPoint("u", x: 0.772, y: 0.486, label: "uniform")], glyph: "■"),
        ScatterGroup("greedy soup", [greedy], glyph: "◆"),
      ],
      x: Axis("ImageNet", format: .percent), y: Axis("mean of shifts", format: .percent),
      front: (x: .higher, y: .higher), selected: "ft-7")
  }()

  static let landscape: HeatMap = {
    let values = (0..<9).map { (row: Int) -> [Double] in
      (0..<13).map { (column: Int) -> Double in
        let (a, b) = (Double(column - 6) / 6, Double(row - 4) / 4)
        return row == 8 && column > 10 ? .nan : a * a + 0.6 * b * b + 0.3 * a * b
      }
    }
    return HeatMap(
      values: values, x: Axis("along 1"), y: Axis("along 2"), xRange: -1...1, yRange: -1...1,
      valueTitle: "val loss",
      places: [
        HeatPlace(x: 0, y: 0, label: "θ0", glyph: "○"), HeatPlace(x: 0.6, y: 0.4, label: "ft-03"),
      ])
  }()

  static let angles: Matrix = {
    let names = (0..<6).map { "ft-0\($0)" }
    let values = (0..<6).map { (row: Int) -> [Double] in
      (0..<6).map { (column: Int) -> Double in
        row == column ? .nan : Double(40 + (row * 13 + column * 13) % 50)
      }
    }
    return Matrix(
      title: "angles (degrees)", rowNames: names, columnNames: names, values: values,
      selected: (row: 1, column: 2))
  }()

  static let histogram = BarChart.histogram(
    of: (0..<200).map { (index: Int) -> Double in
      sin(Double(index)) + cos(Double(index) * 3.3)
    }, name: "gap", x: Axis("measured - predicted"), bins: 20)

  static let reliability: BarChart = {
    func bins(_ accuracy: (Double) -> Double) -> [ReliabilityBin] {
      (0..<10).map { index in
        let start = Double(index) / 10
        return ReliabilityBin(
          range: start...start + 0.1, confidence: start + 0.05, accuracy: accuracy(start),
          count: index == 2 ? 0 : 10)
      }
    }
    return BarChart.reliability(
      bins { min(1, $0 * $0 + 0.1) }, after: bins { $0 + 0.04 }, afterName: "after beta")
  }()

  static let all: [(name: String, chart: any Chart)] = [
    ("accuracy", accuracy), ("inspected", inspected), ("smoothed", smoothed),
    ("scatter", scatter), ("landscape", landscape), ("angles", angles),
    ("histogram", histogram), ("reliability", reliability),
  ]
}
