import Averaging
package import Evaluation
import Ledger
import Synchronization

extension Kitchen {
  /// Judges the uniform logit ensemble of `ingredients` on a split from stored logits.
  ///
  /// A name given twice counts twice. Nil when the logits of one are not in the ledger.
  /// - Parameter withLikelihood: whether the likelihood is wanted too, for which all logits have to be
  ///   averaged; the count alone is there at once.
  package func knownEnsemble(
    _ ingredients: [String], on splitName: String, withLikelihood: Bool = true
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
    let nll = withLikelihood ? Ensemble.logits(of: members).nll(split.labels) : nil
    return Score(
      correct: Ensemble.correct(of: members, tops: tops, labels: split.labels), n: split.count,
      nll: nll.flatMap { $0.isFinite ? $0 : nil })
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
    var evaluated = 0
    for name in Set(ingredients).sorted() {
      let single = try await measure(.uniform([name]), on: splitName, lane: lane)
      evaluated += single.evaluatedExamples
    }
    let known = try knownEnsemble(ingredients, on: splitName, withLikelihood: withLikelihood)
    guard let score = known else {
      throw EvaluationUnavailable.logitsEvicted
    }
    return (score, evaluated)
  }
}

/// Why something that was evaluated cannot be used.
package enum EvaluationUnavailable: Error, CustomStringConvertible {
  case logitsEvicted
  case noLogits

  package var description: String {
    switch self {
    case .logitsEvicted:
      "The logits of an ingredient were dropped to keep the cache under its size. "
        + "Raise the cap, or run the recipe again."
    case .noLogits:
      "The evaluator gives a metric but no logits, which ensembles and analyses need. "
        + "Return logits from it."
    }
  }
}
