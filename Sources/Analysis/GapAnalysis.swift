public import Averaging
public import Evaluation

/// Measures the gap between a soup and its ensemble, and the two terms that predict it.
public struct GapAnalysis: Sendable {
  private let source: any LogitSource
  private let split: String
  private let step: Double

  /// - Parameters:
  ///   - source: gives the logits of the soup, its ingredients and what lies near.
  ///   - split: the name of the split that `source` gives logits of.
  ///   - step: how far an ingredient's weight is moved for a curvature.
  public init(
    _ source: any LogitSource, split: String, step: Double = SecondDifference.standardStep
  ) {
    self.source = source
    self.split = split
    self.step = step
  }

  /// What a report of `blend` needs evaluated: the soup, its ingredients, and two blends a curvature.
  package static func blends(
    for blend: Blend, step: Double = SecondDifference.standardStep
  ) -> [Blend] {
    let names = blend.distinctIngredients
    let displaced = names.filter { blend.weight(of: $0) != 1 }.flatMap { name in
      [step, -step].map { blend.shifted(towards: name, by: $0) }
    }
    var seen: Set<Set<Blend.Term>> = []
    return ([blend] + names.map { Blend.uniform([$0]) } + displaced)
      .filter { seen.insert(Set($0.terms)).inserted }
  }

  /// Measures everything; the gap itself is told first, then each curvature as it comes.
  ///
  /// - Precondition: the weights of `blend` sum to one.
  /// - Parameters:
  ///   - blend: the soup.
  ///   - beta: an inverse temperature found elsewhere; nil finds the one that calibrates the soup.
  ///   - withCurvatures: without them the gap is measured but not predicted, which needs no blends
  ///     besides the soup.
  ///   - tell: hears of reports whose curvatures are not all there yet.
  /// - Throws: what the source throws.
  public func report(
    of blend: Blend, beta: Double? = nil, withCurvatures: Bool = true,
    tell: @Sendable (GapReport) -> Void = { _ in }
  ) async throws -> GapReport {
    let labels = source.labels
    let soup = try await source.logits(of: blend)
    let beta = beta ?? soup.calibratedBeta(labels)
    let names = blend.distinctIngredients
    let weights = names.map { blend.weight(of: $0) }
    var members: [Logits] = []
    for name in names { members.append(try await source.logits(of: .uniform([name]))) }
    let ensemble = Ensemble.logits(of: members, weights: weights)
    let soupStanding = Standing(soup, labels: labels, beta: beta)
    let ensembleStanding = Standing(ensemble, labels: labels, beta: beta)
    var shares = zip(names, zip(weights, members)).map { name, member in
      GapReport.Share(
        ingredient: name, weight: member.0, curvature: member.0 == 1 ? 0 : nil,
        variance: soup.disagreement(member.1, ensemble, beta: beta), beta: beta,
        standing: Standing(member.1, labels: labels, beta: beta))
    }
    func report() -> GapReport {
      GapReport(
        blend: blend, split: split, beta: beta, step: step, soup: soupStanding,
        ensemble: ensembleStanding, shares: shares)
    }
    guard withCurvatures else { return report() }
    tell(report())
    for place in shares.indices where shares[place].curvature == nil {
      let share = shares[place]
      let curvature = try await curvature(
        of: blend, towards: share.ingredient, middle: soupStanding.nllAtBeta, beta: beta)
      shares[place] = GapReport.Share(
        ingredient: share.ingredient, weight: share.weight, curvature: curvature,
        variance: share.variance, beta: beta, standing: share.standing)
      tell(report())
    }
    return report()
  }

  /// `D²_{d} L` at β for `d = θ_ingredient − θ_blend`.
  private func curvature(
    of blend: Blend, towards ingredient: String, middle: Double, beta: Double
  ) async throws -> Double {
    let labels = source.labels
    let above = try await source.logits(of: blend.shifted(towards: ingredient, by: step))
    let below = try await source.logits(of: blend.shifted(towards: ingredient, by: -step))
    return SecondDifference.value(
      below: below.nll(labels, beta: beta), middle: middle, above: above.nll(labels, beta: beta),
      step: step / (1 - blend.weight(of: ingredient)))
  }
}
