import Analysis
import Charts
import Kitchen
import Themes

/// Soup against ensemble over the soups of a recipe, or those picked by hand, and what predicts it.
struct GapPlot {
  enum Quantity {
    case loss
    case accuracy
  }

  /// Places on the axis and the reports there, in order.
  let soups: [(place: Int, report: GapReport)]
  /// What the axis counts: `candidate` of a recipe, `soup` of those picked by hand.
  let axis: String
  let quantity: Quantity
  let glyphs: Glyphs

  var chart: LineChart {
    switch quantity {
    case .loss: losses
    case .accuracy: accuracies
    }
  }

  private static let empty = "nothing to compare yet: put two ingredients into the soup"

  private func series(
    _ name: String, look: Int, glyph: Character? = nil, emphasis: Bool = false,
    dimmed: Bool = false, _ value: (GapReport) -> Double?
  ) -> LineSeries {
    LineSeries(
      name,
      soups.compactMap { soup in value(soup.report).map { ChartPoint(Double(soup.place), $0) } },
      look: look, glyph: glyph, emphasis: emphasis, dimmed: dimmed)
  }

  private var across: Axis {
    let first = soups.first?.place ?? 1
    let last = max(soups.last?.place ?? 1, first + 1)
    return Axis(
      axis, range: .atLeast(Double(first)...Double(last)), format: .integer, padding: 0.03)
  }

  private var losses: LineChart {
    LineChart(
      series: [
        series("flatness", look: SeriesLooks.uniform, glyph: "▽", dimmed: true) { $0.flatness },
        series("confidence", look: SeriesLooks.ensemble, glyph: "△", dimmed: true) {
          $0.confidence
        },
        series("predicted", look: SeriesLooks.ingredients, glyph: "○") { $0.predicted },
        series("measured", look: SeriesLooks.soup, glyph: "●", emphasis: true) { $0.gap },
      ].filter { !$0.points.isEmpty },
      x: across, y: Axis("soup − ensemble, nats", includesZero: true),
      references: soups.isEmpty ? [] : [ReferenceLine(0, label: "", look: SeriesLooks.tried)],
      empty: Self.empty)
  }

  private var accuracies: LineChart {
    LineChart(
      series: [
        series("ensemble", look: SeriesLooks.ensemble, glyph: glyphs.ensemble) {
          $0.ensemble.accuracy
        },
        LineSeries(
          "soup", soups.map { ChartPoint(Double($0.place), accuracyOf: $0.report.soup) },
          look: SeriesLooks.soup, glyph: glyphs.soup, emphasis: true),
      ].filter { !$0.points.isEmpty },
      x: across, y: Axis("accuracy", format: .percent), empty: Self.empty)
  }

  var numbers: [PlotContent.Number] {
    guard let report = soups.last?.report else { return [] }
    return [
      .init("gap", PlotText.signed(report.gap, 4)),
      .init("predicted", report.predicted.map { PlotText.signed($0, 4) } ?? "…"),
      .init(" flatness", report.flatness.map { PlotText.signed($0, 4) } ?? "…"),
      .init(" confidence", PlotText.signed(report.confidence, 4)),
      .init("soup", Numbers.percent(report.soup.accuracy)),
      .init("ensemble", Numbers.percent(report.ensemble.accuracy)),
      .init("difference", Numbers.points(report.accuracyGap)),
      .init("β", PlotText.fixed(report.beta, 3)),
    ]
  }

  var meaning: String? { soups.last?.report.meaning }
}
