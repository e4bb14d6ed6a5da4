import Averaging
package import Evaluation

/// Searches sets of ingredients on linearised tables, evaluates the most promising, linearises again
/// there, and stops when nothing improves.
///
/// `k + 1` evaluations give tables that predict the soup of any set; a search over thousands of sets
/// on them is free. What counts is the real evaluation: more right on val (or better by the metric that
/// is asked for), or as good and likelier.
package struct LinearisedSearch: Recipe {
  /// Evaluations of val that may be made; nil: until nothing improves.
  package let budget: Int?
  /// Of the restarts.
  package let seed: UInt64
  /// Decides which of two evaluated soups is better; the tables are searched for accuracy.
  package let metric: Metric
  /// Climbs a round.
  package let starts: Int
  /// Sets evaluated a round.
  package let tries: Int

  package init(
    budget: Int? = nil, seed: UInt64 = 0, metric: Metric = .accuracy, starts: Int = 60,
    tries: Int = 4
  ) {
    self.metric = metric
    self.budget = budget
    self.seed = seed
    self.starts = starts
    self.tries = tries
  }

  package var name: String { "linearised-search" }

  /// A round that brings no better merit and lowers the NLL by less than this share of it is the last.
  private static let leastGain = 1e-2

  package func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    let names = candidates.map(\.name)
    guard !names.isEmpty else { throw RecipeError.noCandidates }
    tell(.began(candidates: names))
    let round = names.count + tries + 1
    tell(
      .planned(
        RecipeCost(
          evaluations: budget ?? round + 1,
          detail: budget == nil ? "for the first round; more while it improves" : nil)))
    var probe = SoupProbe(
      ingredients: names, source: try scorer.logitSource(), budget: budget, metric: metric)
    var generator = SeededGenerator(seed: seed)
    var search = Progress(ingredients: names)
    tell(.trying(candidate: "uniform", step: 0, of: round + 1))
    let uniform = try await probe.probe(names.map { _ in 1 / Double(names.count) })
    search.seen.insert(names.map { _ in true })
    search.take(uniform, label: "uniform", probe, tell: tell)
    while names.count > 1, probe.canAfford(names.count + 1), let base = search.best {
      let tables = try await probe.linearise(around: base, seed: seed, tell: tell)
      try await tryTops(of: tables, at: base, &search, &probe, &generator, tell: tell)
      try await tryWeights(of: tables, at: base, &search, &probe, tell: tell)
      guard let best = search.best, best.isBetter(than: base) else { break }
      let gain = base.calibration.nll - best.calibration.nll
      if best.merit == base.merit, gain < Self.leastGain * base.calibration.nll { break }
    }
    guard let best = search.best else { throw RecipeError.noCandidates }
    return try await probe.outcome(best, scorer: scorer)
  }

  private struct Progress {
    let ingredients: [String]
    var best: ProbedSoup?
    /// Of the best set so far, which the next search starts from.
    var members: [Bool]
    /// Sets that were evaluated.
    var seen: Set<[Bool]> = []

    init(ingredients: [String]) {
      self.ingredients = ingredients
      members = ingredients.map { _ in true }
    }

    /// Keeps a soup when it is the best so far, and tells the verdict.
    @discardableResult
    mutating func take(
      _ soup: ProbedSoup, label: String, _ probe: SoupProbe, prediction: Prediction? = nil,
      tell: @Sendable (RecipeEvent) -> Void
    ) -> Bool {
      let before = best
      let isBetter = before.map(soup.isBetter) ?? true
      if isBetter { best = soup }
      tell(
        .decided(
          Decision(
            candidate: label, tried: Blend(ingredients, soup.weights),
            judgement: probe.judgement(soup), isAccepted: isBetter,
            margin: before.map { soup.merit - $0.merit },
            ingredients: best.map { Blend(ingredients, $0.weights).ingredients } ?? [],
            prediction: prediction)))
      return isBetter
    }
  }

  /// Evaluates the best sets that the tables know and nobody has evaluated.
  private func tryTops(
    of tables: LinearisedTables, at base: ProbedSoup, _ search: inout Progress,
    _ probe: inout SoupProbe, _ generator: inout SeededGenerator,
    tell: @Sendable (RecipeEvent) -> Void
  ) async throws {
    let subsets = SubsetSearch(tables: tables, beta: base.calibration.beta)
    let tops = try subsets.tops(from: [search.members], starts: starts, using: &generator)
    let fresh = tops.filter { !search.seen.contains($0.isMember) }.prefix(tries)
    for top in fresh where probe.canAfford(1) {
      search.seen.insert(top.isMember)
      let count = top.isMember.count { $0 }
      let label = "\(count) ingredient\(count == 1 ? "" : "s")"
      tell(.trying(candidate: label, step: probe.evaluations, of: probe.evaluations + tries))
      let soup = try await probe.probe(top.weights)
      let prediction = tables.prediction(of: top.weights)
      if search.take(soup, label: label, probe, prediction: prediction, tell: tell) {
        search.members = top.isMember
      }
    }
  }

  /// Evaluates the best weights near the base that the tables know.
  private func tryWeights(
    of tables: LinearisedTables, at base: ProbedSoup, _ search: inout Progress,
    _ probe: inout SoupProbe, tell: @Sendable (RecipeEvent) -> Void
  ) async throws {
    guard probe.canAfford(1) else { return }
    let mixture = try MixtureFit(tables: tables).best(within: 0.5, beta: base.calibration.beta)
    guard mixture.nll < base.calibration.nll - 1e-6 else { return }
    tell(
      .trying(candidate: "weights", step: probe.evaluations, of: probe.evaluations + 1))
    let soup = try await probe.probe(mixture.weights)
    let prediction = tables.prediction(of: mixture.weights)
    search.take(soup, label: "weights", probe, prediction: prediction, tell: tell)
  }
}
