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
