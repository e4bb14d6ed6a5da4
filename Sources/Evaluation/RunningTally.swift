/// What is known of an evaluation while it runs, and whether it can still reach a bar.
package struct RunningTally: Hashable, Sendable {
  /// Number of examples of the whole evaluation.
  package let total: Int
  package private(set) var seen = 0
  /// Right ones of those seen; an example with a NaN among its logits is wrong.
  package private(set) var correct = 0

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
        seen += 1
        if Row.argmax(row) == Int(labels[example]) { correct += 1 }
      }
    }
  }

  package var isComplete: Bool { seen == total }

  /// Examples that the whole evaluation can have right at most.
  package var mostCorrect: Int { correct + total - seen }

  /// What was counted so far, without a likelihood.
  package var score: Score { Score(correct: correct, n: seen) }

  /// Whether the whole evaluation will have fewer than `bar` right, whatever the rest brings.
  package func cannotReach(bar: Int) -> Bool { mostCorrect < bar }
}
