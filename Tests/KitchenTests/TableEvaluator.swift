import Averaging
import Checkpoints
import Evaluation
import Recipes
import Synchronization

/// Predictions drawn by the bytes of the weights: correlated, as those of one family of models are.
final class TableEvaluator: Evaluator {
  let identity: EvaluatorIdentity
  private let batch: Int
  private let seen = Mutex<[Int]>([])

  /// - Parameter file: any file; its content is the evaluator's.
  init(file: String, batch: Int = 5) {
    identity = EvaluatorIdentity(kind: "table", files: [file])
    self.batch = batch
  }

  /// Examples of each evaluation.
  var evaluations: [Int] { seen.withLock { $0 } }

  func evaluate(
    _ weights: any TensorTable, on split: Split, order: [Int]?, batch size: BatchSize?,
    receive: @escaping @Sendable (LogitBatch) -> Flow
  ) async throws {
    let rows = try logits(of: weights, on: split)
    let examples = order ?? Array(0..<split.count)
    var done = 0
    while done < examples.count {
      try Task.checkCancellation()
      let part = examples[done..<min(done + batch, examples.count)]
      done += part.count
      let flow = receive(
        LogitBatch(examples: part, classes: 2, logits: part.flatMap { rows[$0] }))
      if flow == .stop { break }
    }
    let total = done
    seen.withLock { $0.append(total) }
  }

  private func logits(of weights: any TensorTable, on split: Split) throws -> [[Float]] {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    try weights.withBytes(ofTensorAt: 0) { bytes in
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    var own = SeededGenerator(seed: hash)
    var shared = SeededGenerator(seed: 1)
    let strength = Float.random(in: 0...0.4, using: &own)
    return split.labels.map { label in
      let difficulty = Float.random(in: -1...1, using: &shared)
      let margin = strength - difficulty + Float.random(in: -0.2...0.2, using: &own)
      return label == 0 ? [margin, 0] : [0, margin]
    }
  }
}
