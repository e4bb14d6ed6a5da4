/// How many of how many were right: kept as integers, divided only to be shown.
public struct Score: Hashable, Sendable, Codable {
  /// Number of right examples.
  public let correct: Int
  /// Number of examples.
  public let n: Int
  /// Mean negative log-likelihood of the raw logits in nats; nil when the evaluator gave no logits.
  public let nll: Double?

  /// So many right of `n`.
  public init(correct: Int, n: Int, nll: Double? = nil) {
    self.correct = correct
    self.n = n
    self.nll = nll
  }

  /// `correct / n`; nil for no examples.
  public var accuracy: Double? { n == 0 ? nil : Double(correct) / Double(n) }
}
