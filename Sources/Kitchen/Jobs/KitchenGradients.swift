import Checkpoints
import Evaluation
import Ledger
import Sweeps

/// Gradients on one split, as one job asks for them: what the ledger knows is not computed again.
///
/// A descent has no other state than its gradients, so a run that was cut off takes the same steps from
/// the ledger and goes on where it was.
struct KitchenGradients: BlendGradientSource {
  let source: any BlendGradientSource
  let split: String
  let kitchen: Kitchen
  let lane: Lane
  let gate: PauseGate
  let count: ExampleCount

  var examples: Int { source.examples }

  func gradient(
    ingredients: [String], weights: [[Double]], tensors: TensorGrouping, beta: Double,
    examples: [Int]
  ) async throws -> BlendGradient {
    try await gate.pass()
    count.ask(gradientOf: examples.count)
    let key = try key(ingredients, weights, tensors, beta, examples)
    if let known = try kitchen.ledger.gradient(for: key),
      let gradient = BlendGradient(numbers: known, shapedAs: weights)
    {
      return gradient
    }
    let gradient = try await kitchen.queue.withTurn(lane) {
      try await source.gradient(
        ingredients: ingredients, weights: weights, tensors: tensors, beta: beta,
        examples: examples)
    }
    count.add(evaluated: examples.count)
    guard try self.key(ingredients, weights, tensors, beta, examples) == key else {
      throw FileStamps.change(of: kitchen.sweep.directory)
    }
    try kitchen.ledger.keepGradient(gradient.numbers, for: key)
    return gradient
  }

  private func key(
    _ ingredients: [String], _ weights: [[Double]], _ tensors: TensorGrouping, _ beta: Double,
    _ examples: [Int]
  ) throws -> ContentAddress {
    .ofGradient(
      split: try kitchen.address(of: kitchen.split(named: split)),
      evaluator: try kitchen.evaluatorAtWork().address,
      ingredients: try ingredients.map { try kitchen.files.address(of: $0) }, weights: weights,
      groups: tensors.names, beta: beta, examples: examples)
  }
}

extension TensorGrouping {
  /// The tensors of each row; empty where one row is for all.
  fileprivate var names: [[String]] {
    switch self {
    case .all: []
    case .byTensor(let names): names.map { [$0] }
    case .groups(let groups): groups
    }
  }
}

extension BlendGradient {
  /// In a row: the loss, its derivative by β, those by the weights.
  fileprivate var numbers: [Double] { [loss, beta] + weights.flatMap(\.self) }

  /// Nil when there are more or fewer numbers than the weights have.
  fileprivate init?(numbers: [Double], shapedAs weights: [[Double]]) {
    guard numbers.count == 2 + weights.reduce(0, { $0 + $1.count }) else { return nil }
    var place = 2
    let rows = weights.map { row in
      defer { place += row.count }
      return Array(numbers[place..<place + row.count])
    }
    self.init(loss: numbers[0], weights: rows, beta: numbers[1])
  }
}
