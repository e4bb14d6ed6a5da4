/// Inner products of some vectors with each other: what lengths, angles and distances are made of.
public struct Gram: Hashable, Sendable {
  /// Number of vectors.
  public let count: Int
  /// Row-major, `count × count`, symmetric.
  public let values: [Double]

  /// - Parameter lowerTriangle: row-major, `count × count`; what lies above the diagonal is not read.
  package init(count: Int, lowerTriangle: [Double]) {
    var values = lowerTriangle
    for i in 0..<count {
      for j in 0..<i { values[j * count + i] = values[i * count + j] }
    }
    self.count = count
    self.values = values
  }

  /// The inner product of vectors `i` and `j`.
  public subscript(i: Int, j: Int) -> Double { values[i * count + j] }

  /// Length of vector `i`.
  public func norm(_ i: Int) -> Double { self[i, i].squareRoot() }

  /// Distance between the ends of vectors `i` and `j`.
  public func distance(_ i: Int, _ j: Int) -> Double {
    max(0, self[i, i] + self[j, j] - 2 * self[i, j]).squareRoot()
  }

  /// Cosine of the angle between vectors `i` and `j`, in [−1, 1]; NaN when one is zero.
  public func cosine(_ i: Int, _ j: Int) -> Double {
    let product = (self[i, i] * self[j, j]).squareRoot()
    let cosine = self[i, j] / product
    return cosine.isNaN ? .nan : min(1, max(-1, cosine))
  }

  /// Mean cosine over all pairs; NaN for fewer than two vectors.
  public var meanCosine: Double {
    var sum = 0.0
    for i in 0..<count {
      for j in 0..<i { sum += cosine(i, j) }
    }
    return sum / Double(count * (count - 1) / 2)
  }

  /// How much of the mean Model Stock takes, the rest being the initialisation.
  ///
  /// `t = N·cos / (1 + (N − 1)·cos)` with the mean cosine of all pairs (Jang et al. 2024).
  public var modelStockRatio: Double {
    let n = Double(count)
    let cosine = meanCosine
    return n * cosine / (1 + (n - 1) * cosine)
  }
}
