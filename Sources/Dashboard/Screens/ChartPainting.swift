import Charts
import TerminalUI
import Themes

extension Theme {
  /// Whether every series has a ground of its own for its confidence band.
  var tintsBands: Bool {
    (SeriesLooks.soup...SeriesLooks.tried).allSatisfy {
      series($0).band.background != series($0).style.background
    }
  }
}

extension Canvas {
  /// Copies a drawn chart, giving its paints the theme's looks.
  mutating func draw(_ frame: ChartFrame, at origin: Point) {
    var styles: [Ink: Style] = [:]
    for row in 0..<frame.rows {
      for column in 0..<frame.columns {
        let cell = frame[column, row]
        let ink = Ink(paint: cell.paint, background: cell.background)
        let style: Style
        if let known = styles[ink] {
          style = known
        } else {
          style = self.style(of: ink, gradient: frame.gradient)
          styles[ink] = style
        }
        buffer.put(
          cell.glyph, column: origin.column + column, row: origin.row + row, style: style)
      }
    }
  }

  private struct Ink: Hashable {
    let paint: Paint
    let background: Paint
  }

  private func style(of ink: Ink, gradient: String?) -> Style {
    let style = style(of: ink.paint, gradient: gradient)
    switch ink.background {
    case .blank: return style
    case .shade(let value):
      let ground = theme.gradient(gradient ?? "heat", at: value)
      guard ink.paint == .onShade else { return style.on(ground) }
      return Style(foreground: theme.ink(on: ground), background: ground).adding(.bold)
    case .band(let look): return style.on(theme.series(look).band.background)
    default: return style.on(self.style(of: ink.background, gradient: gradient).foreground)
    }
  }

  private func style(of paint: Paint, gradient: String?) -> Style {
    switch paint {
    case .blank: theme[.text]
    case .axis: theme[.axis]
    case .grid: theme[.grid]
    case .label: theme[.axisLabel]
    case .title: theme[.plotTitle]
    case .legend: theme[.legend]
    case .crosshair: theme[.crosshair]
    case .series(let look): theme.series(look).style
    case .faint(let look): theme.series(look).faint
    case .band(let look): theme.series(look).band.on(theme.series(look).style.background)
    case .ground(let look):
      Style(
        foreground: theme.series(look).band.background,
        background: theme.series(look).style.background)
    case .emphasis(let look): theme.series(look).style.adding(.bold)
    case .shade(let value):
      Style(
        foreground: theme.gradient(gradient ?? "heat", at: value),
        background: theme[.text].background)
    case .onShade: theme[.text].adding(.bold)
    case .positive: theme[.accepted]
    case .negative: theme[.rejected]
    }
  }
}
