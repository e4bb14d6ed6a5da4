/// The examples of one range of confidence: how sure the model was, and how often it was right.
public struct Reliability: Hashable, Sendable {
  /// `(k/bins, (k+1)/bins]`.
  public let range: ClosedRange<Double>
  /// Mean largest probability; nil without examples.
  public let confidence: Double?
  /// Number of right examples.
  public let correct: Int
  /// Number of examples.
  public let count: Int

  package init(range: ClosedRange<Double>, confidence: Double?, correct: Int, count: Int) {
    self.range = range
    self.confidence = confidence
    self.correct = correct
    self.count = count
  }

  /// The share that was right; nil without examples.
  public var accuracy: Double? { count == 0 ? nil : Double(correct) / Double(count) }
}

extension Logits {
  /// The bars of a reliability diagram: ranges of confidence of equal width.
  ///
  /// Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", ICML 2017.
  ///
  /// Confidence is the largest probability of `softmax(β z)`; rows with NaN have none and are in no
  /// bin. `calibrationError` is the mean distance of these bars from the diagonal.
  public func reliability(
    _ labels: [Int32], bins: Int = 15, beta: Double = 1
  ) -> [Reliability] {
    precondition(bins > 0, "no bins")
    var sums = Array(repeating: (confidence: 0.0, correct: 0, count: 0), count: bins)
    for (confidence, isRight) in confidences(labels, beta: beta) where !confidence.isNaN {
      let bin = min(max(Int((confidence * Double(bins)).rounded(.up)) - 1, 0), bins - 1)
      sums[bin].confidence += confidence
      sums[bin].correct += isRight ? 1 : 0
      sums[bin].count += 1
    }
    return sums.enumerated().map { bin, sum in
      Reliability(
        range: Double(bin) / Double(bins)...Double(bin + 1) / Double(bins),
        confidence: sum.count == 0 ? nil : sum.confidence / Double(sum.count),
        correct: sum.correct, count: sum.count)
    }
  }
  /// Each example's largest probability under `softmax(β z)`, NaN for a row with NaN, and whether it
  /// is classified rightly.
  func confidences(
    _ labels: [Int32], beta: Double
  ) -> [(confidence: Double, isRight: Bool)] {
    chunks(labels) { values, range, labels in
      range.map { index in
        let row = row(values, index)
        return (
          confidence: Row.confidence(row, beta: beta),
          isRight: Row.argmax(row) == Int(labels[index])
        )
      }
    }.flatMap { $0 }
  }
}
