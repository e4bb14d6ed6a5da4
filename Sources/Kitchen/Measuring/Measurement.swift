package import Averaging
import Checkpoints
package import Evaluation
import Ledger
import Recipes
import Sweeps
import Synchronization

/// What came of evaluating one blend on one split.
package struct Measurement: Sendable {
  /// Over the examples seen: all of them unless `isAbandoned`.
  package let score: Score
  /// Given up because the bar was out of reach.
  package let isAbandoned: Bool
  /// Most examples that could still have been right.
  package let mostCorrect: Int
  /// Put through the model now; 0 when the ledger knew.
  package let evaluatedExamples: Int
  /// What the evaluator said in place of logits; empty when it gave logits.
  package var metrics: [String: Double] = [:]
}

/// How the weights of a blend are rounded before they are evaluated.
package enum SumPrecision: Sendable {
  /// To the element type of the ingredients, as a soup is exported.
  case source
  /// To single precision, whatever the ingredients have: for differences of near soups.
  case single
}

/// How far an evaluation has come.
package struct Count: Hashable, Sendable {
  package var correct = 0
  package var seen = 0
}

extension Kitchen {
  /// Evaluates a blend on a split, or looks it up.
  ///
  /// - Parameters:
  ///   - abandonment: when the evaluation may be given up; nil for never. What was given up is kept as a
  ///     bound, which nobody sees who does not allow the same.
  ///   - progress: hears of each batch, on any thread.
  /// - Throws: `InputError` for files that do not fit, `CancellationError`.
  package func measure(
    _ blend: Blend, on splitName: String, lane: Lane, abandonment: Abandonment? = nil,
    progress: @escaping @Sendable (Count) -> Void = { _ in }
  ) async throws -> Measurement {
    try await prepare(splits: [splitName])
    let split = try split(named: splitName)
    let key = try key(of: blend, on: split)
    if let known = try lookUp(key, abandonment) { return known }
    return try await queue.withTurn(lane) { [self] in
      // Another job may have measured it while this one waited for its turn.
      if let known = try lookUp(key, abandonment) { return known }
      if split.isScalar { return try await evaluateMetrics(blend, on: split, key: key) }
      return try await evaluate(
        blend, on: split, key: key, abandonment: abandonment, progress: progress
      ).measurement
    }
  }

  /// Logits of a blend on a split, from the ledger or evaluated now.
  ///
  /// - Parameter precision: how the weights are rounded.
  /// - Throws: as `measure`.
  package func logits(
    of blend: Blend, on splitName: String, lane: Lane, precision: SumPrecision = .source
  ) async throws -> (logits: Logits, evaluatedExamples: Int) {
    try await prepare(splits: [splitName])
    let split = try split(named: splitName)
    try checkLabels(of: split, for: "comparisons of examples")
    let key = try key(of: blend, on: split, precision: precision)
    if let known = try ledger.logits(for: key) { return (known.logits, 0) }
    return try await queue.withTurn(lane) { [self] in
      if let known = try ledger.logits(for: key) { return (known.logits, 0) }
      let (measurement, logits) = try await evaluate(
        blend, on: split, key: key, precision: precision, abandonment: nil, progress: { _ in })
      guard let logits else { throw CancellationError() }
      return (logits, measurement.evaluatedExamples)
    }
  }

  /// What the ledger knows of an evaluation, or nil.
  ///
  /// - Parameter abandonment: with one, it is enough to know that the bar is out of reach.
  func lookUp(_ key: EvaluationKey, _ abandonment: Abandonment? = nil) throws -> Measurement? {
    if let known = try ledger.evaluation(for: key) {
      return Measurement(
        score: known.score, isAbandoned: false, mostCorrect: known.score.correct,
        evaluatedExamples: 0, metrics: known.metrics)
    }
    guard let bar = abandonment?.bar, let bound = try ledger.bound(for: key),
      bound.mostCorrect < bar
    else { return nil }
    return Measurement(
      score: Score(correct: bound.correct, n: bound.seen), isAbandoned: true,
      mostCorrect: bound.mostCorrect, evaluatedExamples: 0)
  }

