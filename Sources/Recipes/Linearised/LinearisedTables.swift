package import Averaging
import Evaluation
import Foundation

/// What the tables say a blend would score.
public struct Prediction: Hashable, Sendable {
  /// Right examples of `n`.
  public let correct: Int
  /// Examples that the tables cover.
  public let n: Int
  /// Mean negative log-likelihood in nats over the classes kept, at the inverse temperature asked for.
  public let nll: Double

  package init(correct: Int, n: Int, nll: Double) {
    self.correct = correct
    self.n = n
    self.nll = nll
  }
}

/// Logits of a model as a linear function of its mixing weights, around one soup.
///
/// With `w` the base and `F(w)` its logits, `G_i = (F(w + h (e_i − w)) − F(w)) / h` are the slopes
/// towards each ingredient. For weights that sum to one, `F(w′) ≈ F(w) + Σ w′_i G_i = Σ w′_i H_i`,
/// where `H_i = F(w) + G_i − Σ w_j G_j`. The last term vanishes for exact slopes; taking it off makes
/// the prediction at `w` exact for any `h`. So a soup is predicted as an ensemble of the `H_i`, which
/// costs no evaluation.
///
/// Rows are examples, columns the kept classes with the true one first, lanes the ingredients; the
/// lanes lie together, so that one row is all that a step on one example touches.
package struct LinearisedTables: Sendable {
  /// The ingredients, one a lane.
  package let ingredients: [String]
  /// The weights of the soup that the logits are linearised at, one an ingredient, of sum one.
  package let base: [Double]
  package let plan: TablePlan
  /// Labels of all examples of the split.
  let labels: [Int32]
  let cells: TableCells

  init(
    ingredients: [String], base: [Double], plan: TablePlan, labels: [Int32], cells: TableCells
  ) {
    self.ingredients = ingredients
    self.base = base
    self.plan = plan
    self.labels = labels
    self.cells = cells
  }

  /// Predicts the uniform soup of a set; nil when it is empty or has an ingredient not in the tables.
  ///
  /// A name given twice counts twice. One pass over the tables: a fraction of a frame.
  package func predict(_ set: [String], beta: Double = 1) -> Prediction? {
    predict(.uniform(set), beta: beta)
  }

  /// Predicts a blend; nil when it has no terms or an ingredient that is not in the tables.
  package func predict(_ blend: Blend, beta: Double = 1) -> Prediction? {
    guard let weights = weights(of: blend) else { return nil }
    return prediction(of: weights, beta: beta)
  }

  /// Predicts the soup with these weights, one an ingredient, of sum one.
  package func prediction(of weights: [Double], beta: Double = 1) -> Prediction {
    let lanes = cells.padded(weights)
    let parts = Parallel.blocks(rows: cells.rows) { range in
      cells.withLogits(of: lanes, rows: range) { logits in
        var (correct, loss) = (0, 0.0)
        for row in 0..<range.count {
          let values = UnsafeBufferPointer(
            rebasing: logits[row * cells.columns..<(row + 1) * cells.columns])
          if values.dropFirst().allSatisfy({ $0 < values[0] }) { correct += 1 }
          loss += TableRow.logSumExp(values, beta: beta) - beta * Double(values[0])
        }
        return (correct, loss)
      }
    }
    return Prediction(
      correct: parts.reduce(0) { $0 + $1.0 }, n: cells.rows,
      nll: parts.reduce(0) { $0 + $1.1 } / Double(cells.rows))
  }

  /// The blend's weights by lane; nil when an ingredient is not in the tables.
  package func weights(of blend: Blend) -> [Double]? {
    guard !blend.terms.isEmpty else { return nil }
    var weights = [Double](repeating: 0, count: ingredients.count)
    for term in blend.terms {
      guard let lane = ingredients.firstIndex(of: term.ingredient) else { return nil }
      weights[lane] += term.weight
    }
    return weights
  }

  /// The blend of weights by lane; ingredients of weight zero are left out.
  package func blend(_ weights: [Double]) -> Blend {
    Blend(
      zip(ingredients, weights).filter { $0.1 != 0 }.map { Blend.Term($0.0, weight: $0.1) })
  }
}

