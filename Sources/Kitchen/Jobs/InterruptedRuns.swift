import Foundation
import Ledger

extension Kitchen {
  /// Tells of runs whose process died lately: the same recipe, started again, goes on after what they
  /// had evaluated.
  func tellInterruptedRuns(now: Date = Date()) {
    let week = 7 * 24 * 3600.0
    let runs = ((try? ledger.runs(.interrupted)) ?? []).filter {
      now.timeIntervalSince($0.started) < week
    }
    guard !runs.isEmpty else { return }
    let listed = runs.prefix(3).map { run in
      let count = (try? ledger.decisions(of: run.id).count) ?? 0
      return "\(run.recipe) after \(decisions(count))"
    }
    let more = runs.count > 3 ? " and \(runs.count - 3) more" : ""
    observer(
      .notice(
        "interrupted: \(listed.joined(separator: ", "))\(more); "
          + "cooked again, it goes on at the next candidate"))
  }

  /// Says that a run is taken up where it was interrupted.
  func tellResumed(_ run: Run) {
    let count = (try? ledger.decisions(of: run.id).count) ?? 0
    observer(
      .notice("\(run.recipe) was interrupted after \(decisions(count)): going on from there"))
  }

  private func decisions(_ count: Int) -> String {
    "\(count) decision\(count == 1 ? "" : "s")"
  }
}
