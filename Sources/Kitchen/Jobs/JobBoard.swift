import Averaging
import Foundation
package import Recipes
import Synchronization

/// The jobs of one kitchen and what controls them.
struct JobBoard {
  struct Entry {
    var job: Job
    let gate: PauseGate
    var task: Task<Void, Never>?
  }

  var entries: [Int: Entry] = [:]
  var nextID = 1
}

extension Kitchen {
  /// Starts a recipe in the background; the observer hears of each step.
  @discardableResult
  package func start(_ spec: RecipeSpec) -> Job.ID {
    // What cannot be resolved fails as a job does, when it is cooked.
    let spec = (try? resolved(spec)) ?? spec
    let gate = PauseGate()
    let job = jobs.withLock { board in
      let job = Job(id: board.nextID, spec: spec, queuedAt: Date())
      board.nextID += 1
      board.entries[job.id] = JobBoard.Entry(job: job, gate: gate)
      return job
    }
    observer(.job(job))
    let task = Task { await self.work(on: job.id, gate: gate) }
    jobs.withLock { $0.entries[job.id]?.task = task }
    arrangeTurns()
    return job.id
  }

  /// Lets a job go before others, or after them, by so many steps of priority.
  package func raise(_ id: Job.ID, by steps: Int) {
    update(id) { job, _ in
      guard !job.status.isOver else { return }
      job.priority = min(max(job.priority + steps, -9), 9)
    }
    arrangeTurns()
  }

  /// Holds every job while one of a higher priority is at work.
  private func arrangeTurns() {
    let changed = jobs.withLock { board -> [Job] in
      let working = board.entries.values.filter {
        !$0.job.status.isOver && $0.job.status != .paused
      }
      let highest = working.map(\.job.priority).max() ?? 0
      var changed: [Job] = []
      for (id, entry) in board.entries where !entry.job.status.isOver {
        let isHeld = entry.job.status != .paused && entry.job.priority < highest
        guard isHeld != entry.job.isHeld else { continue }
        entry.gate.hold(isHeld)
        board.entries[id]?.job.isHeld = isHeld
        let isIdle = isHeld || entry.job.status == .paused
        board.entries[id]?.job.count(idle: isIdle, at: Date())
        if let job = board.entries[id]?.job { changed.append(job) }
      }
      return changed.sorted { $0.id < $1.id }
    }
    for job in changed { observer(.job(job)) }
  }

  package func pause(_ id: Job.ID) {
    update(id) { job, gate in
      guard !job.status.isOver else { return }
      gate.pause()
      job.status = .paused
      job.count(idle: true, at: Date())
    }
    arrangeTurns()
  }

  package func resume(_ id: Job.ID) {
    update(id) { job, gate in
      guard job.status == .paused else { return }
      job.status = .running
      job.count(idle: false, at: Date())
      gate.resume()
    }
    arrangeTurns()
  }

  package func cancel(_ id: Job.ID) {
    jobs.withLock { $0.entries[id]?.task }?.cancel()
  }

  /// Cancels everything and waits until it has stopped: no thread may be in a library when the
  /// process ends.
  package func close() async {
    let others = [
      handPicked.withLock { $0 }, comparison.withLock { $0?.task }, welcome.withLock { $0 },
      checking.withLock { $0 }, comparing.withLock { $0 }, memories.withLock { $0.task },
    ].compactMap(\.self)
    let tasks =
      others + forecasts.withLock { $0.all } + analyses.withLock { $0.all }
      + jobs.withLock { $0.entries.values.compactMap(\.task) }
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
  }

  /// The soup of a finished job.
  package func result(of id: Job.ID) -> SoupResult? {
    jobs.withLock { $0.entries[id]?.job.result }
  }

  private func work(on id: Job.ID, gate: PauseGate) async {
    guard let spec = jobs.withLock({ $0.entries[id]?.job.spec }) else { return }
    update(id) { job, _ in
      let now = Date()
      job.startedAt = now
      if job.idleSince != nil { job.idleSince = now }
      if job.status == .queued { job.status = .running }
    }
    do {
      let lane = Lane("job \(id)", urgency: .recipe)
      let result = try await cook(spec, lane: lane, gate: gate) { [self] event in
        let step = update(id) { job, _ in job.take(event) }?.step ?? 0
        if case .decided(let decision) = event, spec.makesSoup {
          analyseAccepted(decision, of: id, step: step)
          learn(from: decision)
        }
      } reporting: { [self] split in
        update(id) { job, _ in job.current = "reporting \(split)" }
      }
      update(id) { job, _ in job.end(.done, result: result) }
    } catch is CancellationError {
      update(id) { job, _ in job.end(.cancelled) }
    } catch {
      update(id) { job, _ in job.end(.failed("\(error)")) }
    }
    arrangeTurns()
  }

  /// Soups that were evaluated in full tell how far off expectations are.
  private func learn(from decision: Decision) {
    guard !decision.judgement.isAbandoned else { return }
    learn(decision.tried, measured: decision.judgement.score)
  }

  /// Changes a job and tells the observer its new shape.
  @discardableResult
  private func update(_ id: Job.ID, _ change: (inout Job, PauseGate) -> Void) -> Job? {
    let job = jobs.withLock { board -> Job? in
      guard var entry = board.entries[id] else { return nil }
      change(&entry.job, entry.gate)
      board.entries[id] = entry
      return entry.job
    }
    if let job { observer(.job(job)) }
    return job
  }
}

extension Job {
  /// Takes one step of the recipe in.
  mutating func take(_ event: RecipeEvent) {
    switch event {
    case .measuring(let ingredient, _, _):
      current = "\(ingredient) alone"
    case .began(let candidates):
      steps = candidates.count
    case .planned(let cost):
      self.cost = cost
      current = cost.summary
    case .trying(let candidate, let step, let total):
      current = candidate
      self.step = step
      steps = total
    case .decided(let decision):
      decisions.append(decision)
      step += 1
      ingredients = decision.ingredients
      if decision.isAccepted { best = decision.judgement }
    }
  }

  mutating func end(_ status: Status, result: SoupResult? = nil) {
    self.status = status
    self.result = result
    isHeld = false
    current = nil
    finishedAt = Date()
    count(idle: false, at: finishedAt ?? Date())
    if let result { ingredients = result.blend.ingredients }
  }
}
