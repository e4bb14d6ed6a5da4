import Foundation
import Recipes
import Synchronization

/// The comparison of a kitchen and what controls it; there is one at a time.
struct ComparisonAtWork {
  var standing: ComparisonStanding
  let gate = PauseGate()
  var task: Task<Void, Never>?
}

extension Kitchen {
  /// Tells the observer what a comparison would cost, unless one is there already.
  package func planComparison() {
    Task(priority: .userInitiated) { [self] in
      do {
        let standing = ComparisonStanding(try comparisonPlan().rows)
        let isFirst = comparison.withLock { current in
          guard current == nil else { return false }
          current = ComparisonAtWork(standing: standing)
          return true
        }
        if isFirst { observer(.comparison(standing)) }
      } catch {
        observer(.trouble("\(error)"))
      }
    }
  }

  /// Compares every recipe in the background; the observer hears of each step.
  ///
  /// Does nothing while a comparison is at work.
  package func startComparison(seed: UInt64 = 0, repeats: Int = 3) {
    let started = comparison.withLock { current -> ComparisonStanding? in
      guard current?.task == nil || current?.standing.status.isOver == true else { return nil }
      var next = ComparisonAtWork(standing: ComparisonStanding([]))
      next.standing.status = .running
      next.standing.startedAt = Date()
      let gate = next.gate
      next.task = Task { await self.workOnComparison(seed: seed, repeats: repeats, gate: gate) }
      current = next
      return next.standing
    }
    if let started { observer(.comparison(started)) }
  }

  package func pauseComparison() {
    updateComparison { current in
      guard current.standing.status == .running else { return }
      current.gate.pause()
      current.standing.status = .paused
    }
  }

  package func resumeComparison() {
    updateComparison { current in
      guard current.standing.status == .paused else { return }
      current.standing.status = .running
      current.gate.resume()
    }
  }

  /// What is evaluated so far is kept: started again, it goes on from there.
  package func cancelComparison() { comparison.withLock { $0?.task }?.cancel() }

  private func workOnComparison(seed: UInt64, repeats: Int, gate: PauseGate) async {
    do {
      try await prepare()
      let plan = try comparisonPlan(seed: seed, repeats: repeats)
      _ = try await compare(plan, lane: Lane("comparison", urgency: .recipe), gate: gate) {
        [self] event in
        updateComparison { $0.standing.take(event) }
      }
      endComparison(.done)
    } catch is CancellationError {
      endComparison(.cancelled)
    } catch {
      endComparison(.failed("\(error)"))
    }
  }

  private func endComparison(_ status: Job.Status) {
    updateComparison { current in
      current.standing.status = status
      current.standing.finishedAt = Date()
      for place in current.standing.rows.indices {
        if case .cooking = current.standing.rows[place].status {
          current.standing.rows[place].status = .waiting
        }
      }
    }
  }

  /// Changes the comparison and tells the observer its new shape.
  private func updateComparison(_ change: (inout ComparisonAtWork) -> Void) {
    let standing = comparison.withLock { current -> ComparisonStanding? in
      guard var changed = current else { return nil }
      change(&changed)
      current = changed
      return changed.standing
    }
    if let standing { observer(.comparison(standing)) }
  }
}
