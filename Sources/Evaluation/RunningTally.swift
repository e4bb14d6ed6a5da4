import Checkpoints

/// What is known of an evaluation while it runs, and whether it can still reach a bar.
package struct RunningTally: Hashable, Sendable {
  /// Number of examples of the whole evaluation.
  package let total: Int
  package private(set) var seen = 0
  package private(set) var correct = 0
  /// Examples whose label was among the five largest logits.
  package private(set) var correctInTopFive = 0
  /// Sum of the negative log-likelihoods so far, in nats.
  package private(set) var nllSum = 0.0
  /// Examples with a NaN among their logits; they count as wrong and are left out of `nllSum`.
  package private(set) var nanExamples = 0

  /// - Parameter total: number of examples of the whole evaluation.
  package init(total: Int) { self.total = total }

  /// Takes in a batch.
  ///
  /// - Parameter labels: of the whole split.
  package mutating func add(_ batch: LogitBatch, labels: [Int32]) {
    batch.logits.withUnsafeBufferPointer { values in
      for (position, example) in batch.examples.enumerated() {
        let start = position * batch.classes
        let row = UnsafeBufferPointer(rebasing: values[start..<start + batch.classes])
        add(row, label: Int(labels[example]))
      }
    }
  }

  private mutating func add(_ row: UnsafeBufferPointer<Float>, label: Int) {
    seen += 1
    guard let prediction = Row.argmax(row) else {
      nanExamples += 1
      return
    }
    if prediction == label { correct += 1 }
    if Row.isInTopFive(row, label) { correctInTopFive += 1 }
    nllSum += Row.nll(row, label, beta: 1)
  }

  package var isComplete: Bool { seen == total }

  /// What was counted so far; without a likelihood when that is not finite.
  package var score: Score {
    let nll = nllSum / Double(seen)
    return Score(correct: correct, n: seen, nll: nanExamples == 0 && nll.isFinite ? nll : nil)
  }

  /// Whether the whole evaluation will have fewer than `bar` right, whatever the rest brings.
  package func cannotReach(bar: Int) -> Bool { correct + (total - seen) < bar }

  /// The same of the five largest logits.
  package func cannotReachInTopFive(bar: Int) -> Bool {
    correctInTopFive + (total - seen) < bar
  }

  /// Whether the mean NLL of the whole evaluation will be above `bar`, whatever the rest brings.
  ///
  /// No example has a negative NLL. The sum here and the mean of all logits may round differently, so
  /// a hair's breadth is conceded.
  package func cannotReach(nll bar: Double) -> Bool {
    nanExamples > 0 || nllSum > bar * Double(total) * (1 + 1e-9)
  }

  /// `NaN logits for K examples`, or nil when there are none.
  package var warning: String? {
    guard nanExamples > 0 else { return nil }
    return "NaN logits for \(nanExamples) example\(nanExamples == 1 ? "" : "s")"
  }
}
