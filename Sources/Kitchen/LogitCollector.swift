import Evaluation
import Foundation
import Synchronization

/// Gathers the batches of one evaluation into counts and, when all came, logits in split order.
final class LogitCollector: Sendable {
  /// What is known once the evaluator has returned.
  struct Outcome {
    let score: Score
    let mostCorrect: Int
    /// Nil when the evaluation was given up.
    let logits: Logits?
  }

  private struct State {
    var count = Count()
    var nllSum = 0.0
    var classes = 0
    var values: [Float] = []
  }

  private let labels: [Int32]
  private let bar: Int?
  private let state = Mutex(State())

  /// - Parameter bar: least number of correct examples that still matters.
  init(split: Split, bar: Int?) {
    labels = split.labels
    self.bar = bar
  }

  /// Takes one batch in; says to stop when the bar is out of reach.
  func take(_ batch: LogitBatch) -> (Count, Flow) {
    state.withLock { state in
      if state.values.isEmpty {
        state.classes = batch.classes
        state.values = [Float](repeating: .nan, count: labels.count * batch.classes)
      }
      for (row, example) in batch.examples.enumerated() {
        let logits = batch.logits[row * batch.classes..<(row + 1) * batch.classes]
        let start = example * batch.classes
        state.values.replaceSubrange(start..<start + batch.classes, with: logits)
        let label = Int(labels[example])
        if Metrics.predicted(logits) == label { state.count.correct += 1 }
        state.nllSum += Metrics.nll(logits, label: label)
      }
      state.count.seen += batch.examples.count
      let reachable = state.count.correct + labels.count - state.count.seen
      return (state.count, bar.map { reachable < $0 } ?? false ? .stop : .proceed)
    }
  }

  func outcome() -> Outcome {
    state.withLock { state in
      let seen = state.count.seen
      let isComplete = seen == labels.count
      return Outcome(
        score: Score(
          correct: state.count.correct, n: seen, nll: seen == 0 ? nil : state.nllSum / Double(seen)),
        mostCorrect: state.count.correct + labels.count - seen,
        logits: isComplete ? Logits(classes: state.classes, values: state.values) : nil)
    }
  }
}
