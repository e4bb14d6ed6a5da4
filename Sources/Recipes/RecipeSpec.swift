import Averaging
public import Evaluation

/// A recipe and its options as data: what the command line, a recipe file, a run in the ledger and a
/// soup's provenance all say, and all that a replay needs besides the files.
public struct RecipeSpec: Hashable, Sendable {
  /// The recipes by name.
  public enum Name: String, Codable, CaseIterable, Sendable {
    /// The best ingredient alone: measures every one.
    case best
    case uniform
    case greedy
    case pruned
    case learned
    case learnedByLayer = "learned-by-layer"
    case linearisedSearch = "linearised-search"
    case wiseFT = "wise-ft"
    case modelStock = "model-stock"
    case radin
    case ensemble
    case greedyEnsemble = "greedy-ensemble"
    case handPicked = "hand-picked"
  }

  /// What becomes of a candidate that changes nothing.
  public enum Tie: String, Codable, CaseIterable, Sendable {
    case accept
    case reject
  }

  /// The order of candidates.
  public enum Order: String, Codable, CaseIterable, Sendable {
    case val
    case published
    case random
    /// By tables of k + 1 evaluations, which say what the soup of a set would score.
    case predicted
  }

  /// How weights are learned.
  public enum Method: String, Codable, CaseIterable, Sendable {
    /// Stochastic gradients, as the paper does; needs an evaluator with gradients.
    case adamw
    /// Successive linearisation in the mixing weights; needs only logits.
    case linearise
  }

  /// Which recipe.
  public var recipe: Name
  /// What becomes of a candidate that changes nothing; the paper accepts it.
  public var tie: Tie = .accept
  /// What candidates are compared by; nil: the sweep's own, which is accuracy unless it says another.
  public var metric: Metric?
  /// Least gain for acceptance, in examples, or in the units of a metric that counts none.
  public var minimumGain: Double = 0
  /// In which order candidates are tried.
  public var order: Order = .val
  /// Of everything that is drawn at random.
  public var seed: UInt64 = 0
  /// Whether an accepted candidate stays available for more weight (greedy).
  public var withReplacement = false
  /// How many a soup takes at most; nil: any number.
  public var maximumIngredients: Int?
  /// Hand-picked ingredients that a greedy soup starts from, the members of a hand-picked one, or the
  /// ingredients whose soup WiSE-FT mixes with the initialisation.
  public var start: [String] = []
  /// Weights of a hand-picked soup, one a name of `start`; nil: equal.
  public var weights: [Double]?
  /// Only the best so many alone are candidates (uniform).
  public var top: Int?
  /// The candidates; nil for the whole sweep.
  public var among: [String]?
  /// How a learned soup is learned; nil: by gradients where the evaluator has them.
  public var method: Method?
  /// Which tensors share a row of weights in a soup learned by layer.
  public var by: LayerGrouping = .tensor
  /// Of AdamW; nil: the paper's.
  public var learningRate: Double?
  /// Passes of AdamW over val; nil: the paper's.
  public var epochs: Int?
  /// Examples a step of AdamW; nil: 256.
  public var batch: Int?
  /// Of AdamW.
  public var weightDecay: Double = 0
  /// Evaluations of val that may be made by linearisation; nil: until nothing improves.
  public var budget: Int?
  /// Mixing factors that WiSE-FT tries; nil: 0, 0.1, … 1.
  public var alphas: [Double]?
  /// Whether half of val, drawn by the seed, is held back from selection to show its bias.
  public var confirmSplit = false
  /// Whether a candidate's evaluation ends as soon as it cannot be accepted any more; decisions are the
  /// same either way.
  public var abandon = true
  /// Soups that RADIN's ranking evaluates.
  public var tries: Int?

  /// A recipe with the paper's options.
  public init(_ recipe: Name) { self.recipe = recipe }

