import TerminalUI

/// A key while the messages and logs are shown.
func readLogs(_ sheet: LogSheet, _ key: KeyPress, _ state: inout State) -> [Effect] {
  var sheet = sheet
  if sheet.field != nil {
    searchLog(&sheet, key)
    state.replaceTop(.logs(sheet))
    return []
  }
  let text = LogTextLines(state: state, sheet: sheet)
  let rows = LogSheet.rows(on: state)
  let most = max(0, text.count - rows)
  let first = sheet.first(of: text.count, rows: rows)
  if let place = listMove(key, from: first, count: most + 1, page: max(1, rows - 1)) {
    sheet.first = place == most ? nil : place
    state.replaceTop(.logs(sheet))
    return []
  }
  switch (key.key, key.modifiers) {
  case (.escape, _) where !sheet.query.isEmpty: sheet.query = ""
  case (.escape, _), (.character("q"), _), (.character("!"), _), (.character("L"), _):
    state.replaceTop(nil)
    return [.ask(.leaveLogs)]
  case (.tab, .shift), (.left, _), (.character("h"), _): turn(&sheet, by: -1, state)
  case (.tab, _), (.right, _), (.character("l"), _): turn(&sheet, by: 1, state)
  case (.character("/"), _): sheet.field = LineEditor(sheet.query)
  case (.character("n"), _): find(&sheet, text, rows, isForwards: true)
  case (.character("N"), _): find(&sheet, text, rows, isForwards: false)
  case (.character("f"), _), (.character("F"), _): sheet.first = sheet.first == nil ? first : nil
  case (.character("r"), _):
    state.replaceTop(.logs(sheet))
    return [.ask(.logs)]
  default: return []
  }
  state.replaceTop(.logs(sheet))
  return []
}

private func turn(_ sheet: inout LogSheet, by places: Int, _ state: State) {
  let count = 1 + state.contents.logs.count
  sheet.tab = (sheet.tab + places + count) % count
  sheet.first = nil
}

private func searchLog(_ sheet: inout LogSheet, _ key: KeyPress) {
  switch key.key {
  case .escape:
    sheet.field = nil
    sheet.query = ""
  case .enter:
    sheet.field = nil
  default:
    _ = sheet.field?.handle(key)
    sheet.query = sheet.field?.text ?? ""
  }
}

/// Scrolls so that the next line with what is looked for is the last that is seen; round at the end.
private func find(_ sheet: inout LogSheet, _ text: LogTextLines, _ rows: Int, isForwards: Bool) {
  let hits = (0..<text.count).filter { text.matches(at: $0) }
  guard !hits.isEmpty else { return }
  let last = min(text.count, sheet.first(of: text.count, rows: rows) + rows) - 1
  let next =
    isForwards
    ? hits.first { $0 > last } ?? hits[0] : hits.last { $0 < last } ?? hits[hits.count - 1]
  let first = max(0, next - rows + 1)
  sheet.first = first >= text.count - rows ? nil : first
}
