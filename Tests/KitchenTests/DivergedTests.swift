import Averaging
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Recipes
import Sweeps
import Testing

/// Sweeps one of whose runs has diverged: its logits are NaN.
@Suite struct DivergedTests {
  /// What another evaluator says, but for weights that are too large.
  private struct Diverging: Evaluator {
    let base: TableEvaluator
    var identity: EvaluatorIdentity { base.identity }

    func evaluate(
      _ weights: any TensorTable, on split: Split, order: [Int]?, batch: BatchSize?,
      receive: @escaping @Sendable (LogitBatch) -> Flow
    ) async throws {
      let first = try weights.withBytes(ofTensorAt: 0) { $0.loadUnaligned(as: Float.self) }
      try await base.evaluate(weights, on: split, order: order, batch: batch) { batch in
        guard first > 100 else { return receive(batch) }
        return receive(
          LogitBatch(
            examples: batch.examples, classes: batch.classes,
            logits: batch.logits.map { _ in .nan }))
      }
    }
  }

  private func kitchen(_ sweep: TableSweep) throws -> Kitchen {
    let weights = try Weights([TensorInfo(name: "w", dtype: .f32, shape: [4])]) { room in
      [Float](repeating: 10_000, count: 4).withUnsafeBytes { room[0].copyMemory(from: $0) }
    }
    // First in the sweep's order.
    try sweep.made.write(weights, to: "ingredients/a.safetensors")
    let evaluator = Diverging(base: sweep.evaluator)
    return try Kitchen(
      sweep: try sweep.made.open(), ledgerDirectory: sweep.made.path(".stockpot"),
      evaluator: { _ in evaluator })
  }

  @Test(arguments: [RecipeSpec.Name.best, .greedy, .greedyEnsemble, .radin])
  func itIsNeverChosen(recipe: RecipeSpec.Name) async throws {
    // Kept as long as the kitchen: its folder goes with it.
    let sweep = try TableSweep(seed: 11, ingredients: 4)
    defer { withExtendedLifetime(sweep) {} }
    let kitchen = try kitchen(sweep)
    for metric in [Metric.nll, .ece] {
      var spec = RecipeSpec(recipe)
      spec.metric = metric
      let result = try await kitchen.cook(
        spec, lane: Lane("test", urgency: .recipe), tell: { _ in })
      #expect(!result.ingredients.contains("a"), "\(metric)")
    }
  }

  @Test func labelsBeyondTheClassesAreAnError() async throws {
    let sweep = try TableSweep(seed: 12)
    let path = sweep.made.path("data/val_y.npy")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count - 4] = 9
    try bytes.write(to: URL(fileURLWithPath: path))
    let kitchen = try sweep.kitchen()
    await #expect(throws: InputError.self) {
      try await kitchen.measure(
        .uniform(["m0"]), on: "val", lane: Lane("test", urgency: .recipe))
    }
  }
}
