extension Metric {
  /// Whether it is a share of examples, and so compared as a whole number of them.
  package var countsExamples: Bool { self == .accuracy || self == .top5 }

  /// What selection compares, higher is better: the number of right examples for metrics that are a
  /// share of them, otherwise the value, negated where lower is better; −∞ for NaN, so that whatever
  /// sorts or compares merits has the diverged last.
  ///
  /// - Precondition: as `value`.
  public func merit(_ logits: Logits, _ labels: [Int32]) -> Double {
    switch self {
    case .accuracy: Double(logits.correct(labels))
    case .top5: Double(logits.correctInTopFive(labels))
    case .nll, .f1, .matthews, .ece: merit(ofValue: value(logits, labels), examples: labels.count)
    }
  }

  /// The merit that a value over `examples` stands for.
  package func merit(ofValue value: Double, examples: Int) -> Double {
    if value.isNaN { return -.infinity }
    if countsExamples, examples > 0 { return (value * Double(examples)).rounded() }
    return isHigherBetter ? value : -value
  }

  /// The value that a merit over `examples` stands for.
  package func value(ofMerit merit: Double, examples: Int) -> Double {
    if countsExamples, examples > 0 { return merit / Double(examples) }
    return isHigherBetter ? merit : -merit
  }

  /// As a person reads a value: per cent for shares, four decimals for the rest; what has no decimals
  /// worth reading with an exponent.
  package func text(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    guard abs(value) < 1e9 else { return (value < 0 ? "−" : "") + "\(abs(value))" }
    let isShare = countsExamples
    let scale = isShare ? 100.0 : 10_000
    let whole = (abs(value) * scale * (isShare ? 100 : 1)).rounded()
    let unit = isShare ? 100 : 10_000
    let digits = String(unit + Int(whole) % unit).dropFirst()
    return (value < 0 ? "−" : "") + "\(Int(whole) / unit).\(digits)" + (isShare ? " %" : "")
  }
}
