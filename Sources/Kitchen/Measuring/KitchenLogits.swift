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

  /// - Throws: `InputError` when there is no such split, or the evaluator gives no logits of it.
  package init(
    _ kitchen: Kitchen, split: String, lane: Lane, gate: PauseGate = PauseGate(),
    count: ExampleCount = ExampleCount()
  ) throws {
    self.kitchen = kitchen
    self.split = try kitchen.split(named: split)
    self.lane = lane
    self.gate = gate
    self.count = count
    try kitchen.checkLabels(of: self.split, for: "predictions")
  }

  package var labels: [Int32] { split.labels }

  package func logits(of blend: Blend) async throws -> Logits {
    try await gate.pass()
    let (logits, evaluated) = try await kitchen.logits(
      of: blend, on: split.name, lane: lane, precision: .single)
    count.add(evaluated: evaluated)
    count.ask(blend)
    return logits
  }
}

/// What a job has cost.
package final class ExampleCount: Sendable {
  private struct State {
    var evaluated = 0
    var differentiated = 0
    var blends: Set<Blend> = []
  }

  private let state = Mutex(State())

  package init() {}

  /// Examples put through the model.
  package var evaluated: Int { state.withLock(\.evaluated) }

  /// Passes over a split of so many examples: one for every blend that was looked at, and what
  /// gradients took.
  ///
  /// What the job would have cost if nothing were known and nothing given up early.
  func passes(over examples: Int) -> Double {
    state.withLock {
      Double($0.blends.count) + Double($0.differentiated) / Double(max(1, examples))
    }
  }

  func add(evaluated: Int) { state.withLock { $0.evaluated += evaluated } }

  func ask(_ blend: Blend) { state.withLock { _ = $0.blends.insert(blend) } }

  func ask(gradientOf examples: Int) { state.withLock { $0.differentiated += examples } }
}
