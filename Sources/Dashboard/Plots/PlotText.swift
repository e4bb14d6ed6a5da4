import Analysis
import Charts
import Foundation

/// How plots write numbers.
enum PlotText {
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    value.isFinite ? String(format: "%.\(decimals)f", value) : "–"
  }

  /// With its sign, a true minus.
  static func signed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "–" }
    return (value < 0 ? "−" : "+") + fixed(abs(value), decimals)
  }
}

extension ChartPoint {
  /// An accuracy with its Wilson interval at 95 %.
  init(_ x: Double, accuracyOf standing: Standing) {
    let range = standing.accuracyRange
    self.init(x, standing.accuracy, low: range?.lowerBound, high: range?.upperBound)
  }

  /// An error with its Wilson interval at 95 %.
  init(_ x: Double, errorOf standing: Standing) {
    let range = standing.accuracyRange
    self.init(
      x, standing.error, low: range.map { 1 - $0.upperBound }, high: range.map { 1 - $0.lowerBound }
    )
  }
}
