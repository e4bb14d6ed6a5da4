import Evaluation
package import Recipes

/// One thing that can be set before a recipe starts.
package enum RecipeOption: String, CaseIterable, Hashable, Sendable {
  case among, start, metric, tie, minimumGain, order, seed, top, maximumIngredients
  case withReplacement, method, by, learningRate, epochs, batch, budget, tries, confirmSplit

  /// Those that mean something for a recipe, in the order of the form.
  package static func options(of recipe: RecipeSpec.Name) -> [RecipeOption] {
    switch recipe {
    case .greedy:
      [
        .among, .start, .metric, .tie, .minimumGain, .order, .seed, .maximumIngredients,
        .withReplacement, .confirmSplit,
      ]
    case .pruned: [.among, .metric, .tie, .minimumGain, .confirmSplit]
    case .greedyEnsemble: [.among, .metric, .tie, .minimumGain, .order, .seed, .confirmSplit]
    case .learned: [.among, .method, .learningRate, .epochs, .batch, .budget, .seed, .confirmSplit]
    case .learnedByLayer: [.among, .by, .learningRate, .epochs, .batch, .seed, .confirmSplit]
    case .linearisedSearch: [.among, .metric, .budget, .seed, .confirmSplit]
    case .wiseFT: [.among, .start, .metric, .confirmSplit]
    case .radin: [.among, .metric, .tries, .maximumIngredients, .seed, .confirmSplit]
    case .uniform: [.among, .top, .metric]
    case .best: [.among, .metric]
    case .modelStock, .ensemble, .handPicked: [.among]
    }
  }

  package var label: String {
    switch self {
    case .among: "candidates"
    case .start: "start from"
    case .metric: "select by"
    case .tie: "ties"
    case .minimumGain: "least gain"
    case .order: "order"
    case .seed: "seed"
    case .top: "only the best"
    case .maximumIngredients: "ingredients at most"
    case .withReplacement: "with replacement"
    case .method: "method"
    case .by: "a row of weights for"
    case .learningRate: "learning rate"
    case .epochs: "epochs"
    case .batch: "batch"
    case .budget: "evaluations at most"
    case .tries: "soups tried"
    case .confirmSplit: "hold half of val back"
    }
  }

  /// What its value means.
  package func hint(_ spec: RecipeSpec) -> String {
    switch self {
    case .among: "everything, or what is marked"
    case .start: spec.recipe == .wiseFT ? "whose soup is mixed with θ0" : "what is marked"
    case .metric: "on val; the sweep's own unless another is named"
    case .tie: spec.tie == .accept ? "≥, as in the paper" : ">, as in its code"
    case .minimumGain: "examples, or units of the metric"
    case .order:
      switch spec.order {
      case .val: "best alone first"
      case .published: "best alone first, ties reversed as in the code"
      case .random: "shuffled by the seed"
      case .predicted: "as tables of k + 1 evaluations rank them"
      }
    case .seed: "of whatever is drawn"
    case .top: "alone"
    case .maximumIngredients, .tries: ""
    case .withReplacement: "an accepted one may be taken again"
    case .method: "gradients need a Python evaluator"
    case .by: ""
    case .learningRate: "of AdamW"
    case .epochs: "passes over val by AdamW"
    case .batch: "examples a step"
    case .budget: "of val; empty: until nothing improves"
    case .confirmSplit: "to see the bias of selection"
    }
  }

  /// What can be typed for it.
  package var wanted: String {
    switch self {
    case .minimumGain: "a number, 0 or more"
    case .seed: "a whole number, 0 or more"
    case .learningRate: "a number above 0"
    default: "a whole number above 0"
    }
  }

  /// What is typed; the others are turned.
  package var isTyped: Bool {
    switch self {
    case .minimumGain, .seed, .top, .maximumIngredients, .learningRate, .epochs, .batch, .budget,
      .tries:
      true
    default: false
    }
  }

  /// As it stands in the form.
  package func text(_ spec: RecipeSpec) -> String {
    func number(_ value: Int?, _ standard: String) -> String { value.map(String.init) ?? standard }
    switch self {
    case .among: return spec.among.map { "\($0.count) marked" } ?? "all"
    case .start: return spec.start.isEmpty ? "nothing" : "\(spec.start.count) marked"
    case .metric: return spec.metric?.rawValue ?? "the sweep's"
    case .tie: return spec.tie.rawValue
    case .minimumGain: return Numbers.compact(spec.minimumGain)
    case .order: return spec.order.rawValue
    case .seed: return String(spec.seed)
    case .top: return number(spec.top, "all")
    case .maximumIngredients: return number(spec.maximumIngredients, "any number")
    case .withReplacement: return spec.withReplacement ? "yes" : "no"
    case .method: return spec.method?.rawValue ?? "what fits"
    case .by: return spec.by.rawValue
    case .learningRate:
      let standard = spec.recipe == .learnedByLayer ? 0.05 : 0.1
      return Numbers.compact(spec.learningRate ?? standard)
    case .epochs: return number(spec.epochs, spec.recipe == .learnedByLayer ? "5" : "3")
    case .batch: return number(spec.batch, "256 or fewer")
    case .budget: return number(spec.budget, "any number")
    case .tries: return number(spec.tries, "\(RadinRanking.defaultTries)")
    case .confirmSplit: return spec.confirmSplit ? "yes" : "no"
    }
  }

  /// Turns to the next value, or the one before; nothing for what is typed.
  /// - Parameter marked: the set in hand.
  package func turn(_ spec: inout RecipeSpec, by step: Int, marked: [String]) {
    switch self {
    case .among: spec.among = spec.among == nil && !marked.isEmpty ? marked : nil
    case .start: spec.start = spec.start.isEmpty ? marked : []
    case .metric: spec.metric = Self.next([nil] + Metric.allCases, after: spec.metric, by: step)
    case .tie: spec.tie = Self.next(RecipeSpec.Tie.allCases, after: spec.tie, by: step)
    case .order:
      let orders = RecipeSpec.Order.allCases.filter {
        $0 != .predicted || spec.recipe == .greedy
      }
      spec.order = Self.next(orders, after: spec.order, by: step)
    case .withReplacement: spec.withReplacement.toggle()
    case .method:
      spec.method = Self.next([nil, .adamw, .linearise], after: spec.method, by: step)
    case .by: spec.by = Self.next(LayerGrouping.allCases, after: spec.by, by: step)
    case .confirmSplit: spec.confirmSplit.toggle()
    case .minimumGain, .seed, .top, .maximumIngredients, .learningRate, .epochs, .batch, .budget,
      .tries:
      break
    }
  }

  private static func next<Value: Equatable>(_ all: [Value], after value: Value, by step: Int)
    -> Value
  {
    let place = all.firstIndex(of: value) ?? 0
    return all[(place + step + all.count) % all.count]
  }

  /// Takes a typed value; empty: the default.
  /// - Returns: whether it means something here.
  package func set(_ text: String, in spec: inout RecipeSpec) -> Bool {
    let isEmpty = text.isEmpty
    func count(_ path: WritableKeyPath<RecipeSpec, Int?>) -> Bool {
      let value = Int(text).flatMap { $0 >= 1 ? $0 : nil }
      guard isEmpty || value != nil else { return false }
      spec[keyPath: path] = value
      return true
    }
    switch self {
    case .minimumGain:
      guard let value = isEmpty ? 0 : Double(text), value >= 0, value.isFinite else { return false }
      spec.minimumGain = value
      return true
    case .seed:
      guard let value = isEmpty ? 0 : UInt64(text) else { return false }
      spec.seed = value
      return true
    case .learningRate:
      let value = Double(text).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
      guard isEmpty || value != nil else { return false }
      spec.learningRate = value
      return true
    case .top: return count(\.top)
    case .maximumIngredients: return count(\.maximumIngredients)
    case .epochs: return count(\.epochs)
    case .batch: return count(\.batch)
    case .budget: return count(\.budget)
    case .tries: return count(\.tries)
    default: return false
    }
  }
}
