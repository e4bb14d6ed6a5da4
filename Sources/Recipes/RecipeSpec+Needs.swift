extension RecipeSpec.Name {
  /// Why a sweep cannot have the recipe; nil where it can.
  ///
  /// - Parameters:
  ///   - hasGradients: whether the evaluator can differentiate its model.
  ///   - hasInitialisation: whether the checkpoint is there from which all were fine-tuned.
  package func obstacle(hasGradients: Bool, hasInitialisation: Bool) -> String? {
    switch self {
    case .learnedByLayer: hasGradients ? nil : "needs gradients: an evaluator in Python has them"
    case .wiseFT, .modelStock: hasInitialisation ? nil : "the sweep names no initialisation"
    case .best, .uniform, .greedy, .pruned, .learned, .linearisedSearch, .radin, .ensemble,
      .greedyEnsemble, .handPicked:
      nil
    }
  }
}
