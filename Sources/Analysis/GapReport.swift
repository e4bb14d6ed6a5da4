public import Averaging

/// Why a soup is as good as its ensemble, or is not: the measured difference and its two causes.
///
/// Wortsman et al. 2022, sec. 4, for two models:
/// `L_soup − L_ens ≈ α(1−α)/2 · (−d²/dα² L_soup + β² E_x Var_{Y~softmax(β f(x;θ_α))}[f_Y(x;θ1) − f_Y(x;θ0)])`.
/// For any number of models, with `d_i = θ_i − θ_w`:
/// `½ Σ w_i (−D²_{d_i} L_soup + β² E_x Var_{Y~p}[(f(x;θ_i) − f_ens(x))_Y])`, which for two models is the
/// same. Losses are in nats. Positive: the ensemble is better.
public struct GapReport: Hashable, Sendable {
  /// One ingredient's share of the prediction.
  public struct Share: Hashable, Sendable {
    /// Its name.
    public let ingredient: String
    /// Its weight in the blend.
    public let weight: Double
    /// `D²_{d_i} L`, second derivative of the soup's loss towards this ingredient at fixed β; nil while
    /// it is not measured.
    public let curvature: Double?
    /// `E_x Var_{Y~p}[(f_i − f_ens)_Y]`, before β².
    public let variance: Double
    /// `−½ w_i D²`, what the landscape does for the soup.
    ///
    /// Negative favours the soup.
    public let flatness: Double?
    /// `½ w_i β² Var`, what the ensemble gains where the soup is unsure.
    ///
    /// Never negative.
    public let confidence: Double
    /// Of the ingredient alone.
    public let standing: Standing

    package init(
      ingredient: String, weight: Double, curvature: Double?, variance: Double, beta: Double,
      standing: Standing
    ) {
      self.ingredient = ingredient
      self.weight = weight
      self.curvature = curvature
      self.variance = variance
      self.standing = standing
      flatness = curvature.map { -0.5 * weight * $0 }
      confidence = 0.5 * weight * beta * beta * variance
    }
  }

  /// The soup that was looked at.
  public let blend: Blend
  /// Where everything was measured.
  public let split: String
  /// Inverse temperature that calibrates the soup, held fixed everywhere else.
  public let beta: Double
  /// How far weights were moved for the curvatures (`SecondDifference`).
  public let step: Double
  /// The averaged weights.
  public let soup: Standing
  /// The averaged logits.
  public let ensemble: Standing
  /// One an ingredient, in the order of the blend.
  public let shares: [Share]

  package init(
    blend: Blend, split: String, beta: Double, step: Double, soup: Standing, ensemble: Standing,
    shares: [Share]
  ) {
    self.blend = blend
    self.split = split
    self.beta = beta
    self.step = step
    self.soup = soup
    self.ensemble = ensemble
    self.shares = shares
  }

  /// The names, in the order of the blend.
  public var ingredients: [String] { shares.map(\.ingredient) }

  /// `L_soup − L_ens` at β, in nats.
  public var gap: Double { soup.nllAtBeta - ensemble.nllAtBeta }
  /// `L_soup − L_ens` of the raw logits, in nats.
  public var rawGap: Double { soup.nll - ensemble.nll }
  /// Accuracy of the ensemble minus that of the soup.
  public var accuracyGap: Double {
    Double(ensemble.correct - soup.correct) / Double(soup.n)
  }

  /// The sum of the curvature terms; nil while one is missing.
  public var flatness: Double? {
    shares.reduce(0.0) { sum, share in
      guard let sum, let flatness = share.flatness else { return nil }
      return sum + flatness
    }
  }

  /// The sum of the variance terms.
  public var confidence: Double { shares.reduce(0) { $0 + $1.confidence } }

  /// What the two causes together say the gap should be; nil while a curvature is missing.
  public var predicted: Double? { flatness.map { $0 + confidence } }

  /// Whether every curvature is measured.
  public var isComplete: Bool { flatness != nil }

  /// The two terms as the paper writes them; nil unless there are exactly two ingredients.
  public var twoModels: TwoModelTerms? {
    guard shares.count == 2, let toSecond = shares[1].curvature else { return nil }
    // Along d_2 = (1 − α)(θ2 − θ1), and f_2 − f_ens = (1 − α)(f_2 − f_1).
    let share = 1 - shares[1].weight
    guard share != 0 else { return nil }
    return TwoModelTerms(
      alpha: shares[1].weight, beta: beta, curvature: toSecond / (share * share),
      variance: shares[1].variance / (share * share))
  }
}

/// The right-hand side of the paper's approximation for two models.
public struct TwoModelTerms: Hashable, Sendable {
  /// Weight of the second model.
  public let alpha: Double
  /// The inverse temperature that calibrates the soup.
  public let beta: Double
  /// `d²/dα² L_soup` at fixed β.
  public let curvature: Double
  /// `E_x Var_{Y~softmax(β f(x;θ_α))}[f_Y(x;θ1) − f_Y(x;θ0)]`.
  public let variance: Double

  package init(alpha: Double, beta: Double, curvature: Double, variance: Double) {
    self.alpha = alpha
    self.beta = beta
    self.curvature = curvature
    self.variance = variance
  }

  /// `−α(1−α)/2 · d²L/dα²`: what the soup loses by the bend of its path, in nats.
  public var flatness: Double { -0.5 * alpha * (1 - alpha) * curvature }
  /// `α(1−α)/2 · β² · E Var`: what the ensemble gains by disagreement, in nats.
  public var confidence: Double { 0.5 * alpha * (1 - alpha) * beta * beta * variance }
  /// The predicted difference of the losses, soup minus ensemble, in nats.
  public var predicted: Double { flatness + confidence }
}
