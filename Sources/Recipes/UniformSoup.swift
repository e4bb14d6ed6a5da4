package import Averaging

/// The average of all candidates, or of the `top` best alone.
///
/// Wortsman et al. 2022, section 2.
package struct UniformSoup: Recipe {
  /// How many of the best to take; nil for all.
  package let top: Int?

  package init(top: Int? = nil) { self.top = top }

  package var name: String { "uniform" }

  package func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    guard !candidates.isEmpty else { throw RecipeError.noCandidates }
    var names = candidates.map(\.name)
    if let top {
      let best = Set(CandidateOrder.val.sorted(candidates).prefix(max(1, top)).map(\.name))
      names = names.filter(best.contains)
    }
    return try await HandPicked(names).cook(candidates, scorer: scorer, tell: tell)
  }
}

/// Exactly the ingredients a person chose, with equal or given weights.
package struct HandPicked: Recipe {
  package let blend: Blend

  /// Equal weights.
  package init(_ ingredients: [String]) { blend = .uniform(ingredients) }

  package init(blend: Blend) { self.blend = blend }

  package var name: String { "hand-picked" }

  package func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    let known = Set(candidates.map(\.name))
    guard !blend.terms.isEmpty else { throw RecipeError.noCandidates }
    for name in blend.ingredients where !known.contains(name) {
      // The initialisation is no candidate, yet may be weighed in.
      guard (try? scorer.tensorSource())?.initialisation == name else {
        throw RecipeError.unknownIngredient(name)
      }
    }
    let whole = "\(blend.terms.count) ingredients"
    tell(.began(candidates: blend.ingredients))
    tell(.trying(candidate: whole, step: 0, of: 1))
    let judgement = try await scorer.score(blend, bar: nil)
    tell(
      .decided(
        Decision(
          candidate: whole, tried: blend, judgement: judgement, isAccepted: true, margin: nil,
          ingredients: blend.ingredients)))
    return Outcome(blend: blend, judgement: judgement)
  }
}
