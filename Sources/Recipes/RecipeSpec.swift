/// A recipe and its options as data: what the command line, a recipe file, a run in the ledger and a
/// soup's provenance all say, and all that a replay needs besides the files.
package struct RecipeSpec: Codable, Hashable, Sendable {
  /// The recipes by name.
  package enum Name: String, Codable, CaseIterable, Sendable {
    /// The best ingredient alone: measures every one.
    case best
    case uniform
    case greedy
    case pruned
    case ensemble
    case greedyEnsemble = "greedy-ensemble"
    case handPicked = "hand-picked"
  }

  /// What becomes of a candidate that changes nothing.
  package enum Tie: String, Codable, CaseIterable, Sendable {
    case accept
    case reject
  }

  /// The order of candidates.
  package enum Order: String, Codable, CaseIterable, Sendable {
    case val
    case published
    case random
  }

  package var recipe: Name
  package var tie: Tie = .accept
  /// Least gain for acceptance, in examples.
  package var minimumGain: Double = 0
  package var order: Order = .val
  package var seed: UInt64 = 0
  package var withReplacement = false
  package var maximumIngredients: Int?
  /// Hand-picked ingredients that a greedy soup starts from, or the members of a hand-picked one.
  package var start: [String] = []
  /// Only the best so many alone are candidates (uniform).
  package var top: Int?
  /// The candidates; nil for the whole sweep.
  package var among: [String]?

  package init(_ recipe: Name) { self.recipe = recipe }

  /// The recipe that this describes.
  package func makeRecipe() -> any Recipe {
    let rule = AcceptanceRule(acceptsTies: tie == .accept, minimumGain: minimumGain)
    switch recipe {
    case .best: return BestSingle()
    case .uniform: return UniformSoup(top: top)
    case .greedy:
      return GreedySoup(
        order: candidateOrder, rule: rule, withReplacement: withReplacement,
        maximumIngredients: maximumIngredients, start: start)
    case .pruned: return PrunedSoup(rule: rule)
    case .ensemble: return LogitEnsemble()
    case .greedyEnsemble: return GreedyEnsemble(order: candidateOrder, rule: rule)
    case .handPicked: return HandPicked(start)
    }
  }

  /// A short line that tells this spec from others: the name and what departs from the defaults.
  package var title: String {
    var words = [recipe.rawValue]
    if let top { words.append("top \(top)") }
    if tie == .reject { words.append("strict") }
    if minimumGain != 0 { words.append("gain ≥ \(minimumGain)") }
    if order != .val { words.append(order == .random ? "random order \(seed)" : order.rawValue) }
    if withReplacement { words.append("with replacement") }
    if let maximumIngredients { words.append("at most \(maximumIngredients)") }
    if recipe == .greedy, !start.isEmpty { words.append("from \(start.count) picked") }
    return words.joined(separator: " ")
  }

  private var candidateOrder: CandidateOrder {
    switch order {
    case .val: .val
    case .published: .published
    case .random: .random(seed: seed)
    }
  }
}
