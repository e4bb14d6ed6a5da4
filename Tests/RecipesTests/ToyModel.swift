import Averaging
import Evaluation
import Foundation
import Recipes
import Synchronization

/// A small network whose weights can be blended, evaluated and differentiated in a test.
///
/// `depth` 0: logits are linear in the weights, so linearisation is exact. Otherwise one hidden layer of
/// tanh. Labels come from a teacher; ingredients are the teacher with noise, each its own.
struct ToyModel: LogitSource, BlendGradientSource {
  static let inputs = 4
  static let hidden = 5
  static let classes = 3

  let isLinear: Bool
  let ingredients: [String]
  /// By name of ingredient, then of tensor.
  let tensors: [String: [String: [Double]]]
  let points: [[Double]]
  let labels: [Int32]
  let asked = Counter()

  final class Counter: Sendable {
    private let count = Mutex(0)
    private let limit = Mutex<Int?>(nil)
    var value: Int { count.withLock { $0 } }

    /// Cancels the current task at that call.
    func cancel(at call: Int?) { limit.withLock { $0 = call } }

    func next() throws {
      let number = count.withLock { count in
        count += 1
        return count
      }
      if limit.withLock({ $0 == number }) { throw CancellationError() }
    }
  }

  var examples: Int { points.count }

  static var sizes: [(name: String, count: Int)] {
    [
      ("hidden.weight", hidden * inputs), ("hidden.bias", hidden),
      ("out.weight", classes * hidden), ("out.bias", classes),
    ]
  }

  init(seed: UInt64, ingredients count: Int, examples: Int = 60, isLinear: Bool = false) {
    var generator = SeededGenerator(seed: seed)
    func normal() -> Double {
      (0..<6).reduce(0) { sum, _ in sum + Double.random(in: -1...1, using: &generator) } / 1.4
    }
    self.isLinear = isLinear
    var teacher: [String: [Double]] = [:]
    for (name, size) in Self.sizes { teacher[name] = (0..<size).map { _ in normal() } }
    var tensors: [String: [String: [Double]]] = ["theta0": [:]]
    let names = (0..<count).map { "i\($0)" }
    for name in names + ["theta0"] {
      let noise = name == "theta0" ? 1.0 : Double.random(in: 0.3...1.2, using: &generator)
      for (tensor, size) in Self.sizes {
        tensors[name, default: [:]][tensor] = (0..<size).map {
          (teacher[tensor]?[$0] ?? 0) + noise * normal()
        }
      }
    }
    ingredients = names
    self.tensors = tensors
    points = (0..<examples).map { _ in (0..<Self.inputs).map { _ in normal() } }
    var labels: [Int32] = []
    for point in points {
      let logits = Self.forward(teacher, point, isLinear: isLinear).logits
      labels.append(Int32(logits.indices.max { logits[$0] < logits[$1] } ?? 0))
    }
    self.labels = labels
  }

  static func forward(
    _ weights: [String: [Double]], _ point: [Double], isLinear: Bool
  ) -> (hidden: [Double], logits: [Double]) {
    let first = weights["hidden.weight"] ?? []
    let bias = weights["hidden.bias"] ?? []
    let second = weights["out.weight"] ?? []
    let last = weights["out.bias"] ?? []
    let units = (0..<hidden).map { unit in
      // Linear in the weights: the hidden layer does not depend on them.
      if isLinear { return sin(Double(unit + 1) * point[unit % inputs]) }
      return tanh(
        (0..<inputs).reduce(bias[unit]) { $0 + first[unit * inputs + $1] * point[$1] })
    }
    let logits = (0..<classes).map { label in
      (0..<hidden).reduce(last[label]) { $0 + second[label * hidden + $1] * units[$1] }
    }
    return (units, logits)
  }

  /// The weights of a blend, tensor by tensor.
  func mixed(_ blend: Blend) -> [String: [Double]] {
    let byTensor = Dictionary(
      uniqueKeysWithValues: (blend.tensors ?? []).map { ($0.name, $0.weights) })
    var result: [String: [Double]] = [:]
    for (name, size) in Self.sizes {
      let weights = byTensor[name] ?? blend.terms.map(\.weight)
      var sum = [Double](repeating: 0, count: size)
      for (term, weight) in zip(blend.terms, weights) {
        for (index, value) in (tensors[term.ingredient]?[name] ?? []).enumerated() {
          sum[index] += weight * value
        }
      }
      result[name] = sum
    }
    return result
  }

