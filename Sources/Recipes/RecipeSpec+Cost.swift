extension RecipeSpec {
  /// What the recipe will take, before it is started: evaluations of val, known ones included.
  ///
  /// - Parameters:
  ///   - count: how many candidates there are.
  ///   - hasGradients: whether the evaluator can differentiate its model.
  public func cost(candidates count: Int, hasGradients: Bool) -> RecipeCost {
    let k = among?.count ?? count
    let alone = needsMerits ? k : 0
    switch recipe {
    case .best, .ensemble: return RecipeCost(evaluations: k)
    case .uniform, .modelStock, .handPicked: return RecipeCost(evaluations: alone + 1)
    case .greedy:
      let tables = order == .predicted ? k + 1 : 0
      let soups = max(0, k - (start.isEmpty && alone > 0 ? 1 : 0))
      return RecipeCost(
        evaluations: alone + tables + soups,
        detail: withReplacement ? "for the first pass; more while it improves" : nil)
    case .pruned:
      return RecipeCost(
        evaluations: alone + 1 + k, detail: "for the first pass; more while it drops some")
    case .learned where hasGradients && method != .linearise:
      return RecipeCost(evaluations: 2 * (epochs ?? 3), detail: "half of them with gradients")
    case .learned, .linearisedSearch:
      return RecipeCost(
        evaluations: budget ?? k + 6,
        detail: budget == nil ? "for the first round; more while it improves" : nil)
    case .learnedByLayer:
      return RecipeCost(evaluations: 2 * (epochs ?? 5), detail: "half of them with gradients")
    case .wiseFT:
      let alphas = alphas ?? WiseFT.standardAlphas
      // At 1 it is the ingredient alone, which is known by then.
      return RecipeCost(evaluations: alone + alphas.count { alone == 0 || $0 != 1 })
    case .radin: return RecipeCost(evaluations: k + (tries ?? RadinRanking.defaultTries))
    case .greedyEnsemble: return RecipeCost(evaluations: alone)
    }
  }
}
