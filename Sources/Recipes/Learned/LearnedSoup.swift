import Averaging
import Evaluation

/// Mixing weights learned on val, as in appendix I of Wortsman and others (2022).
///
/// By gradients where the evaluator has them and nothing else is asked for, else by linearisation.
package struct LearnedSoup: Recipe {
  package let method: RecipeSpec.Method?
  package let settings: LearningSettings
  /// Evaluations of val that linearisation may make.
  package let budget: Int?

  package init(
    method: RecipeSpec.Method? = nil, settings: LearningSettings = .learned, budget: Int? = nil
  ) {
    self.method = method
    self.settings = settings
    self.budget = budget
  }

  package var name: String { "learned" }

  package func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    let gradients = method == .linearise ? nil : try await scorer.gradientSource()
    guard let gradients else {
      if method == .adamw { throw RecipeError.unavailable("gradients") }
      return try await LinearisedLearning(budget: budget, seed: settings.seed)
        .cook(candidates, scorer: scorer, tell: tell)
    }
    let names = candidates.map(\.name)
    guard !names.isEmpty else { throw RecipeError.noCandidates }
    return try await GradientCooking(
      ingredients: names, source: gradients, grouping: .all, settings: settings,
      blend: { Blend(names, $0[0]) }
    ).cook(scorer: scorer, tell: tell)
  }
}

/// One row of mixing weights for every tensor, or every module.
///
/// The published `learned_bylayer.py` of Wortsman et al. 2022.
package struct LearnedByLayer: Recipe {
  package let by: LayerGrouping
  package let settings: LearningSettings

  package init(by: LayerGrouping = .tensor, settings: LearningSettings = .byLayer) {
    self.by = by
    self.settings = settings
  }

  package var name: String { "learned-by-layer" }

  package func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    let names = candidates.map(\.name)
    guard let first = names.first else { throw RecipeError.noCandidates }
    guard let source = try await scorer.gradientSource() else {
      throw RecipeError.unavailable("gradients")
    }
    let rows = by.rows(try scorer.tensorSource().tensorNames(of: first))
    let grouping: TensorGrouping =
      by == .tensor ? .byTensor(rows.flatMap { $0 }) : .groups(rows)
    return try await GradientCooking(
      ingredients: names, source: source, grouping: grouping, settings: settings,
      blend: { weights in
        Blend(
          names,
          tensors: zip(rows, weights).flatMap { tensors, weights in
            tensors.map { Blend.TensorWeights($0, weights: weights) }
          })
      }
    ).cook(scorer: scorer, tell: tell)
  }
}

/// A descent told as a recipe: each epoch's soup is evaluated, the last one is the outcome.
private struct GradientCooking {
  let ingredients: [String]
  let source: any BlendGradientSource
  let grouping: TensorGrouping
  let settings: LearningSettings
  /// The blend of rows of weights.
  let blend: @Sendable ([[Double]]) -> Blend

  func cook(
    scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    let descent = MixingDescent(
      ingredients: ingredients, source: source, grouping: grouping, settings: settings)
    let (perEpoch, epochs) = (descent.stepsPerEpoch, settings.epochs)
    tell(.began(candidates: ingredients))
    tell(
      .planned(
        RecipeCost(
          evaluations: 2 * epochs,
          detail:
            "half of them with gradients, in \(perEpoch * epochs) steps; "
            + "\(grouping.rows) × \(ingredients.count) weights")))
    var judged: Judgement?
    let end = try await descent.run { epoch, step in
      tell(
        .trying(
          candidate: "epoch \(epoch + 1), step \(step + 1)", step: epoch * perEpoch + step,
          of: perEpoch * epochs))
    } epochDone: { epoch, position in
      let blend = blend(position.weights)
      let judgement = try await calibrated(
        scorer.score(blend, bar: nil), of: blend, beta: position.beta, scorer)
      let margin = judged.map { judgement.merit - $0.merit }
      judged = judgement
      tell(
        .decided(
          Decision(
            candidate: "epoch \(epoch + 1)", tried: blend, judgement: judgement,
            isAccepted: true, margin: margin, ingredients: ingredients)))
    }
    guard let judged else { throw RecipeError.misuse("A learned soup needs at least one epoch.") }
    return Outcome(blend: blend(end.weights), judgement: judged)
  }

  /// With the likelihood at the β that was learned, not at the best one for these logits.
  private func calibrated(
    _ judgement: Judgement, of blend: Blend, beta: Double, _ scorer: any Scorer
  ) async throws -> Judgement {
    let source = try scorer.logitSource()
    let nll = try await source.logits(of: blend).nll(source.labels, beta: beta)
    return Judgement(
      score: judgement.score, merit: judgement.merit,
      evaluatedExamples: judgement.evaluatedExamples,
      calibration: Calibration(beta: beta, nll: nll))
  }
}
