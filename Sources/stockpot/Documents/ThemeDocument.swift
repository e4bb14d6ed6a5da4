import Themes

/// What `theme show --json` prints of a theme.
struct ThemeDocument: Encodable {
  struct Look: Encodable {
    let foreground, background: String
    let attributes: [String]

    init(_ style: Style) {
      foreground = style.foreground.word
      background = style.background.word
      attributes = [
        (Attributes.bold, "bold"), (.dim, "dim"), (.italic, "italic"), (.underline, "underline"),
        (.reverse, "reverse"),
      ].filter { style.attributes.contains($0.0) }.map(\.1)
    }
  }

  struct Series: Encodable {
    let glyph: String
    let style: Look
  }

  let name, appearance, depth: String
  let styles: [String: Look]
  let series: [Series]
  let gradients: [String: [String]]

  /// Colours of a gradient that are said.
  private static let steps = 9

  init(_ theme: Theme) {
    name = theme.name
    appearance = theme.appearance.rawValue
    depth = theme.depth.rawValue
    styles = Dictionary(
      uniqueKeysWithValues: Token.allCases.map { ($0.rawValue, Look(theme[$0])) })
    series = (0..<theme.seriesCount).map {
      let look = theme.series($0)
      return Series(glyph: String(look.glyph), style: Look(look.style))
    }
    gradients = Dictionary(
      uniqueKeysWithValues: theme.gradientNames.map { name in
        let places = (0..<Self.steps).map { Double($0) / Double(Self.steps - 1) }
        return (name, places.map { theme.gradient(name, at: $0).word })
      })
  }
}

extension Color {
  /// `#rrggbb`, the number of one of the terminal's colours, or `default`.
  fileprivate var word: String {
    switch kind {
    case .default: "default"
    case .indexed(let index): "\(index)"
    case .rgb(let red, let green, let blue): RGB(red, green, blue).description
    }
  }
}
