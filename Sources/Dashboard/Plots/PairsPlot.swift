package import Analysis
package import Charts

/// Pairs of ingredients half and half: what is predicted of them, and what is so.
package struct PairsPlot {
  package enum View: String, CaseIterable, Sendable {
    /// Predicted against measured differences in loss.
    case gaps
    /// Soup against ensemble accuracy.
    case accuracy
    /// Interpolation advantage against the angle at the initialisation.
    case angle
  }

  let report: PairReport?
  let view: View

  package init(report: PairReport?, view: View) {
    self.report = report
    self.view = view
  }

  package var chart: ScatterChart {
    let points = report?.points ?? []
    let empty = "no pairs yet: :pairs measures them, half and half"
    switch view {
    case .gaps:
      return ScatterChart(
        groups: [
          group(points) { pair in
            pair.gap.predicted.map { ScatterPoint(pair.name, x: $0, y: pair.gap.gap) }
          }
        ],
        x: Axis("predicted soup − ensemble, nats"), y: Axis("measured, nats"), diagonal: true,
        empty: empty)
    case .accuracy:
      return ScatterChart(
        groups: [
          group(points) { pair in
            ScatterPoint(pair.name, x: pair.gap.soup.accuracy, y: pair.gap.ensemble.accuracy)
          }
        ],
        x: Axis("accuracy of the soup", format: .percent),
        y: Axis("accuracy of the ensemble", format: .percent), diagonal: true, empty: empty)
    case .angle:
      return ScatterChart(
        groups: [
          group(points) { pair in
            pair.angle.map { ScatterPoint(pair.name, x: $0, y: pair.interpolationAdvantage) }
          }
        ],
        x: Axis("angle at the initialisation", unit: "degrees"),
        y: Axis("interpolation advantage", limits: -1...1),
        references: points.isEmpty ? [] : [ReferenceLine(0, label: "", look: SeriesLooks.tried)],
        empty: empty)
    }
  }

  private func group(
    _ points: [PairPoint], _ place: (PairPoint) -> ScatterPoint?
  ) -> ScatterGroup {
    ScatterGroup("pairs", points.compactMap(place), look: SeriesLooks.soup)
  }

  var numbers: [PlotContent.Number] {
    guard let report, !report.points.isEmpty else { return [] }
    let agreement: Agreement
    switch view {
    case .gaps: agreement = report.agreement
    case .accuracy: agreement = report.accuracies
    case .angle:
      agreement = Agreement(
        report.points.compactMap { pair in
          pair.angle.map { (predicted: $0, measured: pair.interpolationAdvantage) }
        })
    }
    func text(_ value: Double?) -> String { value.map { PlotText.fixed($0, 2) } ?? "–" }
    var numbers = [
      PlotContent.Number("pairs", "\(report.points.count)/\(report.possible)"),
      .init("correlation", text(agreement.correlation)),
      .init("of ranks", text(agreement.rankCorrelation)),
      .init("slope", text(agreement.slope)),
    ]
    if view == .gaps, let sign = agreement.signAgreement {
      numbers.append(.init("same sign", "\(Int((sign * 100).rounded())) %"))
    }
    return numbers
  }

  var meaning: String? {
    guard let report, report.points.count > 1 else { return nil }
    switch view {
    case .gaps: return report.meaning
    case .accuracy:
      let better = report.points.count { $0.gap.accuracyGap > 0 }
      let worse = report.points.count { $0.gap.accuracyGap < 0 }
      return
        "The ensemble gets more right in \(better) of \(report.points.count) pairs, the soup in "
        + "\(worse)."
    case .angle:
      let gains = report.points.count { $0.interpolationAdvantage > 0 }
      return
        "In \(gains) of \(report.points.count) pairs the soup of two beats their mean accuracy."
    }
  }
}
