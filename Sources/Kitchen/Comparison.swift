import Evaluation
package import Recipes
import Sweeps

/// One recipe of a comparison, cooked once, or several times where chance has a part in it.
package struct ComparisonRow: Sendable {
  /// `greedy, random order`.
  package let label: String
  /// At least one.
  package let results: [SoupResult]

  /// Mean of a split's accuracy over the repeats; nil when it was not measured.
  package func accuracy(on split: String) -> Double? {
    Self.mean(results.compactMap { $0.accuracy(on: split) })
  }

  /// Mean over some splits of their accuracies.
  package func accuracy(on splits: [String]) -> Double? {
    Self.mean(splits.compactMap { accuracy(on: $0) })
  }

  /// Standard deviation over the repeats (dividing by their number less one); nil for one.
  package func deviation(on splits: [String]) -> Double? {
    let values = results.compactMap { result in
      Self.mean(splits.compactMap { result.accuracy(on: $0) })
    }
    guard values.count > 1, let mean = Self.mean(values) else { return nil }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// The run that is best on the split that selects; the first of equals.
  package var bestOnVal: SoupResult? {
    results.enumerated().max { left, right in
      let (first, second) = (left.element.merit, right.element.merit)
      return first == second ? left.offset > right.offset : first < second
    }?.element
  }

  package init(label: String, results: [SoupResult]) {
    self.label = label
    self.results = results
  }

  /// Passes over val that one cooking looks at, on average.
  package var passes: Double { Self.mean(results.map(\.passes)) ?? 0 }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

extension SoupResult {
  /// Share of a split that was right.
  package func accuracy(on split: String) -> Double? {
    metrics.first { $0.split == split }?.score.accuracy
  }
}

/// What a comparison says while it works.
package enum ComparisonEvent: Sendable {
  /// The rows to come, and about how many passes over val they look at.
  case began(labels: [String], passes: Double)
  /// A row is being cooked; counted from 0. `share` of the expected passes lies behind.
  case cooking(label: String, row: Int, share: Double)
  case step(RecipeEvent)
  case finished(ComparisonRow)
  /// A row that this sweep cannot have, and why.
  case skipped(label: String, reason: String)
}

extension Kitchen {
  /// Cooks every recipe of the paper and ours on one sweep: the paper's table 3 for the sweep at hand.
  ///
  /// What recipes have in common is evaluated once. A recipe that this sweep cannot have is skipped.
  /// - Parameters:
  ///   - repeats: how often recipes with a random order are cooked.
  ///   - among: names of the candidates; nil for all.
  /// - Throws: `InputError` when the sweep cannot be evaluated, `CancellationError`.
  package func compare(
    seed: UInt64 = 0, repeats: Int = 3, among: [String]? = nil, lane: Lane,
    gate: PauseGate = PauseGate(), tell: @escaping @Sendable (ComparisonEvent) -> Void
  ) async throws -> [ComparisonRow] {
    _ = try evaluatorAtWork()
    let count = among?.count ?? sweep.ingredients.count { $0.file != nil }
    let plan = ComparisonPlan(
      ingredients: count, hasGradients: givesGradients,
      hasInitialisation: sweep.initialisation != nil, seed: seed, repeats: repeats)
    tell(.began(labels: plan.entries.map(\.label), passes: plan.passes))
    for (label, reason) in plan.missing { tell(.skipped(label: label, reason: reason)) }
    var rows: [ComparisonRow] = []
    var behind = 0.0
    for (place, entry) in plan.entries.enumerated() {
      tell(.cooking(label: entry.label, row: place, share: behind / plan.passes))
      behind += entry.passes
      do {
        var results: [SoupResult] = []
        for spec in entry.specs(rows) {
          var spec = spec
          if spec.recipe != .handPicked { spec.among = among }
          results.append(
            try await cook(spec, lane: lane, gate: gate, tell: { tell(.step($0)) }))
        }
        guard !results.isEmpty else { continue }
        let row = ComparisonRow(label: entry.label, results: results)
        rows.append(row)
        tell(.finished(row))
      } catch let error where !(error is CancellationError) {
        tell(.skipped(label: entry.label, reason: "\(error)"))
      }
    }
    return rows
  }

  private var givesGradients: Bool {
    (try? evaluatorAtWork().evaluator) is any BlendDifferentiating
  }
}

/// The rows of a comparison and about what each costs.
private struct ComparisonPlan {
  struct Entry {
    let label: String
    /// Passes over val, about.
    let passes: Double
    /// What to cook, given the rows before.
    let specs: @Sendable ([ComparisonRow]) -> [RecipeSpec]
  }

  var entries: [Entry] = []
  /// Rows that cannot be, and why.
  var missing: [(label: String, reason: String)] = []

  var passes: Double { entries.reduce(0) { $0 + $1.passes } }

  init(
    ingredients: Int, hasGradients: Bool, hasInitialisation: Bool, seed: UInt64, repeats: Int
  ) {
    let k = Double(ingredients)
    add("best single", k, RecipeSpec(.best))
    entries.append(
      Entry(label: "second best", passes: 1) { rows in
        rows.first.flatMap(Self.secondBest).map { [$0] } ?? []
      })
    add("uniform", 1, RecipeSpec(.uniform))
    add("greedy", k, RecipeSpec(.greedy))
    entries.append(
      Entry(label: "greedy, random order", passes: k * Double(repeats)) { _ in
        (0..<repeats).map { offset in
          var spec = RecipeSpec(.greedy)
          spec.order = .random
          spec.seed = seed &+ UInt64(offset)
          return spec
        }
      })
    if hasGradients {
      add("learned", 12, seeded(.learned, seed, .adamw))
      add("learned by layer", 20, seeded(.learnedByLayer, seed))
    } else {
      missing.append(("learned", "the evaluator has no gradients"))
      missing.append(("learned by layer", "the evaluator has no gradients"))
    }
    add("learned, linearised", 3 * k, seeded(.learned, seed, .linearise))
    add("ensemble", 1, RecipeSpec(.ensemble))
    add("greedy ensemble", 1, RecipeSpec(.greedyEnsemble))
    if hasInitialisation {
      add("WiSE-FT", 11, RecipeSpec(.wiseFT))
    } else {
      missing.append(("WiSE-FT", "\(RecipeError.noInitialisation)"))
    }
    add("linearised search", 2.5 * k, seeded(.linearisedSearch, seed))
  }

  private mutating func add(_ label: String, _ passes: Double, _ spec: RecipeSpec) {
    entries.append(Entry(label: label, passes: passes) { _ in [spec] })
  }

  private func seeded(
    _ name: RecipeSpec.Name, _ seed: UInt64, _ method: RecipeSpec.Method? = nil
  ) -> RecipeSpec {
    var spec = RecipeSpec(name)
    spec.seed = seed
    spec.method = method
    return spec
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
