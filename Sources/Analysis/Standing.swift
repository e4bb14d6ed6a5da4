public import Evaluation

/// How good one set of predictions is: counts, and the loss as it is and at an inverse temperature.
public struct Standing: Hashable, Sendable, Codable {
  /// Number of right examples.
  public let correct: Int
  /// Number of examples.
  public let n: Int
  /// Mean negative log-likelihood of the raw logits, in nats.
  public let nll: Double
  /// The same of `β z`, in nats.
  public let nllAtBeta: Double

  package init(correct: Int, n: Int, nll: Double, nllAtBeta: Double) {
    self.correct = correct
    self.n = n
    self.nll = nll
    self.nllAtBeta = nllAtBeta
  }

  /// Of whole predictions, at their own and at another inverse temperature.
  ///
  /// - Precondition: a label for every row, each below `logits.classes`.
  public init(_ logits: Logits, labels: [Int32], beta: Double) {
    self.init(
      correct: logits.correct(labels), n: labels.count, nll: logits.nll(labels),
      nllAtBeta: logits.nll(labels, beta: beta))
  }

  /// Share of right examples.
  public var accuracy: Double { Double(correct) / Double(n) }
  /// Share of wrong examples.
  public var error: Double { 1 - accuracy }

  /// Wilson's interval of the accuracy at 95 %; nil for no examples.
  public var accuracyRange: ClosedRange<Double>? {
    Score(correct: correct, n: n).wilson().map { $0.lower...$0.upper }
  }
}
