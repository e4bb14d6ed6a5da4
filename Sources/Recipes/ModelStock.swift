import Averaging
import Evaluation

/// The mean of the candidates pulled towards the initialisation, tensor by tensor.
///
/// `t · mean + (1 − t) · θ0` with `t = N cos θ / (1 + (N − 1) cos θ)`, where θ is the angle between
/// fine-tunes seen from θ0, its cosine averaged over all pairs (Jang et al. 2024). Nothing is selected,
/// so val is evaluated once.
package struct ModelStock: Recipe {
  package init() {}

  package var name: String { "model-stock" }

  package func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    let names = candidates.map(\.name)
    guard !names.isEmpty else { throw RecipeError.noCandidates }
    let source = try scorer.tensorSource()
    guard let origin = source.initialisation else { throw RecipeError.noInitialisation }
    tell(.began(candidates: names))
    tell(.planned(RecipeCost(evaluations: 1, detail: "and the angles of every tensor")))
    tell(.trying(candidate: "\(names.count) ingredients", step: 0, of: 1))
    let grams = try source.grams(of: names, minus: origin)
    let blend = Blend(
      names + [origin],
      tensors: grams.map { group in
        let ratio = Self.ratio(group.gram)
        let share = ratio / Double(names.count)
        return Blend.TensorWeights(
          group.name, weights: names.map { _ in share } + [1 - ratio])
      })
    let judgement = try await scorer.score(blend, bar: nil)
    tell(
      .decided(
        Decision(
          candidate: "\(names.count) ingredients", tried: blend, judgement: judgement,
          isAccepted: true, margin: nil, ingredients: blend.ingredients)))
    return Outcome(blend: blend, judgement: judgement)
  }

  /// How much of the mean is taken, in 0...1.
  ///
  /// One fine-tune has no angle to another, and a tensor that was never trained has none at all: the
  /// mean is taken as it is. Obtuse angles leave nothing of it.
  static func ratio(_ gram: Gram) -> Double {
    let ratio = gram.modelStockRatio
    guard gram.count > 1, ratio.isFinite else { return 1 }
    return gram.meanCosine <= 0 ? 0 : min(1, ratio)
  }
}
