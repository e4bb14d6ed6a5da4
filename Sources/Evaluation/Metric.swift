/// A number that says how good predictions are.
public enum Metric: String, Hashable, Sendable, CaseIterable, Codable {
  /// Top-1.
  case accuracy
  case top5
  /// Mean negative log-likelihood of the raw logits, in nats.
  case nll
  /// Macro-averaged F1.
  case f1
  /// Matthews correlation coefficient of all classes.
  case matthews
  /// Expected calibration error, 15 bins of equal width.
  case ece

  /// Whether larger values are better.
  public var isHigherBetter: Bool {
    switch self {
    case .accuracy, .top5, .f1, .matthews: true
    case .nll, .ece: false
    }
  }

  /// The metric's value.
  ///
  /// - Precondition: a label for every row, each below `logits.classes`.
  public func value(_ logits: Logits, _ labels: [Int32]) -> Double {
    switch self {
    case .accuracy: Double(logits.correct(labels)) / Double(labels.count)
    case .top5: Double(logits.correctInTopFive(labels)) / Double(labels.count)
    case .nll: logits.nll(labels)
    case .f1: logits.confusion(labels).macroF1
    case .matthews: logits.confusion(labels).matthews
    // Rows with NaN are in no bin: a model that has diverged would seem the best calibrated of all.
    case .ece: logits.predictions().contains(nil) ? .nan : logits.calibrationError(labels)
    }
  }
}
