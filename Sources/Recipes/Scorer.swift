package import Averaging
package import Evaluation

/// What is known of a blend (or an ensemble) on val after it was looked at.
package struct Judgement: Hashable, Sendable {
  /// Counts over the examples that were seen.
  package let score: Score
  /// The number that recipes compare, higher is better: correct examples for accuracy, otherwise the
  /// selection metric, negated where lower is better.
  package let merit: Double
  /// Whether evaluation ended early because the bar was out of reach; `score` then covers only the
  /// examples seen, and `merit` is an upper bound.
  package let isAbandoned: Bool
  /// Examples put through the model for this judgement; 0 when the ledger knew.
  package let evaluatedExamples: Int

  package init(
    score: Score, merit: Double, isAbandoned: Bool = false, evaluatedExamples: Int
  ) {
    self.score = score
    self.merit = merit
    self.isAbandoned = isAbandoned
    self.evaluatedExamples = evaluatedExamples
  }
}

/// Looks at blends on the val split for a recipe.
///
/// The kitchen is one; tests use tables.
///
/// Every call may suspend while the job is paused, and throws `CancellationError` when it is cancelled.
package protocol Scorer: Sendable {
  /// Evaluates `blend`; with a `bar`, may abandon it once its merit cannot reach the bar any more.
  func score(_ blend: Blend, bar: Double?) async throws -> Judgement

  /// Judges the uniform logit ensemble of `ingredients`; a name given twice counts twice.
  func scoreEnsemble(_ ingredients: [String]) async throws -> Judgement
}
