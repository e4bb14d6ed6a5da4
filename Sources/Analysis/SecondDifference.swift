/// Second derivatives from three values: `(L(−h) − 2 L(0) + L(h)) / h²`.
///
/// The loss must be one function of the weights: β is found once at the middle and held fixed. The
/// error has two parts: the fourth derivative times h²/12, and the noise of the loss times 4/h².
public enum SecondDifference {
  /// How far the weight of an ingredient is moved, up and down.
  ///
  /// On digits-vit with single precision the first part of the error is below 2 % of the curvature at
  /// this step (away from where the curvature itself passes zero and from the planted outliers), the
  /// second below 0.1 %; at 0.1 the first part is 3 to 15 %.
  public static let standardStep = 0.025

  /// The derivative with respect to a coordinate of which `step` was taken to either side.
  package static func value(
    below: Double, middle: Double, above: Double, step: Double
  ) -> Double {
    (below - 2 * middle + above) / (step * step)
  }

  /// The interior values of a series at equal distances; the ends have none.
  package static func series(_ values: [Double], step: Double) -> [Double?] {
    values.indices.map { index in
      guard index > 0, index < values.count - 1 else { return nil }
      return value(
        below: values[index - 1], middle: values[index], above: values[index + 1], step: step)
    }
  }
}
