package import Averaging

/// Why a soup is as good as its ensemble, or is not: the measured difference and its two causes.
///
/// Wortsman et al. 2022, sec. 4, for two models:
/// `L_soup − L_ens ≈ α(1−α)/2 · (−d²/dα² L_soup + β² E_x Var_{Y~softmax(β f(x;θ_α))}[f_Y(x;θ1) − f_Y(x;θ0)])`.
/// For any number of models, with `d_i = θ_i − θ_w`:
/// `½ Σ w_i (−D²_{d_i} L_soup + β² E_x Var_{Y~p}[(f(x;θ_i) − f_ens(x))_Y])`, which for two models is the
/// same. Losses are in nats. Positive: the ensemble is better.
package struct GapReport: Hashable, Sendable {
  /// One ingredient's share of the prediction.
  package struct Share: Hashable, Sendable {
    package let ingredient: String
    package let weight: Double
    /// `D²_{d_i} L`, second derivative of the soup's loss towards this ingredient at fixed β; nil while
    /// it is not measured.
    package let curvature: Double?
    /// `E_x Var_{Y~p}[(f_i − f_ens)_Y]`, before β².
    package let variance: Double
    /// `−½ w_i D²`, what the landscape does for the soup.
    ///
    /// Negative favours the soup.
    package let flatness: Double?
    /// `½ w_i β² Var`, what the ensemble gains where the soup is unsure.
    ///
    /// Never negative.
    package let confidence: Double
    /// Of the ingredient alone.
    package let standing: Standing

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
  package let blend: Blend
  package let split: String
  /// Inverse temperature that calibrates the soup, held fixed everywhere else.
  package let beta: Double
  /// How far weights were moved for the curvatures (`SecondDifference`).
  package let step: Double
  package let soup: Standing
  package let ensemble: Standing
  package let shares: [Share]

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

  package var ingredients: [String] { shares.map(\.ingredient) }

  /// `L_soup − L_ens` at β, in nats.
  package var gap: Double { soup.nllAtBeta - ensemble.nllAtBeta }
  /// `L_soup − L_ens` of the raw logits, in nats.
  package var rawGap: Double { soup.nll - ensemble.nll }
  /// Accuracy of the ensemble minus that of the soup.
  package var accuracyGap: Double {
    Double(ensemble.correct - soup.correct) / Double(soup.n)
  }

  /// The sum of the curvature terms; nil while one is missing.
  package var flatness: Double? {
    shares.reduce(0.0) { sum, share in
      guard let sum, let flatness = share.flatness else { return nil }
      return sum + flatness
    }
  }

  /// The sum of the variance terms.
  package var confidence: Double { shares.reduce(0) { $0 + $1.confidence } }

  /// What the two causes together say the gap should be; nil while a curvature is missing.
  package var predicted: Double? { flatness.map { $0 + confidence } }

  /// Whether every curvature is measured.
  package var isComplete: Bool { flatness != nil }

  /// The two terms as the paper writes them; nil unless there are exactly two ingredients.
  package var twoModels: TwoModelTerms? {
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
package struct TwoModelTerms: Hashable, Sendable {
  /// Weight of the second model.
  package let alpha: Double
  package let beta: Double
  /// `d²/dα² L_soup` at fixed β.
  package let curvature: Double
  /// `E_x Var_{Y~softmax(β f(x;θ_α))}[f_Y(x;θ1) − f_Y(x;θ0)]`.
  package let variance: Double

  package init(alpha: Double, beta: Double, curvature: Double, variance: Double) {
    self.alpha = alpha
    self.beta = beta
    self.curvature = curvature
    self.variance = variance
  }

  package var flatness: Double { -0.5 * alpha * (1 - alpha) * curvature }
  package var confidence: Double { 0.5 * alpha * (1 - alpha) * beta * beta * variance }
  package var predicted: Double { flatness + confidence }
}
