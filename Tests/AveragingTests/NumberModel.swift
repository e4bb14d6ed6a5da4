import CKernels
import Foundation

/// Floating-point formats, slowly: every value in a list, rounding by looking for the nearest.
struct NumberModel {
  /// Values of the codes without a sign, ascending; finite ones only.
  let finite: [Double]
  /// What rounds beyond the largest finite value: infinity, or NaN where there is none.
  let overflow: Double

  /// - Parameter hasInfinity: false for e4m3fn, whose last exponent holds numbers too.
  init(exponentBits: Int, mantissaBits: Int, hasInfinity: Bool = true) {
    let bias = (1 << (exponentBits - 1)) - 1
    let steps = 1 << mantissaBits
    let last = (1 << exponentBits) - (hasInfinity ? 1 : 0)
    var finite: [Double] = []
    for exponent in 0..<last {
      for fraction in 0..<steps {
        let significand = Double(fraction) / Double(steps) + (exponent > 0 ? 1 : 0)
        finite.append(scalbn(significand, max(exponent, 1) - bias))
      }
    }
    if !hasInfinity { finite.removeLast() }
    self.finite = finite
    self.overflow = hasInfinity ? .infinity : .nan
  }

  /// The nearest value, of two the one with the even code.
  func rounded(_ x: Double) -> Double {
    guard x.isFinite else { return x.isNaN ? .nan : (x < 0 ? -overflow : overflow) }
    let magnitude = abs(x)
    var low = 0
    var high = finite.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if finite[middle] <= magnitude { low = middle } else { high = middle }
    }
    let below = finite[low]
    let step = high < finite.count ? finite[high] - below : below - finite[low - 1]
    let rest = magnitude - below
    let up = rest > step / 2 || (rest == step / 2 && low % 2 == 1)
    let result = !up ? below : high < finite.count ? finite[high] : overflow
    return x.sign == .minus ? -result : result
  }

  static let half = NumberModel(exponentBits: 5, mantissaBits: 10)
  static let bfloat = NumberModel(exponentBits: 8, mantissaBits: 7)
  static let e4m3 = NumberModel(exponentBits: 4, mantissaBits: 3, hasInfinity: false)
  static let e5m2 = NumberModel(exponentBits: 5, mantissaBits: 2)

  /// Rounds to any type that the kernels know.
  static func round(_ x: Double, to dtype: ck_dtype) -> Double {
    switch dtype {
    case CK_F64: x
    case CK_F32: Double(Float(x))
    case CK_F16: half.rounded(x)
    case CK_BF16: bfloat.rounded(x)
    case CK_F8E4M3: e4m3.rounded(x)
    default: e5m2.rounded(x)
    }
  }
}

/// Equal as numbers with a sign, or both NaN.
func same(_ a: Double, _ b: Double) -> Bool {
  a.isNaN ? b.isNaN : a == b && a.sign == b.sign
}
