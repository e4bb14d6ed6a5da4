package import Averaging
package import Evaluation
package import Foundation
package import Recipes

/// A recipe at work in the background, as it stands at one moment.
package struct Job: Identifiable, Sendable {
  /// Where a job is in its life.
  package enum Status: Hashable, Sendable {
    case queued
    case running
    case paused
    case done
    case cancelled
    /// With the cause, as text for a person.
    case failed(String)

    /// Whether nothing more will come.
    package var isOver: Bool {
      switch self {
      case .queued, .running, .paused: false
      case .done, .cancelled, .failed: true
      }
    }
  }

  package let id: Int
  package let spec: RecipeSpec
  /// Whether it was cooked before this program was started.
  package internal(set) var isEarlier = false
  package var status: Status = .queued
  /// Jobs of a higher one go first; those of the same share the evaluator.
  package var priority = 0
  /// Whether it waits for jobs that go first.
  package var isHeld = false
  /// What it will cost, said before it starts; nil for recipes that say nothing.
  package var cost: RecipeCost?
  /// What it is doing right now: the candidate being tried, or a split being reported.
  package var current: String?
  package var step = 0
  package var steps = 0
  package var decisions: [Decision] = []
  /// The soup as it stands, on val.
  package var best: Judgement?
  package var ingredients: [String] = []
  package var result: SoupResult?
  package let queuedAt: Date
  package var startedAt: Date?
  /// Seconds that it was paused or held while it ran.
  package var idleSeconds = 0.0
  /// Since when it is paused or held.
  package var idleSince: Date?
  package var finishedAt: Date?

  package init(id: Int, spec: RecipeSpec, queuedAt: Date) {
    self.id = id
    self.spec = spec
    self.queuedAt = queuedAt
  }

  /// Seconds left, from the mean of the steps so far; nil before three of them are done.
  package func secondsLeft(at now: Date) -> Double? {
    guard status == .running, !isHeld, step >= 3, steps > step,
      let seconds = secondsAtWork(at: now)
    else { return nil }
    return seconds / Double(step) * Double(steps - step)
  }

  /// Seconds from its start to its end or `now`, pauses aside; nil before it starts.
  package func secondsAtWork(at now: Date) -> Double? {
    guard let startedAt else { return nil }
    let end = finishedAt ?? now
    let idle = idleSince.map { max(0, end.timeIntervalSince($0)) } ?? 0
    return max(0, end.timeIntervalSince(startedAt) - idleSeconds - idle)
  }

  /// Begins or ends counting idle time.
  mutating func count(idle isIdle: Bool, at now: Date) {
    if isIdle {
      idleSince = idleSince ?? now
    } else if let since = idleSince {
      idleSeconds += now.timeIntervalSince(since)
      idleSince = nil
    }
  }
}

/// What a recipe ended with: the blend, how it came about, and how good it is.
package struct SoupResult: Sendable {
  package let spec: RecipeSpec
  package let kind: Outcome.Kind
  package let blend: Blend
  package let decisions: [Decision]
  /// Of the finished soup, by what selected it; higher is better.
  package let merit: Double
  /// By split, in the sweep's order of splits.
  package let metrics: [(split: String, score: Score)]
  /// Of the metric that selected, by split; empty when that was accuracy.
  package let values: [String: Double]
  /// By split, for a soup that learned an inverse temperature; empty for the others.
  package let calibrations: [String: Calibration]
  /// Where half of val was held back from selection.
  package let confirmation: Confirmation?
  /// Examples put through the model by this run; what the ledger knew costs nothing.
  package let evaluatedExamples: Int
  /// What selection costs, in passes over val: one for every blend that it looks at.
  ///
  /// Known, given up early or evaluated counts the same, so that it does not depend on the ledger;
  /// what was spared is in `evaluatedExamples`.
  package let passes: Double
  package let seconds: Double

  package init(
    spec: RecipeSpec, kind: Outcome.Kind, blend: Blend, decisions: [Decision], merit: Double,
    metrics: [(split: String, score: Score)], values: [String: Double] = [:],
    calibrations: [String: Calibration] = [:], confirmation: Confirmation? = nil,
    evaluatedExamples: Int, passes: Double, seconds: Double
  ) {
    self.spec = spec
    self.kind = kind
    self.blend = blend
    self.decisions = decisions
    self.merit = merit
    self.metrics = metrics
    self.values = values
    self.calibrations = calibrations
    self.confirmation = confirmation
    self.evaluatedExamples = evaluatedExamples
    self.passes = passes
    self.seconds = seconds
  }
}

extension SoupResult {
  /// The ingredients' names in the order they were taken, each once.
  package var ingredients: [String] { blend.ingredients }

  /// Weights by name; they sum to one.
  package var weights: [String: Double] {
    Dictionary(
      blend.terms.map { ($0.ingredient, $0.weight) }, uniquingKeysWith: +)
  }
}

extension SoupResult {
  /// The value of the metric that selected, for one decision; nil when that was accuracy.
  package func value(of decision: Decision) -> Double? {
    spec.metric?.value(
      ofMerit: decision.judgement.merit, examples: decision.judgement.score.n)
  }
}
