import Averaging
import Checkpoints
import Evaluation
import Ledger
package import Recipes
import Sweeps

extension Kitchen {
  /// Cooks one recipe from beginning to end: selects on val, then reports every other split.
  ///
  /// Evaluations go to the ledger as they are made, so a run that is cancelled or killed continues
  /// where it was when the same recipe is started again.
  /// - Parameters:
  ///   - lane: whose turn it is at the evaluator.
  ///   - tell: hears each step; on any thread.
  package func cook(
    _ spec: RecipeSpec, lane: Lane, gate: PauseGate = PauseGate(),
    tell: @escaping @Sendable (RecipeEvent) -> Void,
    reporting: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> SoupResult {
    let spec = try resolved(spec)
    let start = ContinuousClock.now
    let val = try selectionSplit()
    let pool = try mixable(pool(named: spec.among), for: spec)
    // All of them, so that data that cannot be loaded are known before hours of cooking.
    try await prepare()
    let journal = try RunJournal(ledger: ledger, spec: spec, members: pool.map(\.name))
    if let run = journal.resumed { tellResumed(run) }
    do {
      let scorer = JobScorer(
        kitchen: self, split: val, halves: try halves(spec, of: val), lane: lane, gate: gate,
        count: ExampleCount(), abandons: spec.abandon)
      let judge: any Scorer = spec.metric.map { MetricScorer(base: scorer, metric: $0) } ?? scorer
      let outcome = try await select(spec, among: pool, scorer, judge) { event in
        if case .decided(let decision) = event { journal.append(decision) }
        tell(event)
      }
      let passes = scorer.count.passes(over: try self.split(named: val).count)
      let (whole, confirmation) = try await scores(of: outcome, on: val, scorer)
      var metrics = [(split: val, score: whole)]
      for split in evaluableSplits where split != val {
        try await gate.pass()
        reporting(split)
        let (score, evaluated) = try await report(outcome, on: split, lane: lane)
        metrics.append((split, score))
        scorer.count.add(evaluated: evaluated)
      }
      let result = SoupResult(
        spec: spec, kind: outcome.kind, blend: outcome.blend, decisions: journal.all,
        merit: outcome.judgement.merit, metrics: metrics,
        values: try await values(
          of: outcome, by: spec.metric, on: metrics.map(\.split), lane: lane),
        calibrations: try calibrations(of: outcome), confirmation: confirmation,
        evaluatedExamples: scorer.count.evaluated,
        passes: passes, seconds: start.duration(to: .now).inSeconds)
      journal.finish(.finished, soup: try? provenance(of: result).json(pretty: false))
      return result
    } catch {
      let isCancelled = error is CancellationError
      journal.finish(
        isCancelled ? .cancelled : .failed, message: isCancelled ? nil : "\(error)")
      throw error
    }
  }

  /// The selection itself: judges candidates on val.
  private func select(
    _ spec: RecipeSpec, among pool: [Ingredient], _ scorer: JobScorer, _ judge: any Scorer,
    tell: @escaping @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    let averaged = spec.averagesLogits ? pool.map(\.name) : []
    return try await withLogitsKept(of: averaged, on: scorer.split) {
      let candidates = try await candidates(
        among: pool, scorer: scorer, judge: judge, needsMerits: spec.needsMerits, tell: tell)
      return try await spec.makeRecipe().cook(candidates, scorer: judge, tell: tell)
    }
  }

  private func report(
    _ outcome: Outcome, on split: String, lane: Lane
  ) async throws -> (Score, Int) {
    switch outcome.kind {
    case .soup:
      let measurement = try await measure(outcome.blend, on: split, lane: lane)
      return (measurement.score, measurement.evaluatedExamples)
    case .ensemble:
      return try await ensemble(outcome.blend.ingredients, on: split, lane: lane)
    }
  }

  /// The halves of val that a spec asks for; nil when all of val selects.
  private func halves(_ spec: RecipeSpec, of val: String) throws -> SelectionHalves? {
    guard spec.confirmSplit else { return nil }
    let split = try split(named: val)
    try checkLabels(of: split, for: "halves of val")
    return SelectionHalves(examples: split.count, seed: spec.seed)
  }

  /// The finished soup on all of val, and on each half where halves were asked for.
  private func scores(
    of outcome: Outcome, on val: String, _ scorer: JobScorer
  ) async throws -> (whole: Score, halves: Confirmation?) {
    guard let halves = scorer.halves else {
      guard outcome.kind == .ensemble else { return (outcome.judgement.score, nil) }
      // Selection went by counts alone.
      return (try await report(outcome, on: val, lane: scorer.lane).0, nil)
    }
    let labels = try split(named: val).labels
    let logits = try await logits(
      of: outcome.kind, outcome.blend, on: val, lane: scorer.lane)
    func score(_ examples: [Int]) -> Score {
      logits.only(examples).score(examples.map { labels[$0] })
    }
    return (
      logits.score(labels),
      Confirmation(selected: score(halves.selecting), confirmed: score(halves.confirming))
    )
  }

  /// The soup's likelihood on every split at the inverse temperature that it learned on val.
  private func calibrations(of outcome: Outcome) throws -> [String: Calibration] {
    guard let beta = outcome.judgement.calibration?.beta, outcome.kind == .soup else { return [:] }
    var calibrations: [String: Calibration] = [:]
    for name in evaluableSplits {
      let split = try split(named: name)
      guard let stored = try ledger.logits(for: key(of: outcome.blend, on: split)) else { continue }
      let nll = stored.logits.nll(split.labels, beta: beta)
      calibrations[name] = Calibration(beta: beta, nll: nll)
    }
    return calibrations
  }

  /// The ingredients in sweep order with their merit alone on val.
  ///
  /// What is known already is taken, else all are evaluated, where the recipe cares.
  private func candidates(
    among pool: [Ingredient], scorer: JobScorer, judge: any Scorer, needsMerits: Bool,
    tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> [Candidate] {
    guard needsMerits else { return pool.map { Candidate(name: $0.name, merit: .nan) } }
    let val = try split(named: scorer.split)
    if scorer.halves == nil, judge is JobScorer,
      let known = try knownCandidates(among: pool, on: val)
    {
      // Somebody evaluated them, if not this program: they belong to the cost.
      for candidate in known { scorer.count.ask(.uniform([candidate.name])) }
      return known
    }
    return try await judge.candidates(pool.map(\.name), tell: tell)
  }

  /// The candidates' merits: the ledger's when it has all of them, else the results file's counts when
  /// it has all of them, else nil.
  func knownCandidates(among pool: [Ingredient], on val: Split) throws -> [Candidate]? {
    let measured = try pool.map { ingredient in
      try lookUp(key(of: .uniform([ingredient.name]), on: val))?.merit
    }
    let reported = pool.map { ingredient -> Double? in
      guard let metric = ingredient.metrics[val.name], metric.n == val.count else { return nil }
      return metric.correct.map(Double.init)
    }
    for merits in [measured, reported] where !merits.contains(nil) {
      return zip(pool, merits).map { Candidate(name: $0.name, merit: $1 ?? .nan) }
    }
    return nil
  }

  /// The named ingredients in sweep order; all that have weights without names.
  func pool(named names: [String]?) throws -> [Ingredient] {
    guard let names else { return sweep.ingredients.filter { $0.file != nil } }
    let wanted = Set(names)
    let pool = sweep.ingredients.filter { wanted.contains($0.name) }
    if let unknown = names.first(where: { name in !pool.contains { $0.name == name } }) {
      throw RecipeError.unknownIngredient(unknown)
    }
    return pool
  }
}
