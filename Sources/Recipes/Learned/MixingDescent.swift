import Averaging
import Evaluation

/// Follows gradients of the loss by mixing weights and inverse temperature.
///
/// Weights are softmax of raw numbers that start equal, so the first soup is the uniform one; β starts
/// at 1. Examples are shuffled anew each epoch by a seeded generator.
struct MixingDescent {
  let ingredients: [String]
  let source: any BlendGradientSource
  let grouping: TensorGrouping
  let settings: LearningSettings

  /// Where the descent stands.
  struct Position: Sendable {
    /// One row a group, one weight an ingredient.
    var weights: [[Double]]
    var beta: Double
    /// Mean loss of the steps of the epoch that led here.
    var meanLoss: Double
  }

  /// Steps in an epoch.
  var stepsPerEpoch: Int {
    let batch = settings.batchSize(examples: source.examples)
    return (source.examples + batch - 1) / batch
  }

  /// Runs all epochs.
  ///
  /// - Parameters:
  ///   - trying: hears the epoch and the step within it before each step, both from 0.
  ///   - epochDone: looks at where each epoch ended.
  /// - Throws: what the source and `epochDone` throw, `CancellationError`.
  func run(
    trying: (Int, Int) -> Void, epochDone: (Int, Position) async throws -> Void
  ) async throws -> Position {
    let (rows, columns) = (grouping.rows, ingredients.count)
    // The raw numbers by row, then β.
    var parameters = [Double](repeating: 0, count: rows * columns) + [1]
    var optimiser = AdamW(
      count: parameters.count, learningRate: settings.learningRate,
      weightDecay: settings.weightDecay)
    var generator = SeededGenerator(seed: settings.seed)
    let batch = settings.batchSize(examples: source.examples)
    var position = position(of: parameters, rows: rows, meanLoss: .nan)
    for epoch in 0..<settings.epochs {
      let order = Array(0..<source.examples).shuffled(using: &generator)
      var lossSum = 0.0
      for step in 0..<stepsPerEpoch {
        try Task.checkCancellation()
        trying(epoch, step)
        let examples = Array(order[step * batch..<min((step + 1) * batch, order.count)])
        let gradient = try await source.gradient(
          ingredients: ingredients, weights: position.weights, tensors: grouping,
          beta: position.beta, examples: examples)
        let raw = zip(gradient.weights, position.weights).flatMap {
          Softmax.pullBack($0, at: $1)
        }
        optimiser.step(&parameters, against: raw + [gradient.beta])
        lossSum += gradient.loss * Double(examples.count)
        position = self.position(
          of: parameters, rows: rows, meanLoss: lossSum / Double(source.examples))
      }
      try await epochDone(epoch, position)
    }
    return position
  }

  private func position(of parameters: [Double], rows: Int, meanLoss: Double) -> Position {
    let columns = ingredients.count
    return Position(
      weights: (0..<rows).map { row in
        Softmax.of(Array(parameters[row * columns..<(row + 1) * columns]))
      },
      beta: parameters[rows * columns], meanLoss: meanLoss)
  }
}
