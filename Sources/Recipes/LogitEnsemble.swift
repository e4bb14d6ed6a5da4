import Averaging

/// The uniform logit ensemble of all candidates.
package struct LogitEnsemble: Recipe {
  package init() {}

  package var name: String { "ensemble" }

  package func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    let names = candidates.map(\.name)
    guard !names.isEmpty else { throw RecipeError.noCandidates }
    tell(.began(candidates: names))
    let judgement = try await scorer.scoreEnsemble(names)
    return Outcome(kind: .ensemble, blend: .uniform(names), judgement: judgement)
  }
}
