import Averaging
package import Evaluation
import Ledger

extension Kitchen {
  /// Judges the logit ensemble of `ingredients` on a split from stored logits.
  ///
  /// A name given twice counts twice. Nil when the logits of one are not in the ledger.
  /// - Parameter weights: one an ingredient, with a sum other than 0; nil: equal.
  package func knownEnsemble(
    _ ingredients: [String], weights: [Double]? = nil, on splitName: String
  ) throws -> Score? {
    guard !ingredients.isEmpty else { return nil }
    let split = try split(named: splitName)
    guard !split.isScalar else { return nil }
    var members: [Logits] = []
    for name in ingredients {
      guard let logits = try ledger.logits(for: key(of: .uniform([name]), on: split)) else {
        return nil
      }
      members.append(logits.logits)
    }
    let mean = Ensemble.logits(of: members, weights: weights)
    return Score(
      correct: mean.correct(split.labels), n: split.count, nll: mean.nll(split.labels))
  }

  /// The same, evaluating the ingredients whose logits are missing.
  package func ensemble(
    _ ingredients: [String], on splitName: String, lane: Lane
  ) async throws -> (score: Score, evaluatedExamples: Int) {
    try await prepare(splits: [splitName])
    try checkLabels(of: split(named: splitName), for: "ensembles")
    var evaluated = 0
    for name in Set(ingredients).sorted() {
      let single = try await measure(.uniform([name]), on: splitName, lane: lane)
      evaluated += single.evaluatedExamples
    }
    guard let score = try knownEnsemble(ingredients, on: splitName) else {
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
