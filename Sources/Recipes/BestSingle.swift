import Averaging

/// Every ingredient alone, and the best of them on val: what a sweep gives without soups.
///
/// Ties go to the first in sweep order.
package struct BestSingle: Recipe {
  package init() {}

  package var name: String { "best" }

  package func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    tell(.began(candidates: candidates.map(\.name)))
    var best: (name: String, judgement: Judgement)?
    for (step, candidate) in candidates.enumerated() {
      try Task.checkCancellation()
      tell(.trying(candidate: candidate.name, step: step, of: candidates.count))
      let alone = Blend.uniform([candidate.name])
      let judgement = try await scorer.score(alone, bar: nil)
      let isBest = best.map { judgement.merit > $0.judgement.merit } ?? true
      let margin = best.map { judgement.merit - $0.judgement.merit }
      if isBest { best = (candidate.name, judgement) }
      tell(
        .decided(
          Decision(
            candidate: candidate.name, tried: alone, judgement: judgement, isAccepted: isBest,
            margin: margin, ingredients: best.map { [$0.name] } ?? [])))
    }
    guard let best else { throw RecipeError.noCandidates }
    return Outcome(blend: .uniform([best.name]), judgement: best.judgement)
  }
}
