import Analysis
import Charts
import Evaluation

/// Accuracy against the number of models, for soups and ensembles.
struct SizesPlot {
  let curve: SizeCurve?

  private static let looks: [(SizeCurve.Kind, Int)] = [
    (.best, SeriesLooks.best), (.uniform, SeriesLooks.uniform),
    (.ensemble, SeriesLooks.ensemble), (.greedy, SeriesLooks.soup),
  ]

  var chart: LineChart {
    let series = Self.looks.map { kind, look in
      LineSeries(
        kind == .best ? "best alone" : kind.rawValue, points(kind), look: look,
        emphasis: kind == .greedy)
    }
    return LineChart(
      series: series.filter { !$0.points.isEmpty },
      x: Axis("models", format: .integer, padding: 0.02),
      y: Axis("accuracy on \(curve?.split ?? "test")", format: .percent),
      empty: "nothing measured yet: :sizes walks through three random orders")
  }

  /// The greedy soup's with the reach of all orders, once there are several.
  private func points(_ kind: SizeCurve.Kind) -> [ChartPoint] {
    guard let curve else { return [] }
    let ranges = kind == .greedy && curve.orders > 1 ? curve.ranges(kind) : []
    return curve.means(kind).enumerated().map { place, mean in
      let range = ranges.indices.contains(place) ? ranges[place] : nil
      return ChartPoint(
        Double(place + 1), mean, low: range?.lowerBound, high: range?.upperBound)
    }
  }

  var numbers: [PlotContent.Number] {
    guard let curve, curve.orders > 0 else { return [] }
    return [PlotContent.Number("orders", "\(curve.orders)")]
      + Self.looks.compactMap { kind, _ in
        curve.means(kind).last.map { .init(kind.rawValue, Numbers.percent($0)) }
      }
  }

  var meaning: String? {
    guard let curve, let greedy = curve.means(.greedy).last, let best = curve.means(.best).last,
      let ensemble = curve.means(.ensemble).last
    else { return nil }
    return "With all \(curve.means(.greedy).count) models the greedy soup is "
      + "\(Numbers.points(greedy - best)) points from the best alone and "
      + "\(Numbers.points(greedy - ensemble)) from the ensemble, on \(curve.split)."
  }
}
