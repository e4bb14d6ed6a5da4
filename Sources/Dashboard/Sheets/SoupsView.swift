import Averaging
import Evaluation
import Kitchen
import TerminalUI
import Themes

/// The soup at hand and the kept ones, a row each, with what is known of them.
struct SoupsView {
  let state: State
  let sheet: SoupsSheet

  func draw(_ canvas: inout Canvas) {
    let size = canvas.buffer.size
    let sources: [SoupSource] = [.atHand] + state.set.kept.map { .kept($0.name) }
    let typing = sheet.naming == nil ? 0 : 2
    let hint = state.set.kept.isEmpty ? 2 : 0
    let rows = max(1, min(sources.count, size.rows - 8 - typing - hint))
    let inside = canvas.dialog(
      title: "Soups", columns: min(96, size.columns - 6), rows: rows + 1 + typing + hint,
      note: "\(state.set.kept.count) kept")
    let splits = SplitColumns(
      state.splits, room: inside.columns - 1 - Self.nameColumns - 9 - 12)
    canvas.write(
      SheetLine(
        "soup".rightPadded(to: Self.nameColumns) + "members".leftPadded(to: 9) + splits.header
          + "  from", .header), in: inside, row: 0, column: 1)
    let first = min(max(0, sheet.selected - rows / 2), max(0, sources.count - rows))
    for row in 0..<rows {
      canvas.write(
        line(sources[first + row], splits), in: inside, row: row + 1, column: 1,
        isSelected: first + row == sheet.selected)
      canvas.offer(first + row, in: inside, row: row + 1)
    }
    if hint > 0 {
      canvas.write(
        SheetLine(
          "s keeps the soup at hand under a name, to go back to or to compare with.", .muted),
        in: inside, row: rows + 2)
    }
    if let naming = sheet.naming {
      let prompt =
        switch naming {
        case .keep: "keep as: "
        case .rename(let name): "\(name) becomes: "
        }
      canvas.field(
        sheet.field, prompt: prompt, hint: "a name", in: inside.cutBottom(1).cut)
    }
  }

  private static let nameColumns = 22

  private func line(_ source: SoupSource, _ splits: SplitColumns) -> SheetLine {
    let scores = state.scores(of: source)
    let blend = state.blend(of: source)
    var pieces: [(String, Token)] = [
      (
        TextWidth.elide(state.title(of: source), to: Self.nameColumns - 1, .middle)
          .rightPadded(to: Self.nameColumns), source == .atHand ? .soup : .text
      ),
      ((blend.map { "\($0.terms.count)" } ?? "–").leftPadded(to: 9), .text),
    ]
    for split in splits.splits {
      let text = scores[split]?.accuracy.map(Numbers.percent) ?? "–"
      pieces.append((text.leftPadded(to: splits.width), text == "–" ? .muted : .text))
    }
    let origin: String =
      switch source {
      case .kept(let name): state.set.kept(named: name)?.origin ?? ""
      case .atHand, .job: state.set.weights == nil ? "equal weights" : "weighted"
      }
    let indent = String(repeating: " ", count: splits.tail.count + 2)
    pieces.append((indent + origin, .muted))
    return SheetLine(pieces)
  }
}
