import Averaging
import Checkpoints
import Evaluation
import Ledger
import Sweeps
import Synchronization

/// The kitchen as analyses see it: logits of any blend on one split, through the ledger.
///
/// Blends are summed in single precision: small steps along a line would drown in the rounding of a
/// half. Where nothing is rounded anyway, the evaluations are those of the soups themselves.
struct BlendLogits: LogitSource {
  let kitchen: Kitchen
  let split: Split
  let lane: Lane

  /// Gets the split ready where the evaluator brings its data.
  /// - Throws: `InputError` when there is no such split with data.
  init(_ kitchen: Kitchen, split: String, lane: Lane) async throws {
    try await kitchen.prepare(splits: [split])
    self.kitchen = kitchen
    self.split = try kitchen.split(named: split)
    self.lane = lane
  }

  var labels: [Int32] { split.labels }

  func logits(of blend: Blend) async throws -> Logits {
    try Task.checkCancellation()
    let key = try kitchen.key(of: blend, on: split, precision: .single)
    if let known = try kitchen.ledger.logits(for: key) { return known.logits }
    if lane.urgency == .background { try await kitchen.giveWay() }
    let (logits, evaluated) = try await kitchen.logits(
      of: blend, on: split.name, lane: lane, precision: .single)
    if evaluated > 0, let record = try kitchen.ledger.evaluation(for: key) {
      kitchen.pace.withLock { $0 = record.seconds }
    }
    return logits
  }
}

extension Kitchen {
  /// Leaves the evaluator to recipes and to the person while they use it.
  ///
  /// Between two of their evaluations the queue is empty for a moment; without this, analyses would
  /// take every second turn. So they take every fifth while a recipe is at work.
  fileprivate func giveWay() async throws {
    let isBusy = jobs.withLock { $0.entries.values.contains { $0.job.status == .running } }
    guard isBusy else { return }
    try await Task.sleep(for: .seconds(min(pace.withLock { $0 } * 4, 10)))
  }
}
