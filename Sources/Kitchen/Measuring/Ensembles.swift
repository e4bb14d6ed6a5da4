import Averaging
package import Evaluation
import Ledger
import Synchronization

extension Kitchen {
  /// Judges the logit ensemble of `ingredients` on a split from stored logits.
  ///
  /// A name given twice counts twice. Nil when the logits of one are not in the ledger.
  /// - Parameters:
  ///   - weights: one an ingredient, with a sum other than 0; nil: equal.
  ///   - withLikelihood: whether the likelihood is wanted too, for which all logits have to be
  ///     averaged; the count of an equal ensemble alone is there at once.
  package func knownEnsemble(
    _ ingredients: [String], weights: [Double]? = nil, on splitName: String,
    withLikelihood: Bool = true
  ) throws -> Score? {
    guard !ingredients.isEmpty else { return nil }
    let split = try split(named: splitName)
    guard !split.isScalar else { return nil }
    var members: [Logits] = []
    var tops: [RowTops] = []
    for name in ingredients {
      let key = try key(of: .uniform([name]), on: split)
      guard let logits = try ledger.logits(for: key)?.logits else { return nil }
      members.append(logits)
      tops.append(self.tops(of: logits, key))
    }
    guard withLikelihood || weights != nil else {
      return Score(
        correct: Ensemble.correct(of: members, tops: tops, labels: split.labels), n: split.count)
    }
    let mean = Ensemble.logits(of: members, weights: weights)
    let nll = mean.nll(split.labels)
    return Score(
      correct: mean.correct(split.labels), n: split.count, nll: nll.isFinite ? nll : nil)
  }

  /// Found once for each evaluation.
  private func tops(of logits: Logits, _ key: EvaluationKey) -> RowTops {
    if let known = rowTops.withLock({ $0[key] }) { return known }
    let tops = RowTops(of: logits)
    rowTops.withLock { $0[key] = tops }
    return tops
  }

  /// The same, evaluating the ingredients whose logits are missing.
  package func ensemble(
    _ ingredients: [String], on splitName: String, lane: Lane, withLikelihood: Bool = true
  ) async throws -> (score: Score, evaluatedExamples: Int) {
    try await prepare(splits: [splitName])
    try checkLabels(of: split(named: splitName), for: "ensembles")
    return try await withLogitsKept(of: ingredients, on: splitName) {
      var evaluated = 0
      for name in Set(ingredients).sorted() where try !hasLogits(of: name, on: splitName) {
        let single = try await logits(of: .uniform([name]), on: splitName, lane: lane)
        evaluated += single.evaluatedExamples
      }
      let score = try knownEnsemble(ingredients, on: splitName, withLikelihood: withLikelihood)
      guard let score else { throw EvaluationUnavailable.logitsLost }
      return (score, evaluated)
    }
  }

  private func hasLogits(of name: String, on splitName: String) throws -> Bool {
    try ledger.logits(for: key(of: .uniform([name]), on: split(named: splitName))) != nil
  }

  /// Keeps the ingredients' logits on a split, stored or yet to be, from eviction by anybody while
  /// `body` needs them.
  func withLogitsKept<Result>(
    of ingredients: [String], on splitName: String, _ body: () async throws -> Result
  ) async throws -> Result {
    let split = try split(named: splitName)
    let keys = try ingredients.map { try key(of: .uniform([$0]), on: split) }
    try ledger.pin(keys)
    // What cannot be unpinned now ends with the process.
    defer { try? ledger.unpin(keys) }
    return try await body()
  }
}

/// Why something that was evaluated cannot be used.
package enum EvaluationUnavailable: Error, CustomStringConvertible {
  /// By somebody else than Stockpot, which keeps what it needs.
  case logitsLost
  case noLogits

  package var description: String {
    switch self {
    case .logitsLost:
      "The logits of an ingredient disappeared from .stockpot/logits while they were needed. "
        + "Run the recipe again: they will be evaluated."
    case .noLogits:
      "The evaluator gives a metric but no logits, which ensembles and analyses need. "
        + "Return logits from it."
    }
  }
}
