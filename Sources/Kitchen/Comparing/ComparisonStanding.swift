package import Foundation
import Recipes

/// A comparison as it stands at one moment.
package struct ComparisonStanding: Sendable {
  /// How far one recipe is.
  package enum RowStatus: Sendable {
    case waiting
    /// What it is doing; `share` of its steps lies behind.
    case cooking(current: String, share: Double)
    case done(ComparisonRow)
    /// The sweep cannot have it, and why.
    case skipped(String)
  }

  package struct Row: Sendable {
    package let label: String
    /// Passes over val of one cooking, about.
    package let passes: Double
    /// How often it is cooked.
    package let repeats: Int
    package var status: RowStatus

    package init(label: String, passes: Double, repeats: Int = 1, status: RowStatus) {
      self.label = label
      self.passes = passes
      self.repeats = repeats
      self.status = status
    }

    /// Of all its cookings, about.
    var allPasses: Double { passes * Double(repeats) }

    /// The recipe's results, once they are there.
    package var result: ComparisonRow? {
      if case .done(let row) = status { return row }
      return nil
    }
  }

  package var rows: [Row]
  /// Queued until it is started.
  package var status = Job.Status.queued
  package var startedAt: Date?
  package var finishedAt: Date?

  /// Whether it was started and has not come to its end; a paused one is still at work.
  package var isAtWork: Bool { startedAt != nil && !status.isOver }

  package init(_ plan: [ComparisonPlan.Row]) {
    rows = plan.map { row in
      Row(
        label: row.label, passes: row.passes, repeats: row.repeats,
        status: row.missing.map(RowStatus.skipped) ?? .waiting)
    }
  }

  /// Passes of all rows together, about.
  package var passes: Double { rows.reduce(0) { $0 + $1.allPasses } }

  /// The part of the passes that lies behind, 0...1.
  package var share: Double {
    guard passes > 0 else { return status.isOver ? 1 : 0 }
    let behind = rows.reduce(0.0) { sum, row in
      switch row.status {
      case .waiting: sum
      case .cooking(_, let share): sum + share * row.allPasses
      case .done, .skipped: sum + row.allPasses
      }
    }
    return min(1, behind / passes)
  }

  /// Seconds left, by the passes so far; nil before a twentieth is done, and while it stands still.
  package func secondsLeft(at now: Date) -> Double? {
    guard status == .running, let startedAt, share > 0.05, share < 1 else { return nil }
    return now.timeIntervalSince(startedAt) * (1 - share) / share
  }

  /// Takes one event in.
  package mutating func take(_ event: ComparisonEvent) {
    switch event {
    case .began(let plan):
      rows = ComparisonStanding(plan).rows
    case .cooking(let row):
      rows[row].status = .cooking(current: "", share: 0)
    case .step(let step):
      take(step)
    case .finished(let result, let row):
      rows[row].status = .done(result)
    case .skipped(let reason, let row):
      rows[row].status = .skipped(reason)
    }
  }

  /// The one row that is being cooked moves on; recipes cooked again start anew, the share does not.
  private mutating func take(_ event: RecipeEvent) {
    guard case .trying(let candidate, let step, let total) = event,
      let place = rows.firstIndex(where: { row in
        if case .cooking = row.status { true } else { false }
      }), case .cooking(_, let before) = rows[place].status
    else { return }
    let share = max(before, Double(step) / Double(max(1, total)))
    rows[place].status = .cooking(current: candidate, share: share)
  }
}
