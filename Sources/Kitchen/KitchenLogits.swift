package import Averaging
package import Evaluation
import Synchronization

/// Logits of blends on one split, as one job asks for them: through its lane and its pause gate.
package struct KitchenLogits: LogitSource {
  let kitchen: Kitchen
  let split: Split
  let lane: Lane
  let gate: PauseGate
  let count: ExampleCount

  /// - Throws: `InputError` when there is no such split.
  package init(
    _ kitchen: Kitchen, split: String, lane: Lane, gate: PauseGate = PauseGate(),
    count: ExampleCount = ExampleCount()
  ) throws {
    self.kitchen = kitchen
    self.split = try kitchen.split(named: split)
    self.lane = lane
    self.gate = gate
    self.count = count
  }

  package var labels: [Int32] { split.labels }

  package func logits(of blend: Blend) async throws -> Logits {
    try await gate.pass()
    let (logits, evaluated) = try await kitchen.logits(
      of: blend, on: split.name, lane: lane, precision: .single)
    count.add(evaluated)
    return logits
  }
}

/// How many examples a job has put through the model.
package final class ExampleCount: Sendable {
  private let examples = Atomic(0)

  package init() {}

  package var total: Int { examples.load(ordering: .relaxed) }

  func add(_ more: Int) { examples.add(more, ordering: .relaxed) }
}