  /// The recipe that this describes.
  public func makeRecipe() -> any Recipe {
    let rule = AcceptanceRule(acceptsTies: tie == .accept, minimumGain: minimumGain)
    switch recipe {
    case .best: return BestSingle()
    case .uniform: return UniformSoup(top: top)
    case .greedy:
      return GreedySoup(
        order: candidateOrder, isRankedByTables: order == .predicted, rule: rule,
        withReplacement: withReplacement,
        maximumIngredients: maximumIngredients, start: start)
    case .pruned: return PrunedSoup(rule: rule)
    case .learned: return LearnedSoup(method: method, settings: settings, budget: budget)
    case .learnedByLayer: return LearnedByLayer(by: by, settings: settings)
    case .linearisedSearch:
      return LinearisedSearch(budget: budget, seed: seed, metric: metric ?? .accuracy)
    case .wiseFT: return WiseFT(of: start, alphas: alphas)
    case .modelStock: return ModelStock()
    case .radin:
      return RadinRanking(
        seed: seed, tries: tries ?? RadinRanking.defaultTries,
        maximumIngredients: maximumIngredients)
    case .ensemble: return LogitEnsemble()
    case .greedyEnsemble: return GreedyEnsemble(order: candidateOrder, rule: rule)
    case .handPicked: return handPicked
    }
  }

  /// Whether the recipe looks at ensembles of the candidates over and over.
  package var averagesLogits: Bool {
    switch recipe {
    case .ensemble, .greedyEnsemble, .radin: true
    case .best, .uniform, .greedy, .pruned, .learned, .learnedByLayer, .linearisedSearch, .wiseFT,
      .modelStock, .handPicked:
      false
    }
  }

  /// Whether it ends with an ensemble in place of a soup.
  package var makesEnsemble: Bool { recipe == .ensemble || recipe == .greedyEnsemble }

  /// Whether the recipe asks how good each ingredient is alone.
  public var needsMerits: Bool {
    switch recipe {
    case .greedy: order != .predicted
    case .pruned, .greedyEnsemble, .radin: true
    case .uniform: top != nil
    case .wiseFT: start.isEmpty
    case .best, .learned, .learnedByLayer, .linearisedSearch, .modelStock, .ensemble, .handPicked:
      false
    }
  }

  /// Whether it learns weights that make val likely, which leaves no choice of a metric.
  package var minimisesLikelihood: Bool { recipe == .learned || recipe == .learnedByLayer }

  /// A short line that tells this spec from others: the name and what departs from the defaults.
  public var title: String {
    var words = [recipe.rawValue]
    if let top { words.append("top \(top)") }
    if tie == .reject { words.append("strict") }
    if let metric { words.append("by \(metric.rawValue)") }
    if minimumGain != 0 { words.append("gain ≥ \(minimumGain)") }
    if order != .val { words.append(order == .random ? "random order \(seed)" : order.rawValue) }
    if withReplacement { words.append("with replacement") }
    if let maximumIngredients { words.append("at most \(maximumIngredients)") }
    if recipe == .greedy, !start.isEmpty { words.append("from \(start.count) picked") }
    if let method { words.append(method == .linearise ? "by linearisation" : "by AdamW") }
    if by != .tensor { words.append("by \(by.rawValue)") }
    if let budget { words.append("within \(budget) evaluations") }
    return words.joined(separator: " ")
  }

  private var candidateOrder: CandidateOrder {
    switch order {
    case .val, .predicted: .val
    case .published: .published
    case .random: .random(seed: seed)
    }
  }

  private var settings: LearningSettings {
    var settings = recipe == .learnedByLayer ? LearningSettings.byLayer : .learned
    if let learningRate { settings.learningRate = learningRate }
    if let epochs { settings.epochs = epochs }
    if let batch { settings.batch = batch }
    settings.weightDecay = weightDecay
    settings.seed = seed
    return settings
  }

  private var handPicked: HandPicked {
    guard let weights, weights.count == start.count else { return HandPicked(start) }
    return HandPicked(
      blend: Blend(zip(start, weights).map { Blend.Term($0, weight: $1) }))
  }
}
