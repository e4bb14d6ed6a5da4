import Evaluation
package import Recipes
import Sweeps

/// One recipe of a comparison, cooked once, or several times where chance has a part in it.
package struct ComparisonRow: Sendable {
  /// `greedy random order`.
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

  /// Passes over val that one cooking takes, on average.
  package let passes: Double

  /// - Parameter passes: nil: what the results say.
  package init(label: String, results: [SoupResult], passes: Double? = nil) {
    self.label = label
    self.results = results
    self.passes = passes ?? Self.mean(results.map(\.passes)) ?? 0
  }

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
  /// The rows to come, in order.
  case began([ComparisonPlan.Row])
  /// A row is being cooked; counted from 0.
  case cooking(row: Int)
  case step(RecipeEvent)
  case finished(ComparisonRow, row: Int)
  /// A row that this sweep cannot have, and why.
  case skipped(reason: String, row: Int)
}

extension Kitchen {
  /// The rows that a comparison would have and about what each costs.
  ///
  /// - Parameters:
  ///   - repeats: how often recipes with a random order are cooked.
  ///   - among: names of the candidates; nil for all.
  /// - Throws: `InputError` when the sweep cannot be evaluated.
  package func comparisonPlan(
    seed: UInt64 = 0, repeats: Int = 3, among: [String]? = nil
  ) throws -> ComparisonPlan {
    let hasGradients = try evaluatorAtWork().evaluator is any BlendDifferentiating
    let count = among?.count ?? sweep.ingredients.count { $0.file != nil }
    return ComparisonPlan(
      ingredients: count, hasGradients: hasGradients,
      hasInitialisation: sweep.initialisation != nil, seed: seed, repeats: repeats, among: among)
  }

  /// Cooks every recipe of the paper and ours on one sweep: the paper's table 3 for the sweep at hand.
  ///
  /// What recipes have in common is evaluated once. A recipe that this sweep cannot have is skipped.
  /// - Throws: `InputError` when the sweep cannot be evaluated, `CancellationError`.
  package func compare(
    _ plan: ComparisonPlan, lane: Lane, gate: PauseGate = PauseGate(),
    tell: @escaping @Sendable (ComparisonEvent) -> Void
  ) async throws -> [ComparisonRow] {
    tell(.began(plan.rows))
    var rows: [ComparisonRow] = []
    for (place, row) in plan.rows.enumerated() {
      if let reason = row.missing {
        tell(.skipped(reason: reason, row: place))
        continue
      }
      tell(.cooking(row: place))
      do {
        var results: [SoupResult] = []
        for spec in plan.specs(of: place, after: rows) {
          results.append(
            try await cook(spec, lane: lane, gate: gate, tell: { tell(.step($0)) }))
        }
        guard let finished = plan.finished(place, results, after: rows) else {
          let reason =
            rows.isEmpty ? "the best single model is not known" : "there is one ingredient only"
          tell(.skipped(reason: reason, row: place))
          continue
        }
        rows.append(finished)
        tell(.finished(finished, row: place))
      } catch let error where !(error is CancellationError) {
        tell(.skipped(reason: "\(error)", row: place))
      }
    }
    return rows
  }
}
