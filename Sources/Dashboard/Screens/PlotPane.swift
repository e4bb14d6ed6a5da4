import Charts
import TerminalUI
import Themes

/// The plots: accuracy as recipes go, and in- against out-of-distribution.
struct PlotPane {
  let state: State

  func draw(_ canvas: inout Canvas, in rect: Rect, focused: Bool) {
    let inside = canvas.pane(.plot, in: rect, focused: focused, title: state.plot.kind.rawValue)
    drawTabs(&canvas, in: rect)
    guard inside.rows >= 3, inside.columns >= 12 else { return }
    let marker = canvas.theme.glyphs.plot
    let frame: ChartFrame
    switch state.plot.kind {
    case .accuracy:
      frame = AccuracyPlot(state: state, glyphs: canvas.theme.glyphs).chart
        .render(columns: inside.columns, rows: inside.rows, marker: marker)
    case .scatter:
      frame = ShiftPlot(state: state, glyphs: canvas.theme.glyphs).chart
        .render(columns: inside.columns, rows: inside.rows, marker: marker)
    }
    canvas.draw(frame, at: inside.origin)
  }

  /// The other plots' names in the border, each a place to click.
  private func drawTabs(_ canvas: inout Canvas, in rect: Rect) {
    let kinds = PlotState.Kind.allCases
    let width = kinds.reduce(0) { $0 + $1.rawValue.count + 2 }
    var column = rect.right - width - 3
    guard column > rect.left + 20 else { return }
    for kind in kinds {
      let isActive = kind == state.plot.kind
      let text = isActive ? "[\(kind.rawValue)]" : " \(kind.rawValue) "
      canvas.buffer.write(
        text, at: Point(column: column, row: rect.top),
        style: canvas.theme[isActive ? .tabActive : .tab])
      canvas.hits.append(
        Canvas.Hit(
          rect: Rect(column: column, row: rect.top, columns: text.count, rows: 1),
          target: .plot(kind)))
      column += text.count
    }
  }
}
