import Averaging
import Evaluation

/// A learned soup without gradients of the model: successive linearisation in the mixing weights.
///
/// Minimises the NLL of `β F(Σ α_i θ_i)` on val over α = softmax and β (Wortsman et al. 2022, appendix
/// I). Around the soup so far the logits are linearised, the convex problem on the tables is solved
/// within a radius of it, and the answer is evaluated for real: the radius doubles while that helps and
/// halves until it does. One round costs `k` evaluations and a few trials.
package struct LinearisedLearning: Recipe {
  /// Evaluations of val that may be made; nil: until nothing improves.
  package let budget: Int?
  /// Chooses the examples of the tables when val is too large for them.
  package let seed: UInt64
  /// `|α − w|₁` of the first trial.
  package let radius: Double

  package init(budget: Int? = nil, seed: UInt64 = 0, radius: Double = 0.5) {
    self.budget = budget
    self.seed = seed
    self.radius = radius
  }

  package var name: String { "learned" }

  /// A round that lowers the NLL by less than this share of it is the last.
  private static let leastGain = 5e-3
  /// A radius below which no other soup is looked for.
  private static let leastRadius = 0.02

  package func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    let names = candidates.map(\.name)
    guard !names.isEmpty else { throw RecipeError.noCandidates }
    tell(.began(candidates: names))
    tell(
      .planned(
        RecipeCost(
          evaluations: budget ?? names.count + 5,
          detail: budget == nil ? "for the first round; more while it improves" : nil)))
    var probe = SoupProbe(
      ingredients: names, source: try scorer.logitSource(), budget: budget)
    tell(.trying(candidate: "uniform", step: 0, of: names.count + 5))
    var soup = try await probe.probe(names.map { _ in 1 / Double(names.count) })
    tell(decision("uniform", soup, isAccepted: true, after: nil, probe))
    var radius = radius
    var round = 1
    while names.count > 1, probe.canAfford(names.count + 1) {
      let tables = try await probe.linearise(around: soup, seed: seed, tell: tell)
      let trials = try await search(
        tables, from: soup, radius: radius, round: round, &probe, tell: tell)
      guard let found = trials.best else { break }
      let gain = soup.calibration.nll - found.calibration.nll
      soup = found
      radius = trials.radius
      round += 1
      if gain < Self.leastGain * soup.calibration.nll { break }
    }
    return try await probe.outcome(soup, scorer: scorer)
  }

  /// Tries radii on one set of tables; the best soup found, nil when none is better than `soup`.
  private func search(
    _ tables: LinearisedTables, from soup: ProbedSoup, radius: Double, round: Int,
    _ probe: inout SoupProbe, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> (best: ProbedSoup?, radius: Double) {
    let fit = MixtureFit(tables: tables)
    var radius = radius
    var best: ProbedSoup?
    while radius >= Self.leastRadius, probe.canAfford(1) {
      let mixture = try fit.best(within: radius, beta: soup.calibration.beta)
      let bar = best ?? soup
      // Rounding in the tables is not a gain.
      guard mixture.nll < soup.calibration.nll - 1e-6 else { break }
      let label = "round \(round), radius \(Self.text(radius))"
      tell(.trying(candidate: label, step: probe.evaluations, of: probe.evaluations + 1))
      let found = try await probe.probe(mixture.weights)
      let isBetter = found.calibration.nll < bar.calibration.nll
      let prediction = tables.prediction(of: mixture.weights, beta: mixture.beta)
      tell(
        decision(label, found, isAccepted: isBetter, after: bar, probe, prediction: prediction))
      if isBetter {
        best = found
        let moved = zip(mixture.weights, soup.weights).reduce(0) { $0 + abs($1.0 - $1.1) }
        // The answer lies inside: a larger radius would give it again.
        if moved < 0.8 * radius { break }
        radius *= 2
      } else {
        radius /= 2
        if best != nil { break }
      }
    }
    return (best, radius)
  }

  private func decision(
    _ label: String, _ soup: ProbedSoup, isAccepted: Bool, after bar: ProbedSoup?,
    _ probe: SoupProbe, prediction: Prediction? = nil
  ) -> RecipeEvent {
    .decided(
      Decision(
        candidate: label, tried: Blend(probe.ingredients, soup.weights),
        judgement: probe.judgement(soup), isAccepted: isAccepted,
        margin: bar.map { Double(soup.correct - $0.correct) },
        ingredients: Blend(probe.ingredients, (isAccepted ? soup : bar ?? soup).weights)
          .ingredients,
        prediction: prediction))
  }

  /// Two decimals.
  private static func text(_ radius: Double) -> String {
    let hundredths = Int((radius * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
