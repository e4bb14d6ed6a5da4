import Kitchen
import TerminalUI
package import Themes

/// Draws the whole dashboard: a pure function of the state.
package enum Screen {
  /// A frame, what a mouse would hit in it, and where the text cursor stands.
  package static func render(
    _ state: State, theme: Theme, keymap: Keymap = .standard
  ) -> Canvas {
    var canvas = Canvas(size: state.size, theme: theme)
    let layout = state.layout
    guard layout.arrangement != .tooSmall else {
      drawTooSmall(&canvas)
      if case .confirm? = state.modes.last { Overlays(state: state, keymap: keymap).draw(&canvas) }
      return canvas
    }
    if let tabs = layout.tabs { drawTabs(&canvas, state, in: tabs) }
    for (pane, rect) in layout.panes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      draw(pane, &canvas, state, in: rect)
    }
    HintsRow(state: state, keymap: keymap).draw(&canvas, in: layout.hints)
    Overlays(state: state, keymap: keymap).draw(&canvas)
    if !theme.glyphs.unicode { canvas.buffer.reduceToASCII() }
    return canvas
  }

  private static func draw(_ pane: Pane, _ canvas: inout Canvas, _ state: State, in rect: Rect) {
    let focused = state.focus == pane
    switch pane {
    case .ingredients: IngredientPane(state: state).draw(&canvas, in: rect, focused: focused)
    case .soup: SoupPane(state: state).draw(&canvas, in: rect, focused: focused)
    case .plot: PlotPane(state: state).draw(&canvas, in: rect, focused: focused)
    case .jobs: JobsPane(state: state).draw(&canvas, in: rect, focused: focused)
    }
  }

  /// The panes that hide behind each other, the focused one in brackets, and the soup's size.
  private static func drawTabs(_ canvas: inout Canvas, _ state: State, in rect: Rect) {
    let theme = canvas.theme
    let titles = Pane.allCases.map { "\($0.rawValue + 1) \($0.title)" }
    let drawn = Tabs.render(
      into: &canvas.buffer, rect: rect.inset(left: 1), titles: titles,
      selected: state.focus.rawValue,
      look: Tabs.Look(selected: theme[.tabActive], other: theme[.tab]))
    for region in drawn.regions {
      guard let pane = Pane(rawValue: region.payload) else { continue }
      canvas.hits.append(Canvas.Hit(rect: region.rect, target: .pane(pane)))
    }
    let column = drawn.regions.map(\.rect.right).max() ?? 0
    let note = tabNote(state, theme)
    if column + TextWidth.columns(of: note) + 1 <= rect.columns {
      canvas.writeRight(note, in: rect, row: 0, style: theme[.mark])
    }
  }

  private static func tabNote(_ state: State, _ theme: Theme) -> String {
    let count = state.set.members.count
    guard count > 0 else { return "" }
    var note = "\(theme.glyphs.mark)\(count)"
    if let reading = state.bench.reading(.soup, on: state.selectionSplit), reading.seen > 0,
      !state.bench.isStale(reading)
    {
      note += " " + Numbers.percent(Double(reading.correct) / Double(reading.seen))
    }
    return note + " "
  }

  private static func drawTooSmall(_ canvas: inout Canvas) {
    let size = canvas.buffer.size
    let smallest = ScreenLayout.smallest
    let lines = [
      "\(size.columns)×\(size.rows) is too small",
      "\(smallest.columns)×\(smallest.rows) is enough", "q quits",
    ]
    let area = canvas.buffer.bounds.centered(
      Size(columns: lines.map(\.count).max() ?? 0, rows: lines.count))
    for (row, line) in lines.enumerated() {
      canvas.write(
        line, in: area, row: row, style: canvas.theme[row == 0 ? .warning : .text])
    }
  }
}
