package import Averaging
package import Evaluation
import Recipes
import Sweeps
import Synchronization

/// Two soups on the same examples of one split.
package struct HeadToHead: Hashable, Sendable {
  package let split: String
  package let first: Score
  package let second: Score
  /// Nil where the evaluator gives metrics in place of logits.
  package let test: McNemarTest?

  package init(split: String, first: Score, second: Score, test: McNemarTest?) {
    self.split = split
    self.first = first
    self.second = second
    self.test = test
  }
}

extension Kitchen {
  /// Holds two soups against each other on every split, in the background and instead of any two
  /// asked for before; what the ledger has is not evaluated again.
  /// - Parameter tell: hears of each split, or of what went wrong; on any thread.
  package func compare(
    _ first: Blend, _ second: Blend,
    tell: @escaping @Sendable (Result<HeadToHead, any Error>) -> Void
  ) {
    let task = Task(priority: .userInitiated) { [self] in
      do {
        for split in evaluableSplits {
          tell(.success(try await headToHead(first, second, on: split)))
        }
      } catch is CancellationError {
        return
      } catch {
        tell(.failure(error))
      }
    }
    comparing.withLock { current in
      current?.cancel()
      current = task
    }
  }

  /// - Throws: as `measure`.
  package func headToHead(
    _ first: Blend, _ second: Blend, on name: String
  ) async throws -> HeadToHead {
    let lane = Lane("head to head", urgency: .interactive)
    let left = try await measure(first, on: name, lane: lane).score
    let right = try await measure(second, on: name, lane: lane).score
    let split = try split(named: name)
    guard !split.isScalar else {
      return HeadToHead(split: name, first: left, second: right, test: nil)
    }
    let one = try await logits(of: first, on: name, lane: lane).logits
    let other = try await logits(of: second, on: name, lane: lane).logits
    try Task.checkCancellation()
    return HeadToHead(
      split: name, first: left, second: right,
      test: McNemarTest(one.correctness(split.labels), other.correctness(split.labels)))
  }
}
