import Foundation

/// How well one number predicts another over some cases.
public struct Agreement: Hashable, Sendable {
  /// Number of cases.
  public let count: Int
  /// Pearson's; nil for fewer than two cases, or when one number does not vary.
  public let correlation: Double?
  /// Spearman's: the same of the ranks, ties sharing theirs.
  ///
  /// Outliers do not rule it.
  public let rankCorrelation: Double?
  /// Share of cases in which both have the same sign, zero counting as one of its own; nil for none.
  public let signAgreement: Double?
  /// Of the least-squares line `measured = a + slope · predicted`.
  public let slope: Double?

  /// Cases with a number that is not finite are left out.
  package init(_ cases: [(predicted: Double, measured: Double)]) {
    let cases = cases.filter { $0.predicted.isFinite && $0.measured.isFinite }
    count = cases.count
    let (x, y) = (cases.map(\.predicted), cases.map(\.measured))
    let moments = Self.moments(x, y)
    correlation = Self.correlation(moments)
    rankCorrelation = Self.correlation(Self.moments(Self.ranks(x), Self.ranks(y)))
    slope = moments.flatMap { $0.xx > 0 ? $0.xy / $0.xx : nil }
    let same = cases.count { Self.sign($0.predicted) == Self.sign($0.measured) }
    signAgreement = cases.isEmpty ? nil : Double(same) / Double(cases.count)
  }

  /// Whether the ranks agree, or disagree, more than those of 95 % of unrelated numbers would.
  ///
  /// By the normal approximation to Spearman's ρ: ρ√(n − 1) is standard normal. Nil without a ρ.
  package var ranksExceedChance: Bool? {
    rankCorrelation.map { abs($0) * Double(count - 1).squareRoot() > 1.96 }
  }

  private static func sign(_ value: Double) -> Int { value > 0 ? 1 : value < 0 ? -1 : 0 }

  private static func correlation(_ moments: (xx: Double, yy: Double, xy: Double)?) -> Double? {
    guard let moments, moments.xx > 0, moments.yy > 0 else { return nil }
    return min(1, max(-1, moments.xy / (moments.xx * moments.yy).squareRoot()))
  }

  /// Sums of squares and products about the means; nil for fewer than two.
  private static func moments(
    _ x: [Double], _ y: [Double]
  ) -> (xx: Double, yy: Double, xy: Double)? {
    guard x.count > 1 else { return nil }
    let n = Double(x.count)
    let (meanX, meanY) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    return zip(x, y).reduce(into: (0.0, 0.0, 0.0)) { sums, pair in
      let (dx, dy) = (pair.0 - meanX, pair.1 - meanY)
      sums.0 += dx * dx
      sums.1 += dy * dy
      sums.2 += dx * dy
    }
  }

  /// Ranks from 1; equal values share the mean of theirs.
  private static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = Array(repeating: 0.0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
      for place in start...end { ranks[order[place]] = Double(start + end) / 2 + 1 }
      start = end + 1
    }
    return ranks
  }
}
