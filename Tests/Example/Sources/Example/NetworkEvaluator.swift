import Checkpoints
import Evaluation

/// An evaluator of one's own: weights in, logits out, batch by batch.
struct NetworkEvaluator: Evaluator {
  /// By split.
  let points: [String: [SIMD2<Double>]]

  var identity: EvaluatorIdentity { EvaluatorIdentity(kind: "example", files: []) }

  func evaluate(
    _ weights: any TensorTable, on split: Split, order: [Int]?, batch: BatchSize?,
    receive: @escaping @Sendable (LogitBatch) -> Flow
  ) async throws {
    let network = try Network(weights)
    let order = order ?? Array(0..<split.count)
    for start in stride(from: 0, to: order.count, by: 64) {
      try Task.checkCancellation()
      let examples = order[start..<min(start + 64, order.count)]
      let logits = examples.flatMap { example in
        network.logits(points[split.name]?[example] ?? .zero).map(Float.init)
      }
      let batch = LogitBatch(examples: examples, classes: Network.classes, logits: logits)
      if receive(batch) == .stop { return }
    }
  }
}
