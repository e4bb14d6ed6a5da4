import Evaluation
import Foundation

/// Mixing weights and inverse temperature that fit the labels best on linearised tables.
struct Mixture: Hashable, Sendable {
  /// One an ingredient, none negative, of sum one.
  let weights: [Double]
  let beta: Double
  /// Mean NLL(β) in nats that the tables predict.
  let nll: Double
}

/// Minimises NLL(β · Σ α_i H_i) over mixing weights α and inverse temperature β.
///
/// In `γ = βα` the logits are linear, `Σ γ_i H_i`, so the loss is convex over `γ ≥ 0`, and
/// `β = Σ γ_i`, `α = γ / β` give back what was asked for. A proximal term `λ/2 |γ − w Σγ|²` holds α near
/// the base `w`; it is convex too, and λ is chosen so that `|α − w|₁` keeps within a radius. Each
/// problem is solved by projected Newton steps (Bertsekas 1982).
struct MixtureFit {
  let tables: LinearisedTables

  /// The best mixture with `|α − w|₁ ≤ radius`.
  ///
  /// - Parameter beta: where to start; the soup's calibrated β.
  /// - Throws: `CancellationError`.
  func best(within radius: Double, beta: Double) throws -> Mixture {
    let start = tables.base.map { $0 * beta }
    var (tooSmall, smallEnough): (Double?, Double?) = (nil, nil)
    var lambda = Self.smallestLambda
    var gamma = try minimum(lambda: lambda, from: start)
    if distance(gamma) <= radius { return mixture(gamma) }
    tooSmall = lambda
    lambda = 1e-2
    var best = start
    for _ in 0..<16 {
      gamma = try minimum(lambda: lambda, from: gamma)
      let distance = distance(gamma)
      if distance <= radius {
        smallEnough = lambda
        best = gamma
        if distance > 0.8 * radius { break }
      } else {
        tooSmall = lambda
      }
      if let smallEnough, let tooSmall {
        lambda = (smallEnough * tooSmall).squareRoot()
      } else {
        lambda *= 10
      }
    }
    return mixture(best)
  }

  /// Keeps the problem strictly convex where ingredients are alike.
  private static let smallestLambda = 1e-6

  private func distance(_ gamma: [Double]) -> Double {
    let beta = gamma.reduce(0, +)
    return zip(gamma, tables.base).reduce(0) { $0 + abs($1.0 / beta - $1.1) }
  }

  private func mixture(_ gamma: [Double]) -> Mixture {
    let beta = gamma.reduce(0, +)
    let weights = gamma.map { $0 / beta }
    return Mixture(
      weights: weights, beta: beta, nll: tables.prediction(of: weights, beta: beta).nll)
  }

  private func minimum(lambda: Double, from start: [Double]) throws -> [Double] {
    let penalty = Proximity(base: tables.base, lambda: lambda)
    var gamma = start
    for _ in 0..<60 {
      try Task.checkCancellation()
      var model = LossModel.at(gamma, tables)
      penalty.add(to: &model, at: gamma)
      let free = gamma.indices.filter { gamma[$0] > 1e-12 || model.gradient[$0] < 0 }
      let steepest = free.map { abs(model.gradient[$0]) }.max() ?? 0
      if steepest < 1e-8 { break }
      let system = SymmetricSystem(
        count: free.count,
        matrix: free.flatMap { row in
          free.map { model.curvature[row * gamma.count + $0] }
        })
      let solution = system.solved(free.map { -model.gradient[$0] })
      var direction = [Double](repeating: 0, count: gamma.count)
      for (place, index) in free.enumerated() { direction[index] = solution[place] }
      guard let next = step(along: direction, from: gamma, model, penalty) else { break }
      gamma = next
    }
    return gamma
  }

  /// The first of 1, ½, ¼ … steps, cut off at zero, that lowers the loss enough; nil when none does.
  private func step(
    along direction: [Double], from gamma: [Double], _ model: LossModel, _ penalty: Proximity
  ) -> [Double]? {
    var length = 1.0
    while length > 1e-6 {
      let next = zip(gamma, direction).map { max(0, $0 + length * $1) }
      let slope = next.indices.reduce(0) { $0 + model.gradient[$1] * (next[$1] - gamma[$1]) }
      if next.contains(where: { $0 > 0 }) {
        let loss = LossModel.loss(next, tables) + penalty.value(at: next)
        // Logits are mixed in single precision: differences below this are rounding.
        if loss <= model.loss + 1e-4 * slope, loss < model.loss - 1e-9 { return next }
      }
      length /= 2
    }
    return nil
  }
}

/// `λ/2 |γ − w Σγ|²`.
private struct Proximity {
  let base: [Double]
  let lambda: Double

  /// `γ − w Σγ`.
  private func residual(_ gamma: [Double]) -> [Double] {
    let sum = gamma.reduce(0, +)
    return zip(gamma, base).map { $0 - $1 * sum }
  }

  func value(at gamma: [Double]) -> Double {
    residual(gamma).reduce(0) { $0 + $1 * $1 } * lambda / 2
  }

