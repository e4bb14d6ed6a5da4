import Recipes

/// The rows of a comparison and about what each costs: the paper's table 3, then the others.
package struct ComparisonPlan: Sendable {
  /// One recipe to compare.
  package struct Row: Hashable, Sendable {
    package let label: String
    /// Passes over val of one cooking, about, counted as in `SoupResult.passes`.
    package let passes: Double
    /// How often it is cooked.
    package let repeats: Int
    /// Why this sweep cannot have it; nil when it can.
    package let missing: String?

    package init(label: String, passes: Double, repeats: Int = 1, missing: String? = nil) {
      self.label = label
      self.passes = passes
      self.repeats = repeats
      self.missing = missing
    }
  }

  package private(set) var rows: [Row] = []
  private var recipes: [@Sendable ([ComparisonRow]) -> [RecipeSpec]] = []

  private static let secondBest = "second best"

  /// What to cook for a row, given the rows before.
  func specs(of row: Int, after rows: [ComparisonRow]) -> [RecipeSpec] { recipes[row](rows) }

  /// A row as it came out; nil when nothing was cooked for it.
  func finished(_ row: Int, _ results: [SoupResult], after rows: [ComparisonRow]) -> ComparisonRow?
  {
    guard !results.isEmpty else { return nil }
    let label = self.rows[row].label
    // It is not found without all that the best is found by.
    let passes = label == Self.secondBest ? rows.first?.passes : nil
    return ComparisonRow(label: label, results: results, passes: passes)
  }

  init(
    ingredients: Int, hasGradients: Bool, hasInitialisation: Bool, seed: UInt64, repeats: Int,
    among: [String]?
  ) {
    let k = Double(ingredients)
    func spec(
      _ name: RecipeSpec.Name, _ method: RecipeSpec.Method? = nil
    ) -> RecipeSpec {
      var spec = RecipeSpec(name)
      spec.seed = seed
      spec.method = method
      spec.among = among
      return spec
    }
    func cost(_ spec: RecipeSpec) -> Double {
      Double(spec.cost(candidates: ingredients, hasGradients: hasGradients).evaluations)
    }
    /// - Parameter passes: where what it costs is known only from experience.
    func add(_ label: String, _ spec: RecipeSpec, passes: Double? = nil) {
      let missing = spec.recipe.obstacle(
        hasGradients: hasGradients, hasInitialisation: hasInitialisation)
      self.add(label, passes ?? cost(spec), missing: missing) { _ in [spec] }
    }
    let greedy = spec(.greedy)
    add("best single", spec(.best))
    self.add(Self.secondBest, k) { rows in
      rows.first.flatMap(Self.secondBest).map { [$0] } ?? []
    }
    add("uniform", spec(.uniform))
    add("greedy", greedy)
    self.add("greedy random order", cost(greedy), repeats: repeats) { _ in
      (0..<repeats).map { offset in
        var spec = greedy
        spec.order = .random
        spec.seed = seed &+ UInt64(offset)
        return spec
      }
    }
    // Without gradients, to learn is to linearise.
    if hasGradients { add("learned", spec(.learned, .adamw)) }
    add("learned linearised", spec(.learned, .linearise), passes: 4.3 * k)
    add("learned by layer", spec(.learnedByLayer))
    add("ensemble", spec(.ensemble))
    add("greedy ensemble", spec(.greedyEnsemble))
    add("WiSE-FT", spec(.wiseFT))
    add("model stock", spec(.modelStock))
    add("pruned", spec(.pruned), passes: 3 * k)
    add("RADIN", spec(.radin))
    add("linearised search", spec(.linearisedSearch), passes: 3.4 * k)
  }

  private mutating func add(
    _ label: String, _ passes: Double, repeats: Int = 1, missing: String? = nil,
    _ specs: @escaping @Sendable ([ComparisonRow]) -> [RecipeSpec]
  ) {
    rows.append(
      Row(
        label: label, passes: missing == nil ? passes : 0, repeats: repeats, missing: missing))
    recipes.append(specs)
  }

  /// The second in the order that greedy takes them; nil for a sweep of one.
  private static func secondBest(_ best: ComparisonRow) -> RecipeSpec? {
    let candidates = best.results[0].decisions.map {
      Candidate(name: $0.candidate, merit: $0.judgement.merit)
    }
    guard candidates.count > 1 else { return nil }
    var spec = RecipeSpec(.handPicked)
    spec.start = [CandidateOrder.val.sorted(candidates)[1].name]
    return spec
  }
}
