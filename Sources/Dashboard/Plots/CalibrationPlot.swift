import Analysis
import Charts
import Evaluation

/// A reliability diagram of the soup or its ensemble, before and after one temperature.
struct CalibrationPlot {
  enum Subject: String {
    case soup
    case ensemble
  }

  let report: CalibrationReport?
  let subject: Subject

  private var curves: CalibrationReport.Subject? {
    subject == .soup ? report?.soup : report?.ensemble
  }

  var chart: BarChart {
    var chart = BarChart.reliability(
      bins(curves?.before), name: "\(subject.rawValue) as it is", after: bins(curves?.after),
      afterName: "at β", look: subject == .soup ? SeriesLooks.soup : SeriesLooks.ensemble)
    chart.empty = "nothing measured yet: put two ingredients into the soup"
    return chart
  }

  private func bins(_ curve: CalibrationReport.Curve?) -> [ReliabilityBin] {
    (curve?.bars ?? []).compactMap { bar in
      guard let confidence = bar.confidence, let accuracy = bar.accuracy else { return nil }
      return ReliabilityBin(
        range: bar.range, confidence: confidence, accuracy: accuracy, count: bar.count)
    }
  }

  var numbers: [PlotContent.Number] {
    guard let report else { return [] }
    return [("soup", report.soup), ("ensemble", report.ensemble)].flatMap { name, subject in
      [
        PlotContent.Number(name, ""),
        .init(" β", PlotText.fixed(subject.beta, 3)),
        .init(" ECE", percent(subject.before.error)),
        .init(" ECE at β", percent(subject.after.error)),
        .init(" NLL", PlotText.fixed(subject.before.nll, 4)),
        .init(" NLL at β", PlotText.fixed(subject.after.nll, 4)),
      ]
    }
  }

  private func percent(_ share: Double) -> String { Numbers.percent(share) + " %" }

  var meaning: String? {
    guard let report, let curves else { return nil }
    let way = curves.beta > 1 ? "too unsure of itself" : "too sure of itself"
    let (soup, ensemble) = (report.soup.before.error, report.ensemble.before.error)
    let better = ensemble < soup ? "the ensemble" : "the soup"
    return
      "On \(report.split) the \(subject.rawValue) is \(way): β \(PlotText.fixed(curves.beta, 2)) "
      + "takes its calibration error from \(percent(curves.before.error)) to "
      + "\(percent(curves.after.error)); as they are, \(better) is calibrated better."
  }
}
