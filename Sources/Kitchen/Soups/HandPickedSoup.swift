package import Averaging
import Evaluation
import Foundation
import Sweeps
import Synchronization

/// A set that a person put together, with its weights.
package struct HandPickedSet: Codable, Hashable, Sendable {
  package let members: [String]
  /// One a member; nil: equal.
  package let weights: [Double]?

  package init(_ members: [String], weights: [Double]? = nil) {
    self.members = members
    self.weights = weights
  }

  var blend: Blend { .of(members, weights: weights) }

  /// The soup with one ingredient more or less.
  func toggling(_ ingredient: String) -> Blend {
    guard weights == nil else { return blend.toggling(ingredient) }
    return .uniform(
      members.contains(ingredient)
        ? members.filter { $0 != ingredient } : members + [ingredient])
  }
}

extension Blend {
  /// Ingredients with given weights, those that weigh nothing left out; nil: all the same.
  package static func of(_ ingredients: [String], weights: [Double]?) -> Blend {
    guard let weights, weights.count == ingredients.count else { return .uniform(ingredients) }
    return Blend(
      zip(ingredients, weights).filter { $0.1 != 0 }.map { Term($0.0, weight: $0.1) })
  }
}

extension Kitchen {
  /// Measures a hand-picked set in the background, instead of any set asked for before.
  ///
  /// Val first, counting up; then the ensemble of the members where their logits are known; then the
  /// other splits. Readings go to the observer.
  /// - Parameter weights: one a member; nil: equal.
  package func measureByHand(_ members: [String], weights: [Double]? = nil) {
    let set = HandPickedSet(members, weights: weights)
    let task: Task<Void, Never>? =
      members.isEmpty
      ? nil : Task(priority: .userInitiated) { await self.readings(of: set) }
    handPicked.withLock { current in
      current?.cancel()
      current = task
    }
  }

  private func readings(of set: HandPickedSet) async {
    let lane = Lane("hand-picked", urgency: .interactive)
    do {
      // Waiting a moment costs nothing and spares the evaluator while keys are held down.
      try await Task.sleep(for: .milliseconds(30))
      let clock = ContinuousClock()
      let start = clock.now
      var evaluated = 0
      for split in evaluableSplits {
        try await prepare(splits: [split])
        try tellEnsemble(of: set, on: split)
        evaluated += try await tellSoup(of: set, on: split, lane: lane)
        try tellTests(of: set, on: split)
      }
      // A soup that the ledger knew says nothing of how long an evaluation takes.
      let pace = evaluated > 0 ? (clock.now - start).inSeconds / Double(evaluated) : nil
      try await measureEnsemble(of: set, secondsPerExample: pace)
      try await analyseHandPicked(set.blend)
    } catch is CancellationError {
      return
    } catch {
      lookForFiles()
      observer(.readingFailed(members: set.members, cause: "\(error)"))
    }
  }

  /// Returns how many examples were put through the model.
  private func tellSoup(
    of set: HandPickedSet, on split: String, lane: Lane
  ) async throws -> Int {
    let n = try self.split(named: split).count
    let observer = self.observer
    let measurement = try await measure(set.blend, on: split, lane: lane) { count in
      observer(
        .reading(
          Reading(
            members: set.members, weights: set.weights, subject: .soup, split: split,
            correct: count.correct, seen: count.seen, n: n)))
    }
    try Task.checkCancellation()
    observer(
      .reading(
        Reading(
          members: set.members, weights: set.weights, subject: .soup, split: split,
          score: measurement.score)))
    if split == sweep.val?.name { learn(set.blend, measured: measurement.score) }
    return measurement.evaluatedExamples
  }

  /// Tells the ensemble's score where the logits of every member are known.
  @discardableResult
  private func tellEnsemble(of set: HandPickedSet, on split: String) throws -> Bool {
    guard set.members.count > 1 else { return true }
    // The count is there at once; the likelihood of many classes takes a moment.
    for withLikelihood in [false, true] {
      let score = try knownEnsemble(
        set.members, weights: set.weights, on: split, withLikelihood: withLikelihood)
      guard let score else { return false }
      try Task.checkCancellation()
      observer(
        .reading(
          Reading(
            members: set.members, weights: set.weights, subject: .ensemble, split: split,
            score: score)))
    }
    return true
  }

  /// Evaluates the members whose logits are missing, when that is a matter of seconds.
  ///
  /// - Parameter secondsPerExample: nil when nothing was evaluated yet that would say.
  private func measureEnsemble(
    of set: HandPickedSet, secondsPerExample: Double?
  ) async throws {
    let lane = Lane("ensemble", urgency: .background)
    let clock = ContinuousClock()
    var pace = secondsPerExample
    for split in evaluableSplits where try !tellEnsemble(of: set, on: split) {
      let count = try self.split(named: split).count
      let isDone = try await withLogitsKept(of: set.members, on: split) {
        for (place, name) in set.members.enumerated() {
          let left = Double(count * (set.members.count - place))
          guard left * (pace ?? 0) < Self.patience else { return false }
          let start = clock.now
          let (_, evaluated) = try await logits(of: .uniform([name]), on: split, lane: lane)
          if evaluated > 0 { pace = (clock.now - start).inSeconds / Double(evaluated) }
        }
        return try tellEnsemble(of: set, on: split)
      }
      guard isDone else { return }
    }
  }

  /// Seconds of evaluation that are spent unasked on one split's ensemble.
  private static var patience: Double { 20 }
}
