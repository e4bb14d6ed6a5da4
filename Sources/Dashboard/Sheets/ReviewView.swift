import Averaging
import TerminalUI
import Themes

/// What is about to be written: every member, the file, and the choice to do it.
struct ReviewView {
  let state: State
  let review: ExportReview

  private var width: Int { min(78, state.size.columns - 6) }
  private var path: [String] { WordWrap.lines(review.request.path, columns: width) }

  /// Members that are seen at once.
  var memberRows: Int {
    max(1, min(review.blend.terms.count, state.size.rows - 9 - path.count))
  }

  func draw(_ canvas: inout Canvas) {
    let (terms, path, rows) = (review.blend.terms, path, memberRows)
    let count = "\(terms.count) ingredient\(terms.count == 1 ? "" : "s")"
    let inside = canvas.dialog(
      title: "Write \(review.origin)?", columns: width, rows: rows + path.count + 4, note: count)
    for (row, line) in path.enumerated() {
      canvas.write(SheetLine(line, .soup), in: inside, row: row)
    }
    canvas.write(
      SheetLine("with its provenance beside it as .soup.json", .muted), in: inside, row: path.count)
    let body = inside.cutTop(path.count + 2).rest.inset(bottom: 2)
    let first = min(review.scroll, max(0, terms.count - rows))
    let name = max(8, body.columns - 12)
    for row in 0..<min(rows, terms.count - first) {
      let term = terms[first + row]
      canvas.write(
        SheetLine([
          (TextWidth.elide(term.ingredient, to: name, .middle).rightPadded(to: name), .text),
          (Numbers.weight(term.weight).leftPadded(to: 9), .muted),
        ]), in: body, row: row)
    }
    canvas.sheetScrollBar(body, first: first, rows: rows, count: terms.count)
    drawChoices(&canvas, in: inside)
  }

  private func drawChoices(_ canvas: inout Canvas, in inside: Rect) {
    var column = 0
    for (label, isChosen) in [("not now", !review.isWriting), ("write", review.isWriting)] {
      column += canvas.write(
        isChosen ? "[ \(label) ]" : "  \(label)  ", in: inside, row: inside.rows - 1,
        column: column, style: canvas.theme[isChosen ? .buttonFocus : .button])
      column += 1
    }
  }
}
