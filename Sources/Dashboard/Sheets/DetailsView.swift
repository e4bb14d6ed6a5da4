import TerminalUI
import Themes

extension DetailsSheet {
  /// Lines of details that are seen at once.
  static func rows(on state: State) -> Int { max(1, state.sheetRect.rows - 4) }
}

/// Everything about one ingredient, over the right half of a wide screen.
struct DetailsView {
  let state: State
  let sheet: DetailsSheet

  func draw(_ canvas: inout Canvas) {
    let name = state.contents.details?.name ?? ""
    let place = state.table.row(of: name).map { "\($0 + 1) of \(state.table.shown.count)" } ?? ""
    let inside = canvas.sheet(title: name, note: place, in: state.sheetRect)
    let parts = DetailsSheet.Part.allCases
    canvas.sheetTabs(
      parts.map(\.rawValue), shown: parts.firstIndex(of: sheet.part) ?? 0, in: inside)
    let rows = DetailsSheet.rows(on: state)
    let body = inside.cutTop(2).rest
    let text = DetailsText(state: state, part: sheet.part)
    let first = min(sheet.scroll, max(0, text.count - rows))
    for row in 0..<min(rows, text.count - first) {
      canvas.write(
        text.line(at: first + row, columns: body.columns), in: body, row: row)
    }
    canvas.sheetScrollBar(body, first: first, rows: rows, count: text.count)
  }
}
