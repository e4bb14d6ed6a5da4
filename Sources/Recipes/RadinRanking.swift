import Averaging
import Evaluation

/// Ranks many sets of ingredients by the accuracy of their ensembles, which stored logits give without
/// an evaluation, and evaluates the best few as soups.
///
/// Menes and Risser-Maroix, RADIN: Souping on a Budget, 2024. The sets are the best `n` alone for every
/// `n`, and random ones.
package struct RadinRanking: Recipe {
  package let seed: UInt64
  /// Soups evaluated.
  package let tries: Int
  /// Random sets ranked beside the best `n` alone.
  package let randomSets: Int
  package let maximumIngredients: Int?

  package static let defaultTries = 10

  package init(
    seed: UInt64 = 0, tries: Int = defaultTries, randomSets: Int = 200,
    maximumIngredients: Int? = nil
  ) {
    self.seed = seed
    self.tries = tries
    self.randomSets = randomSets
    self.maximumIngredients = maximumIngredients
  }

  package var name: String { "radin" }

  package func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    guard !candidates.isEmpty else { throw RecipeError.noCandidates }
    let sets = candidateSets(CandidateOrder.val.sorted(candidates).map(\.name))
    tell(.began(candidates: candidates.map(\.name)))
    tell(
      .planned(
        RecipeCost(
          evaluations: candidates.count + tries,
          detail: "\(candidates.count) of them only where logits are not known yet")))
    let steps = sets.count + min(tries, sets.count)
    var ranked: [(set: [String], merit: Double)] = []
    for (step, set) in sets.enumerated() {
      try Task.checkCancellation()
      tell(.trying(candidate: "ensemble of \(set.count)", step: step, of: steps))
      ranked.append((set, try await scorer.scoreEnsemble(set).merit))
    }
    let places = ranked.indices.sorted {
      ranked[$0].merit == ranked[$1].merit ? $0 < $1 : ranked[$0].merit > ranked[$1].merit
    }
    var best: (set: [String], judgement: Judgement)?
    for (rank, place) in places.prefix(tries).enumerated() {
      try Task.checkCancellation()
      let set = ranked[place].set
      let label = "soup of \(set.count), rank \(rank + 1)"
      tell(.trying(candidate: label, step: sets.count + rank, of: steps))
      let judgement = try await scorer.score(
        .uniform(set), bar: best.map { $0.judgement.merit.nextUp })
      let margin = best.map { judgement.merit - $0.judgement.merit }
      let isBest = !judgement.isAbandoned && (margin.map { $0 > 0 } ?? true)
      if isBest { best = (set, judgement) }
      tell(
        .decided(
          Decision(
            candidate: label, tried: .uniform(set), judgement: judgement, isAccepted: isBest,
            margin: margin, ingredients: best?.set ?? [])))
    }
    guard let best else { throw RecipeError.misuse("RADIN needs at least one try.") }
    return Outcome(blend: .uniform(best.set), judgement: best.judgement)
  }

  /// Each set once, in the order of `names`.
  private func candidateSets(_ names: [String]) -> [[String]] {
    var generator = SeededGenerator(seed: seed)
    let most = min(names.count, maximumIngredients ?? names.count)
    var sets = (1...most).map { Array(names.prefix($0)) }
    var seen = Set(sets)
    for _ in 0..<randomSets where most > 1 {
      let size = Int.random(in: 2...most, using: &generator)
      let chosen = Set(names.shuffled(using: &generator).prefix(size))
      let set = names.filter(chosen.contains)
      if seen.insert(set).inserted { sets.append(set) }
    }
    return sets
  }
}
