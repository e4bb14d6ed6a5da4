import Foundation

/// A symmetric, positive definite system of linear equations.
struct SymmetricSystem {
  /// Number of unknowns.
  let count: Int
  /// Row-major, `count × count`; the lower triangle is read.
  var matrix: [Double]

  /// The solution for `right` by Cholesky's decomposition, the diagonal raised until it exists.
  func solved(_ right: [Double]) -> [Double] {
    let largest = (0..<count).map { matrix[$0 * count + $0] }.max() ?? 1
    var ridge = 1e-12 * max(largest, 1e-12)
    while true {
      if let factor = factor(ridge: ridge) { return substitute(factor, right) }
      ridge *= 100
    }
  }

  private func factor(ridge: Double) -> [Double]? {
    var factor = matrix
    for row in 0..<count {
      for column in 0...row {
        var sum = matrix[row * count + column] + (row == column ? ridge : 0)
        for inner in 0..<column {
          sum -= factor[row * count + inner] * factor[column * count + inner]
        }
        if row == column {
          guard sum > 0 || !sum.isFinite else { return nil }
          factor[row * count + row] = sum.squareRoot()
        } else {
          factor[row * count + column] = sum / factor[column * count + column]
        }
      }
    }
    return factor
  }

  private func substitute(_ factor: [Double], _ right: [Double]) -> [Double] {
    var solution = right
    for row in 0..<count {
      for inner in 0..<row { solution[row] -= factor[row * count + inner] * solution[inner] }
      solution[row] /= factor[row * count + row]
    }
    for row in (0..<count).reversed() {
      for inner in row + 1..<max(count, row + 1) {
        solution[row] -= factor[inner * count + row] * solution[inner]
      }
      solution[row] /= factor[row * count + row]
    }
    return solution
  }
}
