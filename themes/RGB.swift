import Foundation

/// A colour in sRGB, eight bits a channel.
package struct RGB: Hashable, Sendable, CustomStringConvertible {
  package let red, green, blue: UInt8

  package init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// Reads `#rrggbb` or `#rgb`; nil for anything else.
  package init?(hex: some StringProtocol) {
    guard hex.first == "#" else { return nil }
    let digits = hex.dropFirst()
    guard digits.allSatisfy({ $0.isASCII && $0.isHexDigit }), let value = UInt32(digits, radix: 16)
    else { return nil }
    switch digits.count {
    case 6:
      self.init(
        UInt8(truncatingIfNeeded: value >> 16), UInt8(truncatingIfNeeded: value >> 8),
        UInt8(truncatingIfNeeded: value))
    case 3:
      self.init(
        UInt8(value >> 8 & 15) * 17, UInt8(value >> 4 & 15) * 17, UInt8(value & 15) * 17)
    default: return nil
    }
  }

  /// `#rrggbb`.
  package var description: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The channels as light, 0–1 (IEC 61966-2-1, the sRGB transfer function undone).
  package var linear: SIMD3<Double> {
    SIMD3(Self.light(red), Self.light(green), Self.light(blue))
  }

  /// The nearest eight-bit colour to linear light; channels beyond 0–1 are cut off.
  package init(linear: SIMD3<Double>) {
    self.init(Self.level(linear.x), Self.level(linear.y), Self.level(linear.z))
  }

  /// Relative luminance, 0–1 (WCAG 2.2).
  package var luminance: Double { (linear * SIMD3(0.2126, 0.7152, 0.0722)).sum() }

  /// The ratio of luminances, 1–21 (WCAG 2.2, "contrast ratio").
  package func contrast(with other: RGB) -> Double {
    let (bright, dim) = (max(luminance, other.luminance), min(luminance, other.luminance))
    return (bright + 0.05) / (dim + 0.05)
  }

  private static func light(_ level: UInt8) -> Double {
    let value = Double(level) / 255
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }

  private static func level(_ light: Double) -> UInt8 {
    let light = min(max(light, 0), 1)
    let value = light <= 0.0031308 ? light * 12.92 : 1.055 * pow(light, 1 / 2.4) - 0.055
    return UInt8((value * 255).rounded())
  }
}

/// A colour in OKLab (Björn Ottosson 2020), in which equal distances look about equal.
package struct OKLab: Hashable, Sendable {
  /// Lightness 0–1, then the green–red and blue–yellow axes.
  package let lightness, a, b: Double

  package init(lightness: Double, a: Double, b: Double) {
    (self.lightness, self.a, self.b) = (lightness, a, b)
  }

  package init(_ color: RGB) {
    let light = color.linear
    let l = cbrt((light * SIMD3(0.4122214708, 0.5363325363, 0.0514459929)).sum())
    let m = cbrt((light * SIMD3(0.2119034982, 0.6806995451, 0.1073969566)).sum())
    let s = cbrt((light * SIMD3(0.0883024619, 0.2817188376, 0.6299787005)).sum())
    lightness = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s
    a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
    b = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
  }

  /// The nearest colour of sRGB, channel by channel.
  package var rgb: RGB {
    let l = lightness + 0.3963377774 * a + 0.2158037573 * b
    let m = lightness - 0.1055613458 * a - 0.0638541728 * b
    let s = lightness - 0.0894841775 * a - 1.2914855480 * b
    let cubes = SIMD3(l * l * l, m * m * m, s * s * s)
    return RGB(
      linear: SIMD3(
        (cubes * SIMD3(4.0767416621, -3.3077115913, 0.2309699292)).sum(),
        (cubes * SIMD3(-1.2684380046, 2.6097574011, -0.3413193965)).sum(),
        (cubes * SIMD3(-0.0041960863, -0.7034186147, 1.7076147010)).sum()))
  }

  /// How colourful, 0 for greys.
  package var chroma: Double { (a * a + b * b).squareRoot() }

  /// The straight distance between two colours; about 0.02 is just seen.
  package func distance(to other: OKLab) -> Double {
    let (dl, da, db) = (lightness - other.lightness, a - other.a, b - other.b)
    return (dl * dl + da * da + db * db).squareRoot()
  }

  /// The colour `share` of the way (0–1) to another.
  package func mixed(with other: OKLab, share: Double) -> OKLab {
    OKLab(
      lightness: lightness + (other.lightness - lightness) * share,
      a: a + (other.a - a) * share, b: b + (other.b - b) * share)
  }
}
