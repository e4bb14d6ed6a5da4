/// A colour as a terminal can be told it, already fitted to the depth in use.
package struct Color: Hashable, Sendable {
  /// What the terminal is asked for.
  package enum Kind: Hashable, Sendable {
    /// The terminal's own foreground or background.
    case `default`
    /// An entry of the terminal's palette: 0–15 are its own sixteen colours, 16–255 the cube.
    case indexed(UInt8)
    /// A 24-bit colour.
    case rgb(red: UInt8, green: UInt8, blue: UInt8)
  }

  /// `0` default, `1 << 24 | index`, or `2 << 24 | rgb`: four bytes, so that a cell stays small.
  private let packed: UInt32

  private init(packed: UInt32) { self.packed = packed }

  /// The terminal's own colour.
  package static let `default` = Color(packed: 0)

  /// An entry of the terminal's palette.
  package static func indexed(_ index: UInt8) -> Color {
    Color(packed: 1 << 24 | UInt32(index))
  }

  /// A 24-bit colour.
  package static func rgb(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Color {
    Color(packed: 2 << 24 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue))
  }

  /// What the terminal is asked for.
  package var kind: Kind {
    switch packed >> 24 {
    case 1: .indexed(UInt8(truncatingIfNeeded: packed))
    case 2:
      .rgb(
        red: UInt8(truncatingIfNeeded: packed >> 16), green: UInt8(truncatingIfNeeded: packed >> 8),
        blue: UInt8(truncatingIfNeeded: packed))
    default: .default
    }
  }
}

/// What a terminal does to a glyph besides colouring it.
package struct Attributes: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let bold = Attributes(rawValue: 1 << 0)
  package static let dim = Attributes(rawValue: 1 << 1)
  package static let italic = Attributes(rawValue: 1 << 2)
  package static let underline = Attributes(rawValue: 1 << 3)
  package static let reverse = Attributes(rawValue: 1 << 4)
}

/// How a cell looks: two colours and attributes.
package struct Style: Hashable, Sendable {
  package var foreground: Color
  package var background: Color
  package var attributes: Attributes

  package init(
    foreground: Color = .default, background: Color = .default, attributes: Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// The terminal's own look.
  package static let plain = Style()

  /// This style on another background.
  package func on(_ background: Color) -> Style {
    Style(foreground: foreground, background: background, attributes: attributes)
  }

  /// This style with more attributes.
  package func adding(_ more: Attributes) -> Style {
    Style(
      foreground: foreground, background: background, attributes: attributes.union(more))
  }
}

/// How many colours a terminal shows.
package enum ColorDepth: String, CaseIterable, Comparable, Sendable {
  case none
  case ansi16 = "16"
  case indexed256 = "256"
  case truecolor

  package static func < (left: ColorDepth, right: ColorDepth) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .none: 0
    case .ansi16: 1
    case .indexed256: 2
    case .truecolor: 3
    }
  }
}
