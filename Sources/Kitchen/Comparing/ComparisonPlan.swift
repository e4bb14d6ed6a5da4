import Recipes

/// The rows of a comparison and about what each costs: the paper's table 3, then ours.
package struct ComparisonPlan: Sendable {
  /// One recipe to compare.
  package struct Row: Hashable, Sendable {
    package let label: String
    /// Passes over val that it looks at, about; what is known already costs nothing.
    package let passes: Double
    /// Why this sweep cannot have it; nil when it can.
    package let missing: String?

    package init(label: String, passes: Double, missing: String? = nil) {
      self.label = label
      self.passes = passes
      self.missing = missing
    }
  }

  package private(set) var rows: [Row] = []
  private var recipes: [@Sendable ([ComparisonRow]) -> [RecipeSpec]] = []

  /// Passes of all rows together, about.
  package var passes: Double { rows.reduce(0) { $0 + $1.passes } }

  /// What to cook for a row, given the rows before.
  func specs(of row: Int, after rows: [ComparisonRow]) -> [RecipeSpec] { recipes[row](rows) }

  init(
    ingredients: Int, hasGradients: Bool, hasInitialisation: Bool, seed: UInt64, repeats: Int,
    among: [String]?
  ) {
    let k = Double(ingredients)
    let gradients = hasGradients ? nil : "the evaluator has no gradients"
    let origin = hasInitialisation ? nil : "the sweep names no initialisation"
    func spec(
      _ name: RecipeSpec.Name, _ method: RecipeSpec.Method? = nil
    ) -> RecipeSpec {
      var spec = RecipeSpec(name)
      spec.seed = seed
      spec.method = method
      spec.among = among
      return spec
    }
    add("best single", k, spec(.best))
    add("second best", 1) { rows in rows.first.flatMap(Self.secondBest).map { [$0] } ?? [] }
    add("uniform", 1, spec(.uniform))
    add("greedy", k, spec(.greedy))
    let greedy = spec(.greedy)
    add("greedy random order", k * Double(repeats)) { _ in
      (0..<repeats).map { offset in
        var spec = greedy
        spec.order = .random
        spec.seed = seed &+ UInt64(offset)
        return spec
      }
    }
    add("learned", 6, missing: gradients, spec(.learned, .adamw))
    add("learned by layer", 10, missing: gradients, spec(.learnedByLayer))
    add("learned linearised", 3 * k, spec(.learned, .linearise))
    add("ensemble", k, spec(.ensemble))
    add("greedy ensemble", k, spec(.greedyEnsemble))
    add("WiSE-FT", 11, missing: origin, spec(.wiseFT))
    add("linearised search", 2.5 * k, spec(.linearisedSearch))
  }

  private mutating func add(
    _ label: String, _ passes: Double, missing: String? = nil, _ spec: RecipeSpec
  ) {
    add(label, passes, missing: missing) { _ in [spec] }
  }

  private mutating func add(
    _ label: String, _ passes: Double, missing: String? = nil,
    _ specs: @escaping @Sendable ([ComparisonRow]) -> [RecipeSpec]
  ) {
    rows.append(Row(label: label, passes: missing == nil ? passes : 0, missing: missing))
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