  func add(to model: inout LossModel, at gamma: [Double]) {
    let residual = residual(gamma)
    let along = zip(residual, base).reduce(0) { $0 + $1.0 * $1.1 }
    let square = base.reduce(0) { $0 + $1 * $1 }
    let count = gamma.count
    for row in 0..<count {
      model.gradient[row] += lambda * (residual[row] - along)
      for column in 0..<count {
        let own = row == column ? 1.0 : 0
        model.curvature[row * count + column] += lambda * (own - base[row] - base[column] + square)
      }
    }
    model.loss += value(at: gamma)
  }
}

/// The mean cross-entropy of `Σ γ_i H_i` and its first two derivatives.
private struct LossModel: Sendable {
  var loss: Double
  var gradient: [Double]
  /// Row-major; both triangles.
  var curvature: [Double]

  static func loss(_ gamma: [Double], _ tables: LinearisedTables) -> Double {
    let cells = tables.cells
    let weights = cells.padded(gamma)
    return Parallel.blocks(rows: cells.rows) { range in
      cells.withLogits(of: weights, rows: range) { logits in
        (0..<range.count).reduce(0.0) { sum, row in
          let start = row * cells.columns
          let values = UnsafeBufferPointer(rebasing: logits[start..<start + cells.columns])
          return sum + TableRow.logSumExp(values, beta: 1) - Double(values[0])
        }
      }
    }.reduce(0, +) / Double(cells.rows)
  }

  static func at(_ gamma: [Double], _ tables: LinearisedTables) -> LossModel {
    let cells = tables.cells
    let weights = cells.padded(gamma)
    let parts = Parallel.blocks(rows: cells.rows) { range in
      cells.withLogits(of: weights, rows: range) { logits in
        var sums = Sums(lanes: cells.lanes)
        for row in 0..<range.count {
          let start = row * cells.columns
          sums.add(
            cells.row(range.lowerBound + row),
            UnsafeBufferPointer(rebasing: logits[start..<start + cells.columns]))
        }
        return sums
      }
    }
    let (count, lanes, rows) = (gamma.count, cells.lanes, Double(cells.rows))
    var model = LossModel(
      loss: 0, gradient: [Double](repeating: 0, count: count),
      curvature: [Double](repeating: 0, count: count * count))
    for part in parts {
      model.loss += part.loss / rows
      for row in 0..<count {
        model.gradient[row] += Double(part.gradient[row / 8][row % 8]) / rows
        for column in 0..<count {
          // Only vectors up to the diagonal's are filled.
          let (high, low) = (max(row, column), min(row, column))
          let vector = part.curvature[high * lanes / 8 + low / 8]
          model.curvature[row * count + column] += Double(vector[low % 8]) / rows
        }
      }
    }
    return model
  }

  /// Sums over some rows, by lane.
  private struct Sums: Sendable {
    var loss = 0.0
    var gradient: [SIMD8<Float>]
    /// One row of vectors a lane.
    var curvature: [SIMD8<Float>]
    private var mean: [SIMD8<Float>]
    private let lanes: Int

    init(lanes: Int) {
      self.lanes = lanes
      gradient = Array(repeating: SIMD8(), count: lanes / 8)
      curvature = Array(repeating: SIMD8(), count: lanes * lanes / 8)
      mean = gradient
    }

    /// Takes one example in: its cells and their mixed logits, the true class first.
    mutating func add(_ cells: UnsafePointer<Float>, _ logits: UnsafeBufferPointer<Float>) {
      let vectors = lanes / 8
      let total = TableRow.logSumExp(logits, beta: 1)
      loss += total - Double(logits[0])
      for vector in 0..<vectors { mean[vector] = SIMD8() }
      for column in 0..<logits.count {
        let share = Float(exp(Double(logits[column]) - total))
        if share < 1e-7 { continue }
        let cell = cells + column * lanes
        for vector in 0..<vectors { mean[vector] += TableRow.load(cell, vector) * share }
      }
      for vector in 0..<vectors {
        gradient[vector] += mean[vector] - TableRow.load(cells, vector)
      }
      for column in 0..<logits.count {
        let share = Float(exp(Double(logits[column]) - total))
        if share < 1e-6 { continue }
        addOuter(cells + column * lanes, share: share)
      }
    }

    /// Adds `share (cell − mean)(cell − mean)ᵀ`.
    private mutating func addOuter(_ cell: UnsafePointer<Float>, share: Float) {
      let vectors = lanes / 8
      withUnsafeTemporaryAllocation(of: SIMD8<Float>.self, capacity: vectors) { centred in
        for vector in 0..<vectors { centred[vector] = TableRow.load(cell, vector) - mean[vector] }
        curvature.withUnsafeMutableBufferPointer { curvature in
          for lane in 0..<lanes {
            let factor = centred[lane / 8][lane % 8] * share
            let row = lane * vectors
            for vector in 0...lane / 8 { curvature[row + vector] += centred[vector] * factor }
          }
        }
      }
    }
  }
}
