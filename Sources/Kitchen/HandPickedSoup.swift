import Averaging
import Evaluation
import Foundation
import Sweeps
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
      let clock = ContinuousClock()
      let start = clock.now
      var evaluated = 0
      for split in evaluableSplits {
        try await prepare(splits: [split])
        try tellEnsemble(of: members, on: split)
        evaluated += try await tellSoup(of: members, on: split, lane: lane)
        try tellTests(of: .uniform(members), members: members, on: split)
      }
      let secondsPerExample = (clock.now - start).inSeconds / Double(max(1, evaluated))
      try await measureEnsemble(of: members, secondsPerExample: secondsPerExample)
      try await analyseHandPicked(members)
    } catch is CancellationError {
      return
    } catch {
      observer(.readingFailed(members: members, cause: "\(error)"))
    }
  }

  /// Returns how many examples were put through the model.
  private func tellSoup(
    of members: [String], on split: String, lane: Lane
  ) async throws -> Int {
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
      .reading(Reading(members: members, subject: .soup, split: split, score: measurement.score)))
    if split == sweep.val?.name { learn(members, measured: measurement.score) }
    return measurement.evaluatedExamples
  }

  /// Tells the ensemble's score where the logits of every member are known.
  @discardableResult
  private func tellEnsemble(of members: [String], on split: String) throws -> Bool {
    guard members.count > 1 else { return true }
    // The count is there at once; the likelihood of many classes takes a moment.
    for withLikelihood in [false, true] {
      let score = try knownEnsemble(members, on: split, withLikelihood: withLikelihood)
      guard let score else { return false }
      try Task.checkCancellation()
      observer(.reading(Reading(members: members, subject: .ensemble, split: split, score: score)))
    }
    return true
  }

  /// Evaluates the members whose logits are missing, when that is a matter of seconds.
  private func measureEnsemble(
    of members: [String], secondsPerExample: Double
  ) async throws {
    let lane = Lane("ensemble", urgency: .background)
    for split in evaluableSplits where try !tellEnsemble(of: members, on: split) {
      let examples = try self.split(named: split).count * members.count
      guard Double(examples) * secondsPerExample < Self.patience else { return }
      for name in members {
        _ = try await measure(.uniform([name]), on: split, lane: lane)
      }
      try tellEnsemble(of: members, on: split)
    }
  }

  /// Seconds of evaluation that are spent unasked on one split's ensemble.
  private static var patience: Double { 20 }
}
