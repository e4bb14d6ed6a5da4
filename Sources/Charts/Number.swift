import Foundation

/// How an axis writes its values.
package enum NumberFormat: Hashable, Sendable {
  /// As many decimals as the ticks need; very large and very small values as powers of ten.
  case number
  /// A share, written in hundredths: 0.975 is `97.5%`.
  case percent
  /// Whole numbers; ticks stand on them only.
  case integer
  /// Always with a power of ten: `2e-5`.
  case scientific
}

extension NumberFormat {
  /// A value, with the digits that tell apart values `step` from each other.
  package func text(_ value: Double, step: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    switch self {
    case .percent:
      return Self.fixed(value * 100, decimals: Self.decimals(for: step * 100)) + "%"
    case .integer: return Self.fixed(value, decimals: Self.decimals(for: max(step, 1)))
    case .scientific: return Self.scientific(value, step: step)
    case .number:
      let isPlain = step >= 0.9e-4 && abs(value) < 1e6
      return isPlain || value == 0
        ? Self.fixed(value, decimals: Self.decimals(for: step))
        : Self.scientific(value, step: step)
    }
  }

  /// How many decimals show a step: 0.05 needs two.
  static func decimals(for step: Double) -> Int {
    guard step > 0, step.isFinite else { return 0 }
    return min(15, max(0, -Int((log10(step) + 1e-9).rounded(.down))))
  }

  /// A number with exactly so many decimals, never `-0`.
  static func fixed(_ value: Double, decimals: Int) -> String {
    let power = pow(10, Double(decimals))
    let scaled = (value * power).rounded()
    guard abs(scaled) < 9e15 else { return "\(value)" }
    var digits = String(Int64(scaled.magnitude))
    if decimals > 0 {
      digits = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
      digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -decimals))
    }
    return scaled < 0 ? "-" + digits : digits
  }

  private static func scientific(_ value: Double, step: Double) -> String {
    guard value != 0 else { return "0" }
    var exponent = Int((log10(abs(value)) + 1e-12).rounded(.down))
    let stepExponent =
      step > 0 && step.isFinite ? Int((log10(step) + 1e-9).rounded(.down)) : exponent
    let decimals = min(15, max(0, exponent - stepExponent))
    var mantissa = fixed(value / pow(10, Double(exponent)), decimals: decimals)
    if mantissa.hasPrefix("10") || mantissa.hasPrefix("-10") {
      exponent += 1
      mantissa = fixed(value / pow(10, Double(exponent)), decimals: decimals)
    }
    return "\(mantissa)e\(exponent)"
  }
}
