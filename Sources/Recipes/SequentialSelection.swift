import Averaging

/// When a candidate that changes the merit by some amount is good enough.
package struct AcceptanceRule: Hashable, Sendable {
  /// Whether a candidate that changes nothing is taken: the paper says yes (≥), its code no (>).
  package let acceptsTies: Bool
  /// How much the merit has to rise at least, in units of merit (examples, for accuracy).
  package let minimumGain: Double

  package init(acceptsTies: Bool = true, minimumGain: Double = 0) {
    self.acceptsTies = acceptsTies
    self.minimumGain = minimumGain
  }

  /// Whether `merit` is good enough after `best`.
  package func accepts(_ merit: Double, after best: Double) -> Bool {
    merit >= bar(after: best)
  }

  /// What a merit is measured against: the best one and the least gain.
  package func required(after best: Double) -> Double { best + minimumGain }

  /// The least merit that is accepted, exactly: what early abandonment goes by.
  package func bar(after best: Double) -> Double {
    acceptsTies ? required(after: best) : required(after: best).nextUp
  }
}

/// The greedy rule over soups: take the candidates in order, keep each that does not hurt.
///
/// Wortsman et al. 2022, Recipe 1, with the variants of the published code and of Caruana et al. 2004.
package struct GreedySoup: Recipe {
  package let order: CandidateOrder
  /// Whether linearised tables rank the candidates in place of `order`, for k + 1 evaluations.
  package let isRankedByTables: Bool
  package let rule: AcceptanceRule
  /// Whether an accepted candidate stays available for more weight.
  package let withReplacement: Bool
  package let maximumIngredients: Int?
  /// Hand-picked ingredients that the soup starts from.
  package let start: [String]

  package init(
    order: CandidateOrder = .val, isRankedByTables: Bool = false,
    rule: AcceptanceRule = AcceptanceRule(),
    withReplacement: Bool = false, maximumIngredients: Int? = nil, start: [String] = []
  ) {
    self.order = order
    self.isRankedByTables = isRankedByTables
    self.rule = rule
    self.withReplacement = withReplacement
    self.maximumIngredients = maximumIngredients
    self.start = start
  }

  package var name: String { "greedy" }

  package func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    let ordered =
      isRankedByTables
      ? try await rankedByTables(candidates, scorer: scorer, tell: tell)
      : order.sorted(candidates)
    return try await GreedySelection(recipe: self, kind: .soup)
      .run(ordered, tell: tell) { try await scorer.score(.uniform($0), bar: $1) }
  }

  /// In the order in which tables around the uniform soup would take them.
  private func rankedByTables(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> [Candidate] {
    let names = candidates.map(\.name)
    guard names.count > 1 else { return candidates }
    var probe = SoupProbe(ingredients: names, source: try scorer.logitSource(), budget: nil)
    let uniform = try await probe.probe(names.map { _ in 1 / Double(names.count) })
    let tables = try await probe.linearise(around: uniform, seed: 0, tell: tell)
    let ranks = Dictionary(
      uniqueKeysWithValues: try tables.ranking(beta: uniform.calibration.beta).enumerated()
        .map { ($1, $0) })
    return candidates.sorted { ranks[$0.name, default: 0] < ranks[$1.name, default: 0] }
  }
}

/// The greedy rule over averaged logits instead of averaged weights.
///
/// Wortsman et al. 2022, table 3.
package struct GreedyEnsemble: Recipe {
  package let order: CandidateOrder
  package let rule: AcceptanceRule

  package init(order: CandidateOrder = .val, rule: AcceptanceRule = AcceptanceRule()) {
    self.order = order
    self.rule = rule
  }

  package var name: String { "greedy-ensemble" }

  package func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    try await GreedySelection(recipe: GreedySoup(order: order, rule: rule), kind: .ensemble)
      .run(order.sorted(candidates), tell: tell) { names, _ in try await scorer.scoreEnsemble(names)
      }
  }
}

/// One greedy selection: the same loop whatever is averaged.
private struct GreedySelection {
  typealias Judge = ([String], Double?) async throws -> Judgement

  let recipe: GreedySoup
  let kind: Outcome.Kind

  private struct Progress {
    var chosen: [String]
    var best: Judgement?
    var step = 0
    var steps: Int
  }

  func run(
    _ ordered: [Candidate], tell: @Sendable (RecipeEvent) -> Void, judge: Judge
  ) async throws -> Outcome {
    let queue = try queue(of: ordered)
    tell(.began(candidates: recipe.start + queue))
    var progress = Progress(
      chosen: recipe.start, steps: queue.count + (recipe.start.isEmpty ? 0 : 1))
    if !recipe.start.isEmpty {
      try await judgeStart(&progress, tell: tell, judge: judge)
    }
    var hasRisen: Bool
    repeat {
      hasRisen = try await pass(over: queue, &progress, tell: tell, judge: judge)
    } while recipe.withReplacement && hasRisen && !isFull(progress)
    guard let best = progress.best else { throw RecipeError.noCandidates }
    return Outcome(kind: kind, blend: .uniform(progress.chosen), judgement: best)
  }

  private func queue(of ordered: [Candidate]) throws -> [String] {
    let known = Set(ordered.map(\.name))
    for name in recipe.start where !known.contains(name) {
      throw RecipeError.unknownIngredient(name)
    }
    let taken = recipe.withReplacement ? [] : Set(recipe.start)
    let queue = ordered.map(\.name).filter { !taken.contains($0) }
    guard !queue.isEmpty || !recipe.start.isEmpty else { throw RecipeError.noCandidates }
    return queue
  }

  private func judgeStart(
    _ progress: inout Progress, tell: @Sendable (RecipeEvent) -> Void, judge: Judge
  ) async throws {
    let label = progress.chosen.joined(separator: "+")
    tell(.trying(candidate: label, step: 0, of: progress.steps))
    let judgement = try await judge(progress.chosen, nil)
    progress.best = judgement
    progress.step = 1
    tell(
      .decided(
        Decision(
          candidate: label, tried: .uniform(progress.chosen), judgement: judgement,
          isAccepted: true, margin: nil, ingredients: progress.chosen)))
  }

  /// Tries every candidate of `queue` once; says whether the merit has risen, since passes that only
  /// collect ties would never end.
  private func pass(
    over queue: [String], _ progress: inout Progress,
    tell: @Sendable (RecipeEvent) -> Void, judge: Judge
  ) async throws -> Bool {
    let before = progress.best?.merit ?? -.infinity
    progress.steps = progress.step + queue.count
    for name in queue {
      if isFull(progress) { break }
      try Task.checkCancellation()
      tell(.trying(candidate: name, step: progress.step, of: progress.steps))
      let bar = progress.best.map { recipe.rule.bar(after: $0.merit) }
      let tried = progress.chosen + [name]
      let judgement = try await judge(tried, bar)
      let isAccepted =
        if let best = progress.best {
          !judgement.isAbandoned && recipe.rule.accepts(judgement.merit, after: best.merit)
        } else {
          true
        }
      let margin = progress.best.map { judgement.merit - recipe.rule.required(after: $0.merit) }
      if isAccepted {
        progress.chosen = tried
        progress.best = judgement
      }
      progress.step += 1
      tell(
        .decided(
          Decision(
            candidate: name, tried: .uniform(tried), judgement: judgement, isAccepted: isAccepted,
            margin: margin, ingredients: progress.chosen)))
    }
    return (progress.best?.merit ?? -.infinity) > before
  }

  private func isFull(_ progress: Progress) -> Bool {
    recipe.maximumIngredients.map { progress.chosen.count >= $0 } ?? false
  }
}
