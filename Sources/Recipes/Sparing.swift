import Evaluation

/// What early abandonment spared over some decisions.
package struct Sparing: Hashable, Sendable {
  /// Decisions.
  package private(set) var decisions = 0
  /// Those whose evaluation was given up.
  package private(set) var abandoned = 0
  /// Examples that decisions were based on.
  package private(set) var seen = 0
  /// Examples that full evaluations would have looked at besides.
  package private(set) var spared = 0

  package init(over decisions: [Decision]) {
    for decision in decisions {
      let judgement = decision.judgement
      self.decisions += 1
      abandoned += judgement.isAbandoned ? 1 : 0
      seen += judgement.score.n
      spared += judgement.unseenExamples
    }
  }

  /// Spared examples of all; nil for none.
  package var share: Double? {
    seen + spared == 0 ? nil : Double(spared) / Double(seen + spared)
  }
}
