package import Evaluation

/// How good one set of predictions is: counts, and the loss as it is and at an inverse temperature.
package struct Standing: Hashable, Sendable, Codable {
  package let correct: Int
  /// Number of examples.
  package let n: Int
  /// Mean negative log-likelihood of the raw logits, in nats.
  package let nll: Double
  /// The same of `β z`, in nats.
  package let nllAtBeta: Double

  package init(correct: Int, n: Int, nll: Double, nllAtBeta: Double) {
    self.correct = correct
    self.n = n
    self.nll = nll
    self.nllAtBeta = nllAtBeta
  }

  package init(_ logits: Logits, labels: [Int32], beta: Double) {
    self.init(
      correct: logits.correct(labels), n: labels.count, nll: logits.nll(labels),
      nllAtBeta: logits.nll(labels, beta: beta))
  }

  package var accuracy: Double { Double(correct) / Double(n) }
  package var error: Double { 1 - accuracy }

  /// Wilson's interval of the accuracy at 95 %; nil for no examples.
  package var accuracyRange: ClosedRange<Double>? {
    Score(correct: correct, n: n).wilson().map { $0.lower...$0.upper }
  }
}
