/// How many of how many were right: kept as integers, divided only to be shown.
package struct Score: Hashable, Sendable, Codable {
  package let correct: Int
  /// Number of examples.
  package let n: Int
  /// Mean negative log-likelihood of the raw logits in nats; nil when the evaluator gave no logits.
  package let nll: Double?

  package init(correct: Int, n: Int, nll: Double? = nil) {
    self.correct = correct
    self.n = n
    self.nll = nll
  }

  /// `correct / n`; nil for no examples.
  package var accuracy: Double? { n == 0 ? nil : Double(correct) / Double(n) }
}
