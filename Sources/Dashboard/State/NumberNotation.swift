import Foundation

/// How the numbers of one column are written, so that their decimal points stand below each other.
package enum NumberNotation: Hashable, Sendable {
  /// Whole ones, or with so many decimals.
  case fixed(decimals: Int)
  /// `3.7e-4`: values over many powers of ten. `exponent` is the columns that the widest takes.
  case scientific(decimals: Int, exponent: Int)

  /// What suits all of `values`; infinite ones and NaN do not count.
  package init(for values: some Sequence<Double>) {
    let values = values.filter(\.isFinite)
    let sizes = values.map(abs).filter { $0 > 0 }
    let isWhole = values.allSatisfy { $0 == $0.rounded() && abs($0) < 1e7 }
    if !isWhole, Self.needsPowers(sizes) {
      let parts = sizes.map { Self.scientific($0, decimals: 1) }
      self = .scientific(
        decimals: parts.allSatisfy { $0.mantissa.hasSuffix(".0") } ? 0 : 1,
        exponent: parts.map(\.exponent.count).max() ?? 0)
    } else {
      self = .fixed(decimals: isWhole ? 0 : values.map(Self.decimals).max() ?? 0)
    }
  }

  /// Whether a part of the values, not one alone, is too small to be read as decimals, or any so
  /// small or large that decimals do not hold it.
  private static func needsPowers(_ sizes: [Double]) -> Bool {
    let sorted = sizes.sorted()
    guard let least = sorted.first, let most = sorted.last else { return false }
    return least < 1e-4 || most >= 1e5 || sorted[sorted.count / 4] < 0.001
  }

  /// A value, with spaces behind it where others of the column have digits.
  package func text(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    switch self {
    case .fixed(let decimals):
      // What the column's sample did not show keeps the digits that tell it from zero.
      if abs(value) >= 1e15 || (value != 0 && abs(value) < 0.5 * pow(10, -Double(decimals))) {
        return Numbers.compact(value)
      }
      return String(format: "%.\(decimals)f", value)
    case .scientific(let decimals, let columns):
      let (mantissa, exponent) = Self.scientific(value, decimals: decimals)
      if value == 0 { return "0".rightPadded(to: mantissa.count + 1 + columns) }
      return "\(mantissa)e\(exponent)".rightPadded(to: mantissa.count + 1 + columns)
    }
  }

  private static func scientific(
    _ value: Double, decimals: Int
  ) -> (mantissa: String, exponent: String) {
    let parts = String(format: "%.\(decimals)e", value).split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return ("\(value)", "") }
    return (String(parts[0]), "\(exponent)")
  }

  /// Decimals that a value needs, four at most.
  private static func decimals(of value: Double) -> Int {
    let most = 4
    return (0..<most).first { decimals in
      let scaled = value * pow(10, Double(decimals))
      return abs(scaled - scaled.rounded()) < 1e-6
    } ?? most
  }
}
