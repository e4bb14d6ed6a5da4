package import Evaluation
package import Foundation

/// How numbers are written on the screen.
package enum Numbers {
  /// An accuracy in per cent with two decimals, `92.83`.
  package static func percent(_ accuracy: Double) -> String {
    accuracy.isFinite ? fixed(accuracy * 100, 2) : "–"
  }

  /// A difference of accuracies in percentage points with its sign, `+2.50`.
  package static func points(_ difference: Double) -> String {
    guard difference.isFinite else { return "–" }
    let text = fixed(abs(difference) * 100, 2)
    return (difference < 0 ? "−" : "+") + text
  }

  /// A hyperparameter: `16`, `0.128`, `3.7e-4`.
  package static func compact(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e7 { return String(Int(value)) }
    guard value.isFinite else { return "\(value)" }
    if abs(value) >= 0.001, abs(value) < 1e5 {
      var text = fixed(value, 4)
      while text.hasSuffix("0") { text.removeLast() }
      return text
    }
    var exponent = Int(log10(abs(value)).rounded(.down))
    var mantissa = fixed(value / pow(10, Double(exponent)), 1)
    if mantissa == "10.0" || mantissa == "-10.0" {
      exponent += 1
      mantissa = mantissa.hasPrefix("-") ? "-1.0" : "1.0"
    }
    if mantissa.hasSuffix(".0") { mantissa.removeLast(2) }
    return "\(mantissa)e\(exponent)"
  }

  /// A day and a minute where the person is: `2026-11-23 18:05`.
  package static func moment(_ date: Date, timeZone: TimeZone = .autoupdatingCurrent) -> String {
    date.formatted(
      Date.ISO8601FormatStyle(timeZone: timeZone).year().month().day().dateSeparator(.dash)
        .dateTimeSeparator(.space).time(includingFractionalSeconds: false).timeSeparator(.colon)
    ).dropLast(3).description
  }

  /// A stretch of time: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 05 min`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "–" }
    if seconds < 10 { return fixed(seconds, 1) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(padded(whole % 60)) s" }
    return "\(whole / 3600) h \(padded(whole % 3600 / 60)) min"
  }

  /// A weight with four decimals, `0.0833`.
  package static func weight(_ value: Double) -> String { fixed(value, 4) }

  /// The 95 % interval of an accuracy, `[90.50, 94.62]`.
  package static func interval(_ score: Score) -> String {
    score.wilson().map { "[\(percent($0.lower)), \(percent($0.upper))]" } ?? "–"
  }

  /// A probability: `0.043`, `<0.001`.
  package static func pValue(_ value: Double) -> String {
    value < 0.001 ? "<0.001" : fixed(value, 3)
  }

  /// A whole number with its thousands apart, `54,410`.
  package static func grouped(_ number: Int) -> String {
    var groups: [String] = []
    var rest = String(abs(number))
    while rest.count > 3 {
      groups.insert(String(rest.suffix(3)), at: 0)
      rest.removeLast(3)
    }
    return (number < 0 ? "−" : "") + ([rest] + groups).joined(separator: ",")
  }

  /// An amount of bytes: `512 B`, `1.20 MB`; three digits, in powers of a thousand.
  package static func bytes(_ count: Int) -> String {
    var value = Double(count)
    for unit in ["B", "kB", "MB", "GB", "TB"] {
      if value < 999.5 || unit == "TB" {
        let digits = unit == "B" || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
        return fixed(value, digits) + " " + unit
      }
      value /= 1000
    }
    return "\(count) B"
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func fixed(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }
}

extension String {
  /// Spaces before the text so that it ends at `columns`.
  package func leftPadded(to columns: Int) -> String {
    count >= columns ? self : String(repeating: " ", count: columns - count) + self
  }

  /// Spaces behind the text so that the next begins at `columns`.
  package func rightPadded(to columns: Int) -> String {
    count >= columns ? self : self + String(repeating: " ", count: columns - count)
  }
}
