public import Averaging
public import Evaluation

/// How well confidence tells how often predictions are right, before and after one temperature.
public struct CalibrationReport: Hashable, Sendable {
  /// Of one set of predictions.
  public struct Curve: Hashable, Sendable {
    /// One range of confidence each, from the least sure.
    public let bars: [Reliability]
    /// Expected calibration error over the same ranges.
    public let error: Double
    /// Mean negative log-likelihood, in nats.
    public let nll: Double

    package init(bars: [Reliability], error: Double, nll: Double) {
      self.bars = bars
      self.error = error
      self.nll = nll
    }

    init(_ logits: Logits, _ labels: [Int32], beta: Double, bins: Int) {
      self.init(
        bars: logits.reliability(labels, bins: bins, beta: beta),
        error: logits.calibrationError(labels, bins: bins, beta: beta),
        nll: logits.nll(labels, beta: beta))
    }
  }

  /// Soup or ensemble, as it is and with its own β.
  public struct Subject: Hashable, Sendable {
    /// Inverse temperature found on the selection split.
    public let beta: Double
    /// Of the logits as they are.
    public let before: Curve
    /// Of the logits times `beta`.
    public let after: Curve

    package init(beta: Double, before: Curve, after: Curve) {
      self.beta = beta
      self.before = before
      self.after = after
    }

    /// - Parameter beta: found on the selection split, used on this one.
    package init(_ logits: Logits, labels: [Int32], beta: Double, bins: Int = 15) {
      self.init(
        beta: beta, before: Curve(logits, labels, beta: 1, bins: bins),
        after: Curve(logits, labels, beta: beta, bins: bins))
    }
  }

  /// The soup and its ensemble's weights.
  public let blend: Blend
  /// The split that is reported.
  public let split: String
  /// The averaged weights' predictions.
  public let soup: Subject
  /// The averaged logits' predictions.
  public let ensemble: Subject

  package init(blend: Blend, split: String, soup: Subject, ensemble: Subject) {
    self.blend = blend
    self.split = split
    self.soup = soup
    self.ensemble = ensemble
  }

  /// Calibrates on `selection` and reports on `report`.
  /// - Throws: what the sources throw.
  public static func measure(
    _ blend: Blend, selection: any LogitSource, report: any LogitSource, split: String,
    bins: Int = 15
  ) async throws -> CalibrationReport {
    func ensemble(_ source: any LogitSource) async throws -> Logits {
      let names = blend.distinctIngredients
      var members: [Logits] = []
      for name in names { members.append(try await source.logits(of: .uniform([name]))) }
      return Ensemble.logits(of: members, weights: names.map { blend.weight(of: $0) })
    }
    let soupBeta = try await selection.logits(of: blend).calibratedBeta(selection.labels)
    let ensembleBeta = try await ensemble(selection).calibratedBeta(selection.labels)
    return CalibrationReport(
      blend: blend, split: split,
      soup: Subject(
        try await report.logits(of: blend), labels: report.labels, beta: soupBeta, bins: bins),
      ensemble: Subject(
        try await ensemble(report), labels: report.labels, beta: ensembleBeta, bins: bins))
  }
}
