import Analysis
import Charts

/// What each ingredient adds to the predicted gap: curvature for the soup, disagreement for the
/// ensemble.
struct SharesPlot {
  let report: GapReport?
  let selected: String?

  var chart: ScatterChart {
    let points = (report?.shares ?? []).compactMap { share in
      share.flatness.map {
        ScatterPoint(share.ingredient, x: -$0, y: share.confidence, label: share.ingredient)
      }
    }
    return ScatterChart(
      groups: points.isEmpty
        ? [] : [ScatterGroup("ingredients", points, look: SeriesLooks.ingredients)],
      x: Axis("flatness: for the soup, nats"), y: Axis("confidence: for the ensemble, nats"),
      selected: selected, diagonal: true, legend: .hidden,
      empty: "nothing to compare yet: put two ingredients into the soup")
  }

  private var shares: [(name: String, sum: Double)] {
    (report?.shares ?? []).compactMap { share in
      share.flatness.map { (share.ingredient, $0 + share.confidence) }
    }
  }

  var numbers: [PlotContent.Number] {
    guard let predicted = report?.predicted else { return [] }
    return [.init("predicted", PlotText.signed(predicted, 4))]
      + shares.map { .init(" " + $0.name, PlotText.signed($0.sum, 4)) }
  }

  var meaning: String? {
    guard let most = shares.max(by: { $0.sum < $1.sum }),
      let least = shares.min(by: { $0.sum < $1.sum }), shares.count > 1
    else { return nil }
    let above = shares.count { $0.sum > 0 }
    return "Above the dotted line an ingredient speaks for the ensemble, below it for the soup: "
      + "\(above) of \(shares.count) are above; \(most.name) is the farthest "
      + "(\(PlotText.signed(most.sum, 4))), \(least.name) the least (\(PlotText.signed(least.sum, 4)))."
  }
}