  private func evaluate(
    _ blend: Blend, on split: Split, key: EvaluationKey, precision: SumPrecision = .source,
    abandonment: Abandonment?, progress: @escaping @Sendable (Count) -> Void
  ) async throws -> (measurement: Measurement, logits: Logits?) {
    try checkExport()
    let weights = try averaged(blend, precision: precision, as: key.weights)
    let clock = ContinuousClock()
    let start = clock.now
    let progressing = EvaluationProgress(total: split.count)
    try await evaluatorAtWork().evaluator.evaluate(
      weights, on: split, order: abandonment?.order(), batch: abandonment?.batch(of: split.count)
    ) { batch in
      let tally = progressing.take(batch, labels: split.labels)
      progress(Count(correct: tally.correct, seen: tally.seen))
      return abandonment.map { tally.cannotReach(bar: $0.bar) } ?? false ? .stop : .proceed
    }
    let tally = progressing.tally
    if let logits = progressing.logits {
      try LabelCheck(split: split)(classes: logits.classes)
      // Of all logits in their order, whatever the order was in which they came.
      let score = logits.score(split.labels)
      try checkUnchanged(split, since: key)
      let record = EvaluationRecord(score: score, seconds: (clock.now - start).inSeconds)
      try ledger.record(record, for: key, logits: logits)
      if let name = blend.singleIngredient {
        observer(.measured(ingredient: name, split: split.name, score: score))
      }
      let measurement = Measurement(
        score: score, isAbandoned: false, mostCorrect: score.correct, evaluatedExamples: score.n)
      return (measurement, logits)
    }
    try checkUnchanged(split, since: key)
    try ledger.record(
      EvaluationBound(correct: tally.correct, seen: tally.seen, n: tally.total), for: key)
    let measurement = Measurement(
      score: tally.score, isAbandoned: true, mostCorrect: tally.mostCorrect,
      evaluatedExamples: tally.seen)
    return (measurement, nil)
  }

  /// The soup's weights; in the ingredients' own element type they are what would be exported, bit for
  /// bit.
  /// - Parameter address: what the ledger calls them.
  /// - Throws: `InputError` for files that do not fit, or of which another average would be made now.
  func averaged(
    _ blend: Blend, precision: SumPrecision = .source, as address: ContentAddress
  ) throws -> Weights {
    let terms = try files.terms(of: blend)
    guard let first = terms.first else { throw RecipeError.noCandidates }
    let (weights, report) = try files.namingFiles {
      try Averager.average(
        terms,
        AverageOptions(
          blend: blend, first: first.table, dtype: precision == .source ? .asFirst : .dtype(.f32)))
    }
    let severity = sweep.severities[.nonFinite] ?? Finding.Rule.nonFinite.standardSeverity
    if let tensor = report.nonFinite.first, severity == .refuse {
      throw InputError(
        file: try tensor.terms.first.map(files.path) ?? sweep.directory,
        place: "tensor \(tensor.tensor)", problem: "it holds NaN or infinite values",
        mend: "Leave this ingredient out, or train it again")
    }
    guard try files.address(of: blend, precision: precision) == address else {
      throw InputError(
        file: blend.singleIngredient.flatMap { try? files.path(of: $0) } ?? sweep.directory,
        place: "ingredients", problem: "were changed while they were averaged",
        mend: "Try again when they are written")
    }
    return weights
  }
}

/// Counts and logits of one evaluation while its batches come in.
private final class EvaluationProgress: Sendable {
  private let counted: Mutex<RunningTally>
  private let collector: LogitCollector

  init(total: Int) {
    counted = Mutex(RunningTally(total: total))
    collector = LogitCollector(rows: total)
  }

  var tally: RunningTally { counted.withLock { $0 } }

  /// In the order of the split; nil when not every example was seen.
  var logits: Logits? { collector.logits }

  func take(_ batch: LogitBatch, labels: [Int32]) -> RunningTally {
    collector.add(batch)
    return counted.withLock { tally in
      tally.add(batch, labels: labels)
      return tally
    }
  }
}

extension Blend {
  /// The only ingredient, when the blend is that ingredient as it is.
  var singleIngredient: String? {
    terms.count == 1 && terms[0].weight == 1 && tensors == nil ? terms[0].ingredient : nil
  }
}

extension Duration {
  /// In seconds.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
