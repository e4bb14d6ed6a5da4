import Dashboard
import TerminalUI
import Themes

/// A theme's tokens, series and gradients as lines for a terminal.
struct ThemeSheet {
  let theme: Theme
  /// Whether escape sequences may be written.
  let isPainted: Bool

  /// The whole sheet.
  var text: String {
    var lines = ["\(theme.name) (\(theme.appearance.rawValue), \(theme.depth.rawValue))"]
    lines += rows(
      Token.allCases.map { painted($0.rawValue.rightPadded(to: Self.cell), theme[$0]) })
    let series = (0..<theme.seriesCount).map { index in
      let look = theme.series(index)
      return painted("\(look.glyph) series \(index + 1)".rightPadded(to: Self.cell), look.style)
    }
    lines += rows(series)
    for name in theme.gradientNames where theme.depth != .none {
      let cells = (0..<40).map { step in
        painted(" ", Style(background: theme.gradient(name, at: Double(step) / 39)))
      }
      lines.append("  " + name.rightPadded(to: 12) + cells.joined())
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let cell = 20

  private func rows(_ cells: [String]) -> [String] {
    stride(from: 0, to: cells.count, by: 4).map { start in
      "  " + cells[start..<min(start + 4, cells.count)].joined(separator: " ")
    }
  }

  private func painted(_ text: String, _ style: Style) -> String {
    guard isPainted else { return text }
    var codes: [String] = []
    for (attribute, code) in [
      (Attributes.bold, "1"), (.dim, "2"), (.italic, "3"), (.underline, "4"), (.reverse, "7"),
    ] where style.attributes.contains(attribute) {
      codes.append(code)
    }
    codes += code(style.foreground, 38) + code(style.background, 48)
    return codes.isEmpty ? text : "\u{1B}[\(codes.joined(separator: ";"))m\(text)\u{1B}[0m"
  }

  private func code(_ color: Color, _ ground: Int) -> [String] {
    switch color.kind {
    case .default: []
    case .indexed(let index): ["\(ground)", "5", "\(index)"]
    case .rgb(let red, let green, let blue): ["\(ground)", "2", "\(red)", "\(green)", "\(blue)"]
    }
  }
}
