import Foundation

extension GapReport {
  /// What the numbers say, in a sentence or two.
  public var meaning: String {
    guard shares.count > 1 else { return "A soup of one is its own ensemble." }
    return "\(lead) \(cause)"
  }

  /// Who gets more right.
  private var lead: String {
    let points = Self.fixed(abs(accuracyGap) * 100, 2)
    let examples = abs(ensemble.correct - soup.correct)
    if examples == 0 { return "Soup and ensemble get equally many right." }
    let winner = accuracyGap > 0 ? "The ensemble" : "The soup"
    return "\(winner) wins by \(points) points (\(examples) of \(soup.n))."
  }

  /// Why the losses differ.
  private var cause: String {
    let gapText = Self.signed(gap)
    guard gap.isFinite else { return "Their losses cannot be compared: one of them has diverged." }
    guard let flatness, let predicted, flatness.isFinite, predicted.isFinite else {
      return "Their losses differ by \(gapText) at β; the causes are not measured."
    }
    if abs(gap) < 5e-4 {
      return "Their losses at β are nearly the same (\(gapText), predicted "
        + "\(Self.signed(predicted)))."
    }
    guard predicted.sign == gap.sign else {
      return "The approximation does not hold here: it predicts \(Self.signed(predicted)) for a "
        + "difference of \(gapText) in loss."
    }
    let side = gap > 0 ? "ensemble's" : "soup's"
    let head =
      "The \(side) loss is lower by \(Self.fixed(abs(gap), 4)) (predicted "
      + "\(Self.fixed(abs(predicted), 4))): "
    if flatness > 0, confidence > 0 {
      let share = Int((flatness / predicted * 100).rounded())
      return head + "curvature explains \(share) % of it (the loss bulges between the "
        + "ingredients), their disagreement \(100 - share) %."
    }
    let (curved, unsure) = (Self.signed(flatness), Self.signed(confidence))
    return head
      + (gap > 0
        ? "the ingredients' disagreement (\(unsure)) outweighs the curvature (\(curved))."
        : "the curvature (\(curved)) outweighs the ingredients' disagreement (\(unsure)).")
  }

  static func fixed(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }

  /// With its sign, a true minus.
  static func signed(_ value: Double) -> String {
    (value < 0 ? "−" : "+") + fixed(abs(value), 4)
  }
}

extension PairReport {
  /// What the numbers say, in a sentence or two.
  public var meaning: String {
    guard let correlation = agreement.correlation, let sign = agreement.signAgreement else {
      return "Two pairs at least are needed to compare predictions with measurements."
    }
    let better = points.count { $0.gap.accuracyGap > 0 }
    let count = points.count
    let part = count < possible ? "\(count) of \(possible) pairs" : "\(count) pairs"
    return "Over \(part) predicted and measured gaps correlate with "
      + "\(GapReport.fixed(correlation, 2)) and agree in sign in "
      + "\(Int((sign * 100).rounded())) %; the ensemble gets more right in \(better)."
  }
}