  func logits(of blend: Blend) async throws -> Logits {
    try Task.checkCancellation()
    try asked.next()
    let weights = mixed(blend)
    return Logits(
      rows: points.count, classes: Self.classes,
      values: points.flatMap {
        Self.forward(weights, $0, isLinear: isLinear).logits.map(Float.init)
      })
  }

  func blend(_ names: [String], _ weights: [[Double]], _ grouping: TensorGrouping) -> Blend {
    Blend(
      names,
      tensors: zip(groups(grouping), weights).flatMap { group, row in
        group.map { Blend.TensorWeights($0, weights: row) }
      })
  }

  func gradient(
    ingredients names: [String], weights: [[Double]], tensors grouping: TensorGrouping,
    beta: Double, examples: [Int]
  ) async throws -> BlendGradient {
    try Task.checkCancellation()
    try asked.next()
    let slopes = slopes(mixed(blend(names, weights, grouping)), beta: beta, examples)
    let rows = groups(grouping).map { group in
      names.map { name in
        group.reduce(0) { sum, tensor in
          sum
            + zip(slopes.tensors[tensor] ?? [], tensors[name]?[tensor] ?? [])
            .reduce(0) { $0 + $1.0 * $1.1 }
        }
      }
    }
    return BlendGradient(loss: slopes.loss, weights: rows, beta: slopes.beta)
  }

  private func groups(_ grouping: TensorGrouping) -> [[String]] {
    switch grouping {
    case .all: [Self.sizes.map(\.name)]
    case .byTensor(let names): names.map { [$0] }
    case .groups(let groups): groups
    }
  }

  /// Loss and its derivatives by every weight and β, by hand.
  private func slopes(
    _ weights: [String: [Double]], beta: Double, _ examples: [Int]
  ) -> (loss: Double, tensors: [String: [Double]], beta: Double) {
    var result: [String: [Double]] = [:]
    for (name, size) in Self.sizes { result[name] = Array(repeating: 0, count: size) }
    var (loss, betaSlope) = (0.0, 0.0)
    let share = 1 / Double(examples.count)
    let second = weights["out.weight"] ?? []
    for example in examples {
      let (units, logits) = Self.forward(weights, points[example], isLinear: isLinear)
      let label = Int(labels[example])
      let powers = logits.map { exp(beta * $0) }
      let total = powers.reduce(0, +)
      loss += share * (log(total) - beta * logits[label])
      for output in 0..<Self.classes {
        let error = powers[output] / total - (output == label ? 1 : 0)
        betaSlope += share * error * logits[output]
        result["out.bias"]?[output] += share * beta * error
        for unit in 0..<Self.hidden {
          result["out.weight"]?[output * Self.hidden + unit] += share * beta * error * units[unit]
          if isLinear { continue }
          let back =
            share * beta * error * second[output * Self.hidden + unit]
            * (1 - units[unit] * units[unit])
          result["hidden.bias"]?[unit] += back
          for input in 0..<Self.inputs {
            result["hidden.weight"]?[unit * Self.inputs + input] += back * points[example][input]
          }
        }
      }
    }
    return (loss, result, betaSlope)
  }
}

extension ToyModel {
  var candidates: [Candidate] { ingredients.map { Candidate(name: $0, merit: 0) } }

  /// The toy as a recipe sees it.
  func scorer(givesGradients: Bool = true) -> LogitScorer {
    LogitScorer(self, tensors: self, gradients: givesGradients ? self : nil)
  }
}

extension ToyModel: TensorSource {
  var initialisation: String? { "theta0" }

  func tensorNames(of ingredient: String) throws -> [String] { Self.sizes.map(\.name) }

  func grams(of ingredients: [String], minus origin: String) throws -> [Geometry.Group] {
    Self.sizes.map { tensor, _ in
      let start = tensors[origin]?[tensor] ?? []
      let moved = ingredients.map { name in
        zip(tensors[name]?[tensor] ?? [], start).map { $0 - $1 }
      }
      return Geometry.Group(
        name: tensor,
        gram: Gram(
          count: moved.count,
          lowerTriangle: moved.flatMap { left in
            moved.map { right in zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }
          }))
    }
  }
}
