/// How predictions have compared with measurements so far.
package struct PredictionRecord: Hashable, Sendable {
  /// One soup: right of all examples, predicted and measured.
  package struct Pair: Hashable, Sendable {
    package let predicted: Double
    package let measured: Double

    package init(predicted: Double, measured: Double) {
      self.predicted = predicted
      self.measured = measured
    }
  }

  package private(set) var pairs: [Pair] = []

  package init() {}

  package mutating func add(predicted: Double, measured: Double) {
    pairs.append(Pair(predicted: predicted, measured: measured))
  }

  /// Mean of predicted − measured; nil before the first.
  package var bias: Double? { mean { $0.predicted - $0.measured } }

  /// Mean of |predicted − measured|; nil before the first.
  package var meanAbsoluteError: Double? { mean { abs($0.predicted - $0.measured) } }

  /// Mean of |predicted − measured| after the bias is taken away; nil before the second.
  package var spread: Double? {
    guard pairs.count > 1, let bias else { return nil }
    return mean { abs($0.predicted - $0.measured - bias) }
  }

  /// Pearson's correlation; nil for fewer than three, or when one side never varies.
  package var correlation: Double? {
    guard pairs.count > 2, let x = mean(\.predicted), let y = mean(\.measured) else { return nil }
    let sums = pairs.reduce((0.0, 0.0, 0.0)) { sums, pair in
      let (a, b) = (pair.predicted - x, pair.measured - y)
      return (sums.0 + a * b, sums.1 + a * a, sums.2 + b * b)
    }
    let scale = (sums.1 * sums.2).squareRoot()
    return scale > 0 ? sums.0 / scale : nil
  }

  private func mean(_ value: (Pair) -> Double) -> Double? {
    pairs.isEmpty ? nil : pairs.reduce(0) { $0 + value($1) } / Double(pairs.count)
  }
}
