import Averaging
import Evaluation
import Foundation
import Ledger
import Recipes
import Sweeps
import Synchronization

/// Recipes that were cooked before this program was started, as jobs that are done.
extension Kitchen {
  /// As many recipes as a glance takes in.
  private static let mostEarlier = 6

  /// The newest run of each recipe, the earliest first, on the board beside those of today.
  ///
  /// Runs whose ingredients are not the files they were are left out.
  func earlierJobs() -> [Job] {
    var seen: Set<String> = []
    var found: [Job] = []
    for run in (try? ledger.runs(.finished)) ?? [] where found.count < Self.mostEarlier {
      guard let job = earlierJob(run), seen.insert(job.spec.title).inserted else { continue }
      found.append(job)
    }
    return jobs.withLock { board in
      found.reversed().map { job in
        let placed = Job(earlier: job, id: board.nextID)
        board.nextID += 1
        board.entries[placed.id] = JobBoard.Entry(job: placed, gate: PauseGate())
        return placed
      }
    }
  }

  private func earlierJob(_ run: Run) -> Job? {
    guard let text = run.soup,
      let origin = try? JSONDecoder().decode(Provenance.self, from: Data(text.utf8)),
      let spec = origin.recipe, spec.recipe != .handPicked,
      let blend = try? blend(of: origin, from: ledger.directory)
    else { return nil }
    let decisions = decisions(of: run, spec)
    let metrics = sweep.splits.map(\.name).compactMap { split in
      origin.metrics[split].map { (split: split, score: $0) }
    }
    guard let val = metrics.first else { return nil }
    var calibrations: [String: Calibration] = [:]
    if let beta = origin.beta {
      calibrations[val.split] = Calibration(beta: beta, nll: val.score.nll ?? .nan)
    }
    var job = Job(id: 0, spec: spec, queuedAt: run.started)
    job.status = .done
    job.startedAt = run.started
    job.finishedAt = run.finished
    job.decisions = decisions
    job.ingredients = blend.ingredients
    job.result = SoupResult(
      spec: spec, kind: spec.averagesLogits ? .ensemble : .soup, blend: blend, decisions: decisions,
      merit: Double(val.score.correct), metrics: metrics, calibrations: calibrations,
      evaluatedExamples: 0, passes: 0, seconds: job.secondsAtWork(at: run.started) ?? 0)
    return job
  }

  /// What a greedy run decided; other recipes tried blends that the ledger has no names for.
  private func decisions(of run: Run, _ spec: RecipeSpec) -> [Decision] {
    guard spec.recipe == .greedy || spec.recipe == .greedyEnsemble,
      let recorded = try? ledger.decisions(of: run.id)
    else { return [] }
    var taken: [String] = []
    return recorded.compactMap { record -> Decision? in
      guard let correct = record.correct, let n = record.n else { return nil }
      let payload = DecisionPayload(json: record.payload)
      let tried = taken + [record.candidate]
      if record.accepted { taken = tried }
      return Decision(
        candidate: record.candidate, tried: .uniform(tried),
        judgement: Judgement(
          score: Score(correct: correct, n: n),
          merit: payload.merit ?? Double(payload.atMost ?? correct),
          isAbandoned: payload.atMost != nil, evaluatedExamples: 0),
        isAccepted: record.accepted, margin: payload.margin ?? record.margin.map(Double.init),
        ingredients: taken)
    }
  }
}

extension Job {
  /// The same under the number that it has in this sitting.
  fileprivate init(earlier job: Job, id: Int) {
    self.init(id: id, spec: job.spec, queuedAt: job.queuedAt)
    status = job.status
    startedAt = job.startedAt
    finishedAt = job.finishedAt
    decisions = job.decisions
    ingredients = job.ingredients
    result = job.result
    isEarlier = true
  }
}
