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

  /// - Throws: `InputError` when there is no such split with data.
  init(_ kitchen: Kitchen, split: String, lane: Lane) throws {
    self.kitchen = kitchen
    self.split = try kitchen.split(named: split)
    self.lane = lane
  }

  var labels: [Int32] { split.labels }

  func logits(of blend: Blend) async throws -> Logits {
    try Task.checkCancellation()
    let key = try kitchen.exactKey(of: blend, on: split)
    if let known = try kitchen.ledger.logits(for: key) { return known.logits }
    if lane.urgency == .background { try await kitchen.giveWay() }
    return try await kitchen.queue.withTurn(lane) {
      // Another analysis may have measured it while this one waited for its turn.
      if let known = try kitchen.ledger.logits(for: key) { return known.logits }
      return try await kitchen.evaluateExactly(blend, on: split, key: key)
    }
  }
}

extension Kitchen {
  /// The key of a blend that is summed in single precision.
  func exactKey(of blend: Blend, on split: Split) throws -> EvaluationKey {
    let plain = try key(of: blend, on: split)
    guard try isRounded(blend) else { return plain }
    let terms = try blend.terms.map { (try files.address(of: $0.ingredient), $0.weight) }
    return EvaluationKey(
      weights: .ofBlend(terms, precision: "f32"), split: plain.split, evaluator: plain.evaluator)
  }

  /// Whether averaging in the ingredients' own element type loses what single precision keeps.
  private func isRounded(_ blend: Blend) throws -> Bool {
    guard blend.singleIngredient == nil else { return false }
    return try blend.terms.contains { term in
      try files.table(of: term.ingredient).tensors.contains {
        $0.dtype.isFloatingPoint && $0.dtype != .f32
      }
    }
  }

  fileprivate func evaluateExactly(
    _ blend: Blend, on split: Split, key: EvaluationKey
  ) async throws -> Logits {
    let (weights, report) = try Averager.average(
      files.terms(of: blend), AverageOptions(dtype: .dtype(.f32)))
    if let tensor = report.nonFinite.first {
      throw InputError(
        file: try tensor.terms.first.map(files.path) ?? sweep.directory,
        place: "tensor \(tensor.tensor)", problem: "it holds NaN or infinite values",
        mend: "Leave this ingredient out, or train it again")
    }
    let clock = ContinuousClock()
    let start = clock.now
    let collector = LogitCollector(rows: split.count)
    try await evaluatorAtWork().evaluator.evaluate(weights, on: split, order: nil, batch: nil) {
      collector.add($0)
      return .proceed
    }
    guard let logits = collector.logits else { throw EvaluationUnavailable.noLogits }
    let score = Score(
      correct: logits.correct(split.labels), n: split.count, nll: logits.nll(split.labels))
    let seconds = (clock.now - start).inSeconds
    pace.withLock { $0 = seconds }
    try ledger.record(
      EvaluationRecord(score: score, seconds: seconds), for: key,
      logits: logits.withUnsafeBuffer { Array($0) }, classes: logits.classes)
    if let name = blend.singleIngredient {
      observer(.measured(ingredient: name, split: split.name, score: score))
    }
    return logits
  }

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
