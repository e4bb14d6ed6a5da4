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
    let clock = ContinuousClock()
    let start = clock.now
    let val = try selectionSplit()
    // All of them, so that data that cannot be loaded are known before hours of cooking.
    try await prepare()
    let journal = try RunJournal(
      ledger: ledger, spec: spec, members: pool(named: spec.among).map(\.name))
    do {
      let scorer = JobScorer(
        kitchen: self, split: val, lane: lane, gate: gate, count: ExampleCount())
      let candidates = try await candidates(
        among: spec.among, scorer: scorer, needsMerits: spec.needsMerits)
      let outcome = try await spec.makeRecipe().cook(candidates, scorer: scorer) { event in
        if case .decided(let decision) = event {
          journal.append(decision)
        }
        tell(event)
      }
      let asked = scorer.count.asked
      var metrics = [(split: val, score: outcome.judgement.score)]
      for split in evaluableSplits where split != val {
        try await gate.pass()
        reporting(split)
        let (score, evaluated) = try await report(outcome, on: split, lane: lane)
        metrics.append((split, score))
        scorer.count.add(evaluated: evaluated)
      }
      let result = SoupResult(
        spec: spec, kind: outcome.kind, blend: outcome.blend, decisions: journal.all,
        metrics: metrics, calibrations: try calibrations(of: outcome),
        evaluatedExamples: scorer.count.evaluated,
        passes: Double(asked) / Double(max(1, try self.split(named: val).count)),
        seconds: (clock.now - start).inSeconds)
      journal.finish(.finished)
      return result
    } catch {
      if error is CancellationError {
        journal.finish(.cancelled)
      } else {
        journal.finish(.failed, message: "\(error)")
      }
      throw error
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

  /// The soup's likelihood on every split at the inverse temperature that it learned on val.
  private func calibrations(of outcome: Outcome) throws -> [String: Calibration] {
    guard let beta = outcome.judgement.calibration?.beta, outcome.kind == .soup else { return [:] }
    var calibrations: [String: Calibration] = [:]
    for name in evaluableSplits {
      let split = try split(named: name)
      guard let stored = try ledger.logits(for: key(of: outcome.blend, on: split)) else { continue }
      let nll = Logits(stored).nll(split.labels, beta: beta)
      calibrations[name] = Calibration(beta: beta, nll: nll)
    }
    return calibrations
  }

  /// The ingredients in sweep order with their merit alone on val.
  ///
  /// The ledger's measurements when it has all of them, else the results file's counts when it has
  /// all of them, else what is missing is evaluated, where the recipe cares.
  private func candidates(
    among names: [String]?, scorer: JobScorer, needsMerits: Bool
  ) async throws -> [Candidate] {
    let pool = try pool(named: names)
    guard needsMerits else { return pool.map { Candidate(name: $0.name, merit: .nan) } }
    let val = try split(named: scorer.split)
    let known = try pool.map { ingredient in
      try ledger.evaluation(for: key(of: .uniform([ingredient.name]), on: val))?.score.correct
    }
    if known.contains(nil) {
      let reported = pool.map { ingredient -> Int? in
        guard let metric = ingredient.metrics[val.name], metric.n == val.count else { return nil }
        return metric.correct
      }
      if !reported.contains(nil) {
        // Somebody evaluated them, if not this program: they belong to the cost.
        for ingredient in pool {
          scorer.count.ask(.uniform([ingredient.name]), examples: val.count)
        }
        return zip(pool, reported).map { Candidate(name: $0.name, merit: Double($1 ?? 0)) }
      }
    }
    var candidates: [Candidate] = []
    for ingredient in pool {
      let judgement = try await scorer.score(.uniform([ingredient.name]), bar: nil)
      candidates.append(Candidate(name: ingredient.name, merit: judgement.merit))
    }
    return candidates
  }

  /// The named ingredients in sweep order; all that have weights without names.
  private func pool(named names: [String]?) throws -> [Ingredient] {
    guard let names else { return sweep.ingredients.filter { $0.file != nil } }
    let wanted = Set(names)
    let pool = sweep.ingredients.filter { wanted.contains($0.name) }
    if let unknown = names.first(where: { name in !pool.contains { $0.name == name } }) {
      throw RecipeError.unknownIngredient(unknown)
    }
    return pool
  }
}
