import Foundation

/// Smoothed series, to be drawn over the raw one.
package enum Smoothing {
  /// The exponential moving average with the bias of its start taken out (Kingma and Ba 2015,
  /// algorithm 1).
  ///
  /// `weight` is the share of the past, 0 (none) to below 1. Values that are not finite pass
  /// through and leave the average as it was. The result is as long as the input: it runs to the
  /// last point.
  package static func exponential(_ values: [Double], weight: Double) -> [Double] {
    let weight = min(max(weight, 0), 0.999_999)
    var (average, count) = (0.0, 0)
    return values.map { value in
      guard value.isFinite else { return value }
      average = weight * average + (1 - weight) * value
      count += 1
      return average / (1 - pow(weight, Double(count)))
    }
  }
}
