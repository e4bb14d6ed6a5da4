import Kitchen
import TerminalUI
import Themes

/// The members' weights as bars and numbers, with what the soup is worth above them.
struct WeightsView {
  let state: State
  let sheet: WeightSheet

  func draw(_ canvas: inout Canvas) {
    let members = state.set.members
    let size = canvas.buffer.size
    let rows = max(1, min(members.count, size.rows - 9))
    let inside = canvas.dialog(
      title: "Weights", columns: min(64, size.columns - 6), rows: rows + 3,
      note: state.set.weights == nil ? "equal" : "sum 1.0000")
    canvas.write(SoupHeadline(state: state).line, in: inside, row: 0)
    let first = min(max(0, sheet.selected - rows / 2), max(0, members.count - rows))
    let body = inside.cutTop(2).rest
    let most = members.compactMap { state.set.weight(of: $0) }.max() ?? 1
    for row in 0..<min(rows, members.count - first) {
      let isSelected = first + row == sheet.selected
      drawMember(
        &canvas, members[first + row], in: body, row: row, isSelected: isSelected, most: most)
      canvas.offer(first + row, in: body, row: row)
    }
    canvas.sheetScrollBar(body, first: first, rows: rows, count: members.count)
  }

  private func drawMember(
    _ canvas: inout Canvas, _ name: String, in body: Rect, row: Int, isSelected: Bool, most: Double
  ) {
    let weight = state.set.weight(of: name) ?? 0
    let nameColumns = min(26, max(10, body.columns - 26))
    let barColumns = max(0, body.columns - nameColumns - 12)
    let shown = TextWidth.elide(name, to: nameColumns, .middle).rightPadded(to: nameColumns)
    let bar = Bar.text(share: weight / max(most, 1e-9), columns: barColumns, canvas.theme.glyphs)
    canvas.write(
      SheetLine([
        (shown, .text), (Numbers.weight(weight).leftPadded(to: 9) + " ", .text), (bar, .gauge),
      ]), in: body, row: row, column: 1, isSelected: isSelected)
    if isSelected, let field = sheet.field {
      canvas.field(
        field, prompt: "",
        in: Rect(
          column: body.left + nameColumns + 3, row: body.top + row, columns: 8, rows: 1))
    }
  }
}

/// What is known of the soup at hand, in one line.
struct SoupHeadline {
  let state: State

  var line: SheetLine {
    let reading = state.bench.reading(.soup, on: state.selectionSplit)
    let size = "\(state.set.members.count) ingredients"
    guard let reading, reading.seen > 0, !state.bench.isStale(reading) else {
      let word: String =
        switch state.bench.progress {
        case .failed(let cause): cause
        case .empty: "empty"
        case .pending, .counting, .measured: "pending"
        }
      return SheetLine([(size, .muted), ("  \(word)", .pending)])
    }
    let accuracy = Numbers.percent(Double(reading.correct) / Double(reading.seen))
    return SheetLine([
      (size, .muted), ("  \(state.selectionSplit) ", .muted),
      (accuracy, reading.score == nil ? .pending : .soup),
      ("  \(reading.correct)/\(reading.seen)", .muted),
    ])
  }
}
