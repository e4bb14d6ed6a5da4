import Checkpoints
import Evaluation
import Foundation
import Sweeps
import Synchronization

/// The bundled sweep in a folder that goes with the value that made it.
final class SweepFolder: Sendable {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("stockpot-\(UUID().uuidString)").path
    try DemoSweep.write(to: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Counts whole evaluations.
final class CountingEvaluator: Evaluator {
  private let calls = Mutex(0)
  private let inner = Mutex<OnnxEvaluator?>(nil)

  var count: Int { calls.withLock { $0 } }

  var identity: EvaluatorIdentity {
    inner.withLock { $0?.identity } ?? EvaluatorIdentity(kind: "none", files: [])
  }

  func start(_ sweep: Sweep) throws -> any Evaluator {
    let evaluator = try OnnxEvaluator(
      model: sweep.directory + "/model.onnx", options: OnnxOptions())
    inner.withLock { $0 = evaluator }
    return self
  }

  func evaluate(
    _ weights: any TensorTable, on split: Split, order: [Int]?, batch: BatchSize?,
    receive: @escaping @Sendable (LogitBatch) -> Flow
  ) async throws {
    calls.withLock { $0 += 1 }
    guard let evaluator = inner.withLock({ $0 }) else { return }
    try await evaluator.evaluate(
      weights, on: split, order: order, batch: batch, receive: receive)
  }
}
