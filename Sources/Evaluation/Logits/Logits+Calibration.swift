import Glibc

extension Logits {
  /// Mean negative log-likelihood of `softmax(β z)`, in nats; NaN when a logit is.
  public func nll(_ labels: [Int32], beta: Double = 1) -> Double {
    let sum = chunks(labels) { values, range, labels in
      range.reduce(0.0) { $0 + Row.nll(row(values, $1), Int(labels[$1]), beta: beta) }
    }.reduce(0, +)
    return sum / Double(rows)
  }

  /// The inverse temperature β that makes the likelihood of the labels largest.
  ///
  /// NLL(β) is convex; its derivative `E[Σ p z − z_y]` and curvature `E[Var_p z]` are exact, so
  /// Newton's method is used, kept within a bracket that shrinks by bisection of log β. The answer is
  /// limited to 1/1024...1024: with no errors at all the best β is infinite, with predictions worse
  /// than chance it is 0. Classes that are masked with −∞ have no probability and no part in it. NaN
  /// when a logit is.
  public func calibratedBeta(_ labels: [Int32]) -> Double {
    var (low, high) = (1.0 / 1024, 1024.0)
    var beta = 1.0
    for _ in 0..<100 {
      let (slope, curvature) = derivatives(labels, at: beta)
      if slope.isNaN { return .nan }
      if slope > 0 { high = beta } else { low = beta }
      let newton = beta - slope / curvature
      let middle = (low * high).squareRoot()
      let next = newton > low && newton < high ? newton : middle
      if abs(next - beta) <= 1e-12 * beta || high / low < 1 + 1e-12 { return next }
      beta = next
    }
    return beta
  }

  /// First and second derivative of the mean NLL with respect to β.
  private func derivatives(_ labels: [Int32], at beta: Double) -> (Double, Double) {
    let sums = chunks(labels) { values, range, labels in
      range.reduce((0.0, 0.0)) { sums, index in
        let moments = Row.moments(row(values, index), beta: beta)
        let own = Double(row(values, index)[Int(labels[index])])
        return (sums.0 + moments.mean - own, sums.1 + moments.variance)
      }
    }
    let n = Double(rows)
    return sums.reduce((0, 0)) { ($0.0 + $1.0 / n, $0.1 + $1.1 / n) }
  }

  /// Expected calibration error.
  ///
  /// Σ over bins of `|accuracy − confidence| · share` (Guo et al. 2017).
  /// Confidence is the largest probability of `softmax(β z)`; rows with NaN have none and are in no
  /// bin.
  /// - Parameters:
  ///   - labels: the true class of each row.
  ///   - bins: `(k/bins, (k+1)/bins]` for equal width.
  ///   - equalMass: bins of the same number of examples instead (to within one), by confidence; equal
  ///     ones in the split's order.
  ///   - beta: the inverse temperature that logits are multiplied with.
  public func calibrationError(
    _ labels: [Int32], bins: Int = 15, equalMass: Bool = false, beta: Double = 1
  ) -> Double {
    guard equalMass else {
      return reliability(labels, bins: bins, beta: beta).reduce(0.0) { error, bar in
        let confidence = (bar.confidence ?? 0) * Double(bar.count)
        return error + abs(Double(bar.correct) - confidence) / Double(rows)
      }
    }
    let points = confidences(labels, beta: beta).filter { !$0.confidence.isNaN }
    let order = points.indices.sorted {
      points[$0].confidence == points[$1].confidence
        ? $0 < $1 : points[$0].confidence < points[$1].confidence
    }
    return (0..<bins).reduce(0.0) { error, bin in
      let group = order[bin * order.count / bins..<(bin + 1) * order.count / bins]
      let confidence = group.reduce(0.0) { $0 + points[$1].confidence }
      let right = Double(group.count { points[$0].isRight })
      return error + abs(confidence - right) / Double(rows)
    }
  }
}

extension Row {
  /// Mean and variance of the logits under `softmax(β z)`.
  @inline(__always)
  static func moments(
    _ row: UnsafeBufferPointer<Float>, beta: Double
  ) -> (mean: Double, variance: Double) {
    guard let largest = beta > 0 ? row.max() : row.min() else { return (.nan, .nan) }
    // Relative to the likeliest logit, so that the squares do not swamp the variance.
    var (weight, first, second) = (0.0, 0.0, 0.0)
    for value in row {
      let difference = Double(value) - Double(largest)
      let probability = exp(beta * difference)
      if probability == 0 { continue }
      weight += probability
      first += probability * difference
      second += probability * difference * difference
    }
    let mean = first / weight
    return (Double(largest) + mean, Swift.max(second / weight - mean * mean, 0))
  }

  /// The largest probability of `softmax(β z)`.
  @inline(__always)
  static func confidence(_ row: UnsafeBufferPointer<Float>, beta: Double) -> Double {
    var largest = -Double.infinity
    for value in row {
      if value.isNaN { return .nan }
      largest = Swift.max(largest, beta * Double(value))
    }
    return exp(largest - logSumExp(row, beta: beta))
  }
}