/// The numbers `H_i` of linearised tables.
///
/// Sendable although it holds a pointer: it is written only while `LinearisedTables.make` has it alone.
final class TableCells: @unchecked Sendable {
  let rows: Int
  let columns: Int
  /// Lanes a cell, a multiple of 8; those beyond the ingredients are zero.
  let lanes: Int
  let values: UnsafeMutablePointer<Float>

  init(_ plan: TablePlan) {
    rows = plan.rows
    columns = plan.columns
    lanes = TablePlan.padded(plan.ingredients)
    let count = rows * columns * lanes
    values = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 8) * MemoryLayout<Float>.size, alignment: 64
    ).bindMemory(to: Float.self, capacity: count)
    values.initialize(repeating: 0, count: count)
  }

  deinit { values.deallocate() }

  /// The lanes of one example's cells, `columns × lanes`.
  @inline(__always)
  func row(_ row: Int) -> UnsafePointer<Float> {
    UnsafePointer(values + row * columns * lanes)
  }

  /// `numbers` as vectors of eight, zeros after them.
  func padded(_ numbers: [Double]) -> [SIMD8<Float>] {
    (0..<lanes / 8).map { vector in
      var result = SIMD8<Float>()
      for place in 0..<8 where vector * 8 + place < numbers.count {
        result[place] = Float(numbers[vector * 8 + place])
      }
      return result
    }
  }

  /// Lends `body` the mixed logits of some rows, row-major.
  func withLogits<Result>(
    of weights: [SIMD8<Float>], rows range: Range<Int>,
    _ body: (UnsafeBufferPointer<Float>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count * columns) { logits in
      weights.withUnsafeBufferPointer { weights in
        var cell = row(range.lowerBound)
        for index in 0..<range.count * columns {
          logits[index] = TableRow.dot(cell, weights)
          cell += lanes
        }
      }
      return body(UnsafeBufferPointer(logits))
    }
  }
}

/// Arithmetic on one example of the tables.
enum TableRow {
  @inline(__always)
  static func load(_ values: UnsafePointer<Float>, _ vector: Int) -> SIMD8<Float> {
    UnsafeRawPointer(values).load(fromByteOffset: vector * 32, as: SIMD8<Float>.self)
  }

  /// Σ values × weights, in a fixed order.
  @inline(__always)
  static func dot(
    _ values: UnsafePointer<Float>, _ weights: UnsafeBufferPointer<SIMD8<Float>>
  ) -> Float {
    var sum = SIMD8<Float>()
    for vector in 0..<weights.count { sum += load(values, vector) * weights[vector] }
    return sum.sum()
  }

  /// `log Σ exp(β z)` in double precision.
  @inline(__always)
  static func logSumExp(_ values: UnsafeBufferPointer<Float>, beta: Double) -> Double {
    var largest = -Double.infinity
    for value in values { largest = max(largest, beta * Double(value)) }
    guard largest.isFinite else { return largest }
    var sum = 0.0
    for value in values { sum += exp(beta * Double(value) - largest) }
    return largest + log(sum)
  }
}

extension Parallel {
  /// Results of `body` for at most 64 consecutive ranges of rows, whose limits depend on `rows` alone.
  static func blocks<Result: Sendable>(
    rows: Int, _ body: @Sendable (Range<Int>) -> Result
  ) -> [Result] {
    let size = max(32, (rows + 63) / 64)
    let count = (rows + size - 1) / size
    return map(rows: count, width: 1 << 20) { blocks in
      body(blocks.lowerBound * size..<min(blocks.upperBound * size, rows))
    }
  }
}
