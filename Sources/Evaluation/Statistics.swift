import Glibc

/// Limits that a proportion lies within, with some confidence.
public struct Interval: Hashable, Sendable {
  /// In 0...1.
  public let lower: Double
  /// In 0...1.
  public let upper: Double

  package init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }
}

extension Score {
  /// Wilson's score interval of the accuracy (Wilson 1927); nil for no examples.
  ///
  /// - Parameter z: quantile of the normal distribution, 1.96 for 95 %.
  public func wilson(z: Double = 1.959_963_984_540_054) -> Interval? {
    guard n > 0 else { return nil }
    let n = Double(n)
    let share = Double(correct) / n
    let square = z * z / n
    let centre = (share + square / 2) / (1 + square)
    let half = z / (1 + square) * (share * (1 - share) / n + square / n / 4).squareRoot()
    return Interval(lower: max(centre - half, 0), upper: min(centre + half, 1))
  }
}

/// The exact two-sided McNemar test of two evaluations on the same examples.
public struct McNemarTest: Hashable, Sendable {
  /// Examples that only the first got right.
  public let onlyFirst: Int
  /// Examples that only the second got right.
  public let onlySecond: Int

  /// From the two counts of disagreement.
  public init(onlyFirst: Int, onlySecond: Int) {
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
  }

  /// - Precondition: as many elements in both.
  public init(_ first: [Bool], _ second: [Bool]) {
    precondition(first.count == second.count, "evaluations of different numbers of examples")
    var counts = (0, 0)
    for (left, right) in zip(first, second) where left != right {
      if left { counts.0 += 1 } else { counts.1 += 1 }
    }
    self.init(onlyFirst: counts.0, onlySecond: counts.1)
  }

  /// The probability, were both equally good, of a split of the disagreements at least as uneven.
  ///
  /// `min(1, 2 · P(X ≤ min(b, c)))`, X binomial of b + c and ½.
  public var pValue: Double {
    let n = onlyFirst + onlySecond
    let tail = Binomial(n: n, p: 0.5).cumulative(min(onlyFirst, onlySecond))
    return min(1, 2 * tail)
  }
}

/// The binomial distribution.
package struct Binomial: Hashable, Sendable {
  package let n: Int
  /// Probability of a success.
  package let p: Double

  package init(n: Int, p: Double) {
    self.n = n
    self.p = p
  }

  /// `log P(X = k)`.
  package func logProbability(_ k: Int) -> Double {
    guard k >= 0, k <= n else { return -.infinity }
    if p <= 0 { return k == 0 ? 0 : -.infinity }
    if p >= 1 { return k == n ? 0 : -.infinity }
    let shorter = min(k, n - k)
    var coefficient = 0.0
    var step = 0
    while step < shorter {
      coefficient += log(Double(n - step) / Double(step + 1))
      step += 1
    }
    return coefficient + Double(k) * log(p) + Double(n - k) * log1p(-p)
  }

  /// `P(X ≤ k)`, summed from the largest term down until nothing changes.
  package func cumulative(_ k: Int) -> Double {
    if k < 0 { return 0 }
    if k >= n { return 1 }
    let mean = Double(n) * p
    // Above the mean the other tail is the short one.
    if Double(k) > mean { return 1 - upperTail(from: k + 1) }
    guard p > 0 else { return 1 }
    var sum = 1.0
    var term = 1.0
    var index = k
    while index > 0, term > sum * 1e-18 {
      term *= Double(index) * (1 - p) / (Double(n - index + 1) * p)
      sum += term
      index -= 1
    }
    return min(exp(logProbability(k)) * sum, 1)
  }

  /// `P(X ≥ k)` for `k` above the mean.
  private func upperTail(from k: Int) -> Double {
    Binomial(n: n, p: 1 - p).cumulative(n - k)
  }
}
