import Averaging
import Recipes

/// A recipe of one's own: the pair whose soup is best on val.
struct BestPair: Recipe {
  let name = "best-pair"

  func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    var best: Outcome?
    for (place, first) in candidates.enumerated() {
      for second in candidates[(place + 1)...] {
        let blend = Blend.uniform([first.name, second.name])
        let judgement = try await scorer.score(blend, bar: nil)
        let isBest = judgement.merit > best?.judgement.merit ?? -.infinity
        if isBest { best = Outcome(blend: blend, judgement: judgement) }
        tell(
          .decided(
            Decision(
              candidate: "\(first.name) + \(second.name)", tried: blend,
              judgement: judgement, isAccepted: isBest, margin: nil,
              ingredients: best?.blend.ingredients ?? [])))
      }
    }
    guard let best else { throw RecipeError.noCandidates }
    return best
  }
}
