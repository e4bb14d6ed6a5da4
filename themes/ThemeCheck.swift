/// Measures whether a theme can be read, by everyone.
package struct ThemeCheck: Sendable {
  /// The contrast of a token or series against what it stands on.
  package struct Contrast: Hashable, Sendable {
    package let name: String
    package let foreground, background: RGB
    /// 1–21 (WCAG 2.2).
    package let ratio: Double
    /// What it should be at least: 4.5 for text, 3 for graphics (WCAG 2.2, 1.4.3 and 1.4.11), 0 for
    /// decoration.
    package let floor: Double

    package var isEnough: Bool { ratio >= floor }
  }

  /// How far apart two series look to one kind of vision.
  package struct Separation: Hashable, Sendable {
    package let first, second: Int
    package let vision: ColorVision
    /// The distance in OKLab; 0.02 is just seen side by side.
    package let distance: Double
    package let floor: Double

    package var isEnough: Bool { distance >= floor }
  }

  /// The least distance of two series' colours; they differ by glyph as well.
  package static let separationFloor = 0.07

  package let theme: Theme
  package let contrasts: [Contrast]
  package let separations: [Separation]

  /// Everything that falls short, in words; empty for a theme without faults.
  package var faults: [String] {
    contrasts.filter { !$0.isEnough }.map {
      "\($0.name): contrast \(Self.short($0.ratio)) of \($0.foreground) on \($0.background) "
        + "is below \(Self.short($0.floor))"
    }
      + separations.filter { !$0.isEnough }.map {
        "series \($0.first + 1) and \($0.second + 1) look alike (\($0.vision.rawValue)): "
          + "distance \(Self.short($0.distance)) is below \(Self.short($0.floor))"
      }
  }

  /// Measures a theme at the depth it is fitted to.
  ///
  /// What stands on the terminal's ground is measured on the theme's canvas. The terminal's own
  /// foreground and sixteen colours are whatever the person has set them to, and are left out.
  package init(_ theme: Theme) {
    self.theme = theme
    contrasts = Self.contrasts(theme)
    separations = Self.separations(theme)
  }

  private static func contrasts(_ theme: Theme) -> [Contrast] {
    func contrast(_ name: String, _ style: Style, _ floor: Double) -> Contrast? {
      guard !style.foreground.isTerminals else { return nil }
      guard style.background == .default || !style.background.isTerminals else { return nil }
      var foreground = theme.seen(style.foreground)
      var background = style.background == .default ? theme.canvas : theme.seen(style.background)
      if style.attributes.contains(.reverse) { swap(&foreground, &background) }
      return Contrast(
        name: name, foreground: foreground, background: background,
        ratio: foreground.contrast(with: background), floor: floor)
    }
    let tokens = Token.allCases.compactMap { contrast($0.rawValue, theme[$0], floor(of: $0)) }
    let series = (0..<theme.seriesCount).compactMap {
      contrast("series \($0 + 1)", theme.series($0).style, 3)
    }
    return tokens + series
  }

  /// Text must be read; marks must be seen; frames and grids only order the page, and nothing is
  /// lost without them.
  private static func floor(of token: Token) -> Double {
    switch token {
    case .background, .grid, .border, .scrollBar, .gaugeEmpty: 0
    case .axis, .borderFocus, .gauge, .mark, .crosshair, .dialogBorder: 3
    default: 4.5
    }
  }

  private static func separations(_ theme: Theme) -> [Separation] {
    let foregrounds = (0..<theme.seriesCount).map { theme.series($0).style.foreground }
    guard !foregrounds.contains(where: \.isTerminals) else { return [] }
    let colors = foregrounds.map(theme.seen)
    return ColorVision.allCases.flatMap { vision in
      let labs = colors.map { OKLab(vision.seen($0)) }
      return labs.indices.flatMap { first in
        labs.indices.filter { $0 > first }.map { second in
          Separation(
            first: first, second: second, vision: vision,
            distance: labs[first].distance(to: labs[second]), floor: separationFloor)
        }
      }
    }
  }

  private static func short(_ value: Double) -> String {
    "\((value * 100).rounded() / 100)"
  }
}

extension Color {
  /// Whether the terminal decides what this looks like.
  fileprivate var isTerminals: Bool {
    switch kind {
    case .default: true
    case .indexed(let index): index < 16
    case .rgb: false
    }
  }
}
