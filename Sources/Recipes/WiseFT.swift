package import Averaging

/// Weights between the initialisation and a fine-tuned model: `(1 − α) θ0 + α θ`, the best α on val.
///
/// Wortsman et al., Robust fine-tuning of zero-shot models, 2022. θ is an ingredient or a soup.
package struct WiseFT: Recipe {
  /// θ; nil: the best ingredient alone.
  package let model: Blend?
  package let alphas: [Double]

  /// - Parameters:
  ///   - ingredients: whose uniform soup is θ; empty: the best alone.
  ///   - alphas: nil: 0, 0.1, … 1.
  package init(of ingredients: [String] = [], alphas: [Double]? = nil) {
    self.init(model: ingredients.isEmpty ? nil : .uniform(ingredients), alphas: alphas)
  }

  package init(model: Blend?, alphas: [Double]? = nil) {
    self.model = model
    self.alphas = alphas ?? Self.standardAlphas
  }

  /// 0, 0.1, … 1.
  static let standardAlphas = (0...10).map { Double($0) / 10 }

  package var name: String { "wise-ft" }

  package func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    guard let best = CandidateOrder.val.sorted(candidates).first else {
      throw RecipeError.noCandidates
    }
    guard let origin = try scorer.tensorSource().initialisation else {
      throw RecipeError.noInitialisation
    }
    let model = model ?? .uniform([best.name])
    let known = Set(candidates.map(\.name))
    for name in model.ingredients where !known.contains(name) {
      throw RecipeError.unknownIngredient(name)
    }
    tell(.began(candidates: alphas.map(Self.label)))
    tell(.planned(RecipeCost(evaluations: alphas.count)))
    var found: (blend: Blend, judgement: Judgement)?
    for (step, alpha) in alphas.enumerated() {
      try Task.checkCancellation()
      tell(.trying(candidate: Self.label(alpha), step: step, of: alphas.count))
      let blend = model.interpolated(from: origin, at: alpha)
      let judgement = try await scorer.score(blend, bar: nil)
      let margin = found.map { judgement.merit - $0.judgement.merit }
      let isBest = margin.map { $0 > 0 } ?? true
      if isBest { found = (blend, judgement) }
      tell(
        .decided(
          Decision(
            candidate: Self.label(alpha), tried: blend, judgement: judgement,
            isAccepted: isBest, margin: margin, ingredients: found?.blend.ingredients ?? [])))
    }
    guard let found else { throw RecipeError.misuse("WiSE-FT needs at least one α.") }
    return Outcome(blend: found.blend, judgement: found.judgement)
  }

  private static func label(_ alpha: Double) -> String { "α \(alpha)" }
}

extension Blend {
  /// `(1 − α) · origin + α · self`; terms of weight zero are left out.
  func interpolated(from origin: String, at alpha: Double) -> Blend {
    let scaled =
      [Term(origin, weight: 1 - alpha)]
      + terms.map { Term($0.ingredient, weight: $0.weight * alpha) }
    return Blend(scaled.filter { $0.weight != 0 })
  }
}
