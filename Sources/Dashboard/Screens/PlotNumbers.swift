import TerminalUI
import Themes

/// The numbers beside a plot, a line each.
struct PlotNumbers {
  let numbers: [PlotContent.Number]
  /// Whether they are of another soup than the one at hand.
  let isStale: Bool

  private typealias Line = (label: String, value: String)

  func draw(_ canvas: inout Canvas, in rect: Rect) {
    let theme = canvas.theme
    let area = rect.inset(left: 1)
    for (row, line) in lines(in: area, theme).prefix(area.rows).enumerated() {
      let room = max(0, area.columns - 1 - TextWidth.columns(of: line.value))
      canvas.write(
        TextWidth.elide(line.label, to: line.value.isEmpty ? area.columns : room, .middle),
        in: area, row: row, style: theme[.axisLabel])
      canvas.writeRight(
        line.value, in: area, row: row, style: theme[isStale ? .stale : .text])
    }
  }

  /// Where rows allow, a value that does not fit beside its label stands below all of it.
  private func lines(in area: Rect, _ theme: Theme) -> [Line] {
    let lines = numbers.map { number -> Line in
      let isMarked = isStale && !number.value.isEmpty
      return (number.label, isMarked ? "\(theme.glyphs.stale)\(number.value)" : number.value)
    }
    let whole = lines.flatMap { line -> [Line] in
      let columns = TextWidth.columns(of: line.label) + 1 + TextWidth.columns(of: line.value)
      guard columns > area.columns else { return [line] }
      return WordWrap.lines(line.label, columns: area.columns).map { ($0, "") } + [("", line.value)]
    }
    return whole.count <= area.rows ? whole : lines
  }
}
