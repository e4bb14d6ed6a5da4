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
    let pool = try mixable(pool(named: spec.among), for: spec)
    let journal = try RunJournal(ledger: ledger, spec: spec, members: pool.map(\.name))
    do {
      let scorer = JobScorer(kitchen: self, split: val, lane: lane, gate: gate)
      var evaluated = 0
      let candidates = try await candidates(among: pool, scorer: scorer) { evaluated += $0 }
      let outcome = try await spec.makeRecipe().cook(candidates, scorer: scorer) { event in
        if case .decided(let decision) = event {
          journal.append(decision)
        }
        tell(event)
      }
      var metrics = [(split: val, score: outcome.judgement.score)]
      for split in evaluableSplits where split != val {
        try await gate.pass()
        reporting(split)
        let (score, count) = try await report(outcome, on: split, lane: lane)
        metrics.append((split, score))
        evaluated += count
      }
      evaluated += journal.all.map(\.judgement.evaluatedExamples).reduce(0, +)
      let result = SoupResult(
        spec: spec, kind: outcome.kind, blend: outcome.blend, decisions: journal.all,
        metrics: metrics, evaluatedExamples: evaluated, seconds: (clock.now - start).inSeconds)
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

  /// The ingredients in sweep order with their merit alone on val.
  ///
  /// The ledger's measurements when it has all of them, else the results file's counts when it has
  /// all of them, else what is missing is evaluated.
  private func candidates(
    among pool: [Ingredient], scorer: JobScorer, evaluated: (Int) -> Void
  ) async throws -> [Candidate] {
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
        return zip(pool, reported).map { Candidate(name: $0.name, merit: Double($1 ?? 0)) }
      }
    }
    var candidates: [Candidate] = []
    for ingredient in pool {
      let judgement = try await scorer.score(.uniform([ingredient.name]), bar: nil)
      evaluated(judgement.evaluatedExamples)
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
