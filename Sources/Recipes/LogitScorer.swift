public import Averaging
public import Evaluation

/// Judges blends by the logits of a source, whole evaluations all.
///
/// With a `CheckpointLogits` it is all that recipes need to run without a sweep on disk:
///
/// ```swift
/// let logits = CheckpointLogits(of: ingredients, by: evaluator, on: val)
/// let scorer = LogitScorer(logits)
/// let outcome = try await RecipeSpec(.greedy).makeRecipe().cook(
///   scorer.candidates(ingredients.map(\.name)), scorer: scorer
/// ) { event in print(event) }
/// ```
public struct LogitScorer: Scorer {
  private let logits: any LogitSource
  private let metric: Metric
  private let tensors: (any TensorSource)?
  private let gradients: (any BlendGradientSource)?

  /// - Parameters:
  ///   - logits: on the split that selects, never on one that reports.
  ///   - metric: what recipes compare.
  ///   - tensors: for `model-stock`, `wise-ft` and `learned-by-layer`.
  ///   - gradients: for soups learned by AdamW.
  public init(
    _ logits: any LogitSource, by metric: Metric = .accuracy, tensors: (any TensorSource)? = nil,
    gradients: (any BlendGradientSource)? = nil
  ) {
    self.logits = logits
    self.metric = metric
    self.tensors = tensors
    self.gradients = gradients
  }

  /// Evaluates all examples, whatever the bar.
  public func score(_ blend: Blend, bar: Double?) async throws -> Judgement {
    let labels = logits.labels
    return try await Judgement(
      logits.logits(of: blend), labels: labels, by: metric, evaluatedExamples: labels.count)
  }

  /// Averages the logits of the ingredients, which the source may have to evaluate first.
  public func scoreEnsemble(_ ingredients: [String]) async throws -> Judgement {
    guard !ingredients.isEmpty else { throw RecipeError.noCandidates }
    var members: [Logits] = []
    for name in ingredients { members.append(try await logits.logits(of: .uniform([name]))) }
    return Judgement(
      Ensemble.logits(of: members), labels: logits.labels, by: metric, evaluatedExamples: 0)
  }

  /// The source that it was made with.
  public func logitSource() -> any LogitSource { logits }

  /// Those that it was made with.
  public func gradientSource() -> (any BlendGradientSource)? { gradients }

  /// Those that it was made with.
  ///
  /// - Throws: `RecipeError.unavailable` when there are none.
  public func tensorSource() throws -> any TensorSource {
    guard let tensors else { throw RecipeError.unavailable("checkpoints") }
    return tensors
  }
}

extension Scorer {
  /// Ingredients, in this order, with their merit alone: one evaluation each.
  ///
  /// Recipes whose spec does not need merits (`RecipeSpec.needsMerits`) take candidates without.
  /// - Parameters:
  ///   - names: the ingredients.
  ///   - tell: hears of each before it is evaluated.
  /// - Throws: what `score` throws.
  public func candidates(
    _ names: [String], tell: @Sendable (RecipeEvent) -> Void = { _ in }
  ) async throws -> [Candidate] {
    var candidates: [Candidate] = []
    for (step, name) in names.enumerated() {
      tell(.measuring(ingredient: name, step: step, of: names.count))
      candidates.append(
        Candidate(name: name, merit: try await score(.uniform([name]), bar: nil).merit))
    }
    return candidates
  }
}
