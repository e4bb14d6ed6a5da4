import Glibc

extension Logits {
  /// How much two models disagree where this one is unsure: `E_x Var_{Y~softmax(β z)}[a_Y − b_Y]`.
  ///
  /// The second term of the gap between a soup and its ensemble (Wortsman et al. 2022, sec. 4): `z` is
  /// the soup's logits, `a − b` the endpoints' difference. No labels are needed. Classes that the soup
  /// masks with −∞ have no part in it. NaN when a logit is.
  /// - Precondition: all three have the same rows and classes.
  public func disagreement(_ a: Logits, _ b: Logits, beta: Double) -> Double {
    precondition(
      a.rows == rows && b.rows == rows && a.classes == classes && b.classes == classes,
      "logits differ in shape")
    let sum = Parallel.map(rows: rows, width: classes * 3) { range in
      withUnsafeBuffer { own in
        a.withUnsafeBuffer { first in
          b.withUnsafeBuffer { second in
            range.reduce(0.0) { sum, index in
              sum
                + Row.variance(
                  of: row(first, index), minus: row(second, index),
                  under: row(own, index), beta: beta)
            }
          }
        }
      }
    }.reduce(0, +)
    return sum / Double(rows)
  }
}

extension Row {
  /// Variance of `a − b` over classes drawn from `softmax(β z)`.
  @inline(__always)
  static func variance(
    of a: UnsafeBufferPointer<Float>, minus b: UnsafeBufferPointer<Float>,
    under z: UnsafeBufferPointer<Float>, beta: Double
  ) -> Double {
    guard
      let likeliest = z.indices.max(by: { beta > 0 ? z[$0] < z[$1] : z[$0] > z[$1] })
    else { return .nan }
    let largest = z[likeliest]
    // Relative to one class, so that a common shift of all logits does not swamp the variance.
    let shift = Double(a[likeliest]) - Double(b[likeliest])
    var (weight, first, second) = (0.0, 0.0, 0.0)
    for index in z.indices {
      let probability = exp(beta * (Double(z[index]) - Double(largest)))
      if probability == 0 { continue }
      let difference = Double(a[index]) - Double(b[index]) - shift
      weight += probability
      first += probability * difference
      second += probability * difference * difference
    }
    let mean = first / weight
    return Swift.max(second / weight - mean * mean, 0)
  }
}
