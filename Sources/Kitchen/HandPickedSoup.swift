import Averaging
import Evaluation
import Foundation
import Synchronization

extension Kitchen {
  /// Measures a hand-picked set in the background, instead of any set asked for before.
  ///
  /// Val first, counting up; then the ensemble of the members where their logits are known; then the
  /// other splits. Readings go to the observer.
  package func measureByHand(_ members: [String]) {
    let task: Task<Void, Never>? =
      members.isEmpty
      ? nil : Task(priority: .userInitiated) { await self.readings(of: members) }
    handPicked.withLock { current in
      current?.cancel()
      current = task
    }
  }

  private func readings(of members: [String]) async {
    let lane = Lane("hand-picked", urgency: .interactive)
    do {
      // Waiting a moment costs nothing and spares the evaluator while keys are held down.
      try await Task.sleep(for: .milliseconds(30))
      for split in evaluableSplits {
        if members.count > 1, let score = try knownEnsemble(members, on: split) {
          observer(
            .reading(Reading(members: members, subject: .ensemble, split: split, score: score)))
        }
        let n = try self.split(named: split).count
        let observer = self.observer
        let measurement = try await measure(.uniform(members), on: split, lane: lane) { count in
          observer(
            .reading(
              Reading(
                members: members, subject: .soup, split: split, correct: count.correct,
                seen: count.seen, n: n)))
        }
        try Task.checkCancellation()
        observer(
          .reading(
            Reading(members: members, subject: .soup, split: split, score: measurement.score)))
      }
    } catch is CancellationError {
      return
    } catch {
      observer(.readingFailed(members: members, cause: "\(error)"))
    }
  }
}
