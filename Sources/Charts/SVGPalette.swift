package import Themes

/// The colours of a chart as SVG, each `#rrggbb`.
package struct SVGPalette: Hashable, Sendable {
  package var background, text, muted, axis, grid, crosshair, positive, negative: String
  package var series: [String]
  /// The colours of shades, from low to high, at equal distances.
  package var gradients: [String: [String]]

  package init(
    background: String, text: String, muted: String, axis: String, grid: String,
    crosshair: String, positive: String, negative: String, series: [String],
    gradients: [String: [String]]
  ) {
    self.background = background
    self.text = text
    self.muted = muted
    self.axis = axis
    self.grid = grid
    self.crosshair = crosshair
    self.positive = positive
    self.negative = negative
    self.series = series
    self.gradients = gradients
  }

  /// The colours of a theme, which should be fitted to `.truecolor`; the terminal's own colours
  /// become the canvas and its opposite.
  package init(_ theme: Theme) {
    func hex(_ token: Token) -> String { theme.seen(theme[token].foreground).description }
    self.init(
      background: theme.canvas.description, text: hex(.text), muted: hex(.axisLabel),
      axis: hex(.axis), grid: hex(.grid), crosshair: hex(.crosshair), positive: hex(.accepted),
      negative: hex(.rejected),
      series: (0..<theme.seriesCount).map {
        theme.seen(theme.series($0).style.foreground).description
      },
      gradients: Dictionary(
        uniqueKeysWithValues: theme.gradientNames.map { name in
          let steps = (0..<9).map {
            theme.seen(theme.gradient(name, at: Double($0) / 8)).description
          }
          return (name, steps)
        }))
  }

  /// The colour of a paint and how opaque it is.
  func color(_ paint: Paint, gradient: String?) -> (color: String, opacity: Double) {
    switch paint {
    case .blank: (background, 0)
    case .axis: (axis, 1)
    case .grid: (grid, 1)
    case .label, .legend: (muted, 1)
    case .title: (text, 1)
    case .crosshair: (crosshair, 1)
    case .series(let look), .emphasis(let look): (series(look), 1)
    case .faint(let look): (series(look), 0.45)
    case .band(let look), .ground(let look): (series(look), 0.16)
    case .shade(let place): (shade(place, gradient), 1)
    case .onShade: (text, 1)
    case .positive: (positive, 1)
    case .negative: (negative, 1)
    }
  }

  private func series(_ look: Int) -> String {
    guard !series.isEmpty else { return text }
    let rest = look % series.count
    return series[rest < 0 ? rest + series.count : rest]
  }

  /// The colour at a place of a gradient, mixed in OKLab.
  private func shade(_ place: Double, _ gradient: String?) -> String {
    let stops = (gradient.flatMap { gradients[$0] } ?? gradients["heat"] ?? [background, text])
      .compactMap { RGB(hex: $0).map(OKLab.init) }
    guard stops.count > 1, place.isFinite else { return stops.first?.rgb.description ?? text }
    let at = min(max(place, 0), 1) * Double(stops.count - 1)
    let below = min(Int(at), stops.count - 2)
    return stops[below].mixed(with: stops[below + 1], share: at - Double(below)).rgb.description
  }
}
