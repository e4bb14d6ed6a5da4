/// Weights as whole numbers over one divisor, so that a mean is rounded once.
///
/// The reciprocal of 3 is no binary fraction: a sum of thirds lands beside the mean, and where
/// ingredients are f16 or bf16 the mean often lies exactly between two values, so that the last bit
/// of every 25th element or so would follow from the reciprocal's error.
struct WholeWeights: Equatable {
  let weights: [Double]
  let divisor: Double

  /// Sums of f16 stay exact in f64 for so many terms, and no learned weight is taken for a fraction.
  private static let largestDivisor = 1024

  /// `weights` as `n / k` with the smallest `k`, when each is that fraction or `n` reciprocals of `k`.
  ///
  /// The weights themselves and 1 otherwise, or when the reciprocal is exact anyway and they differ:
  /// equal ones gain by not being multiplied with.
  init(_ weights: [Double]) {
    for divisor in 1...Self.largestDivisor {
      let k = Double(divisor)
      let whole = weights.map { ($0 * k).rounded() }
      let fits = zip(weights, whole).allSatisfy { weight, n in
        n != 0 && (n / k == weight || n * (1 / k) == weight)
      }
      guard fits else { continue }
      let isExact = divisor & (divisor - 1) == 0
      if isExact, !whole.allSatisfy({ $0 == 1 }) { break }
      self.weights = whole
      self.divisor = k
      return
    }
    self.weights = weights
    divisor = 1
  }
}
