import Evaluation
import Kitchen
import Sweeps
import TerminalUI
import Themes

/// Two soups side by side: numbers with intervals and a test above, members with weights below.
struct VersusView {
  let state: State
  let sheet: VersusSheet

  private var rect: Rect {
    let whole = Rect(state.size).inset(bottom: 1)
    let members = max(1, VersusText(state: state, sheet: sheet).members.count)
    let rows = state.splits.count + members + (sheet.failure == nil ? 6 : 8)
    return whole.centered(
      Size(columns: min(whole.columns, 104), rows: min(whole.rows, max(12, rows))))
  }

  /// Members that are seen at once.
  var memberRows: Int {
    // Frame, heading of the numbers, a blank, and the heading of the members.
    rect.rows - 5 - state.splits.count - verdict(columns: rect.columns - 4).count
  }

  func draw(_ canvas: inout Canvas) {
    let (first, second) = (state.title(of: sheet.first), state.title(of: sheet.second))
    let inside = canvas.sheet(
      title: "A: \(first)   B: \(second)",
      note: sheet.showsDifferencesOnly ? "differences" : "",
      in: rect)
    var row = 0
    drawNumbers(&canvas, in: inside, row: &row)
    row += 1
    drawMembers(&canvas, in: inside.cutTop(row).rest)
  }

  // MARK: Numbers

  private static let splitColumns = 16
  private static let scoreColumns = 24

  private func drawNumbers(_ canvas: inout Canvas, in inside: Rect, row: inout Int) {
    let isWide = inside.columns >= 84
    let score = isWide ? Self.scoreColumns : 9
    let split = isWide ? Self.splitColumns : 12
    var header =
      "".rightPadded(to: split) + "A".leftPadded(to: score) + "B".leftPadded(to: score)
      + "A − B".leftPadded(to: 8) + "p".leftPadded(to: 8)
    if isWide { header += "  only A, B" }
    canvas.write(SheetLine(header, .header), in: inside, row: row)
    row += 1
    for name in state.splits {
      let round = sheet.rounds.first { $0.split == name }
      canvas.write(
        line(name, round, split: split, score: score, isWide: isWide), in: inside, row: row)
      row += 1
    }
    for line in verdict(columns: inside.columns) {
      canvas.write(line, in: inside, row: row)
      row += 1
    }
  }

  /// What the test says, or why there is none.
  private func verdict(columns: Int) -> [SheetLine] {
    if let failure = sheet.failure {
      return WordWrap.lines(failure, columns: columns).prefix(3).map { SheetLine($0, .error) }
    }
    guard let test = sheet.rounds.first(where: { $0.split == state.selectionSplit })?.test else {
      return []
    }
    let words = "on \(state.selectionSplit): \(VersusText.verdict(test)) (McNemar, exact)"
    return [SheetLine(words, .muted)]
  }

  private func line(
    _ name: String, _ round: HeadToHead?, split: Int, score: Int, isWide: Bool
  ) -> SheetLine {
    let title = TextWidth.elide(SplitName.short(name), to: split - 1).rightPadded(to: split)
    guard let round else {
      let word = sheet.failure == nil && isEvaluable(name) ? "pending" : "–"
      return SheetLine([(title, .text), (word.leftPadded(to: score), .pending)])
    }
    let difference = (round.first.accuracy ?? .nan) - (round.second.accuracy ?? .nan)
    var pieces: [(String, Token)] = [
      (title, .text), (text(round.first, isWide).leftPadded(to: score), .text),
      (text(round.second, isWide).leftPadded(to: score), .text),
      (
        Numbers.points(difference).leftPadded(to: 8),
        difference > 0 ? .success : difference < 0 ? .error : .muted
      ),
      ((round.test.map { Numbers.pValue($0.pValue) } ?? "–").leftPadded(to: 8), .text),
    ]
    if isWide, let test = round.test {
      pieces.append(("  \(test.onlyFirst), \(test.onlySecond)", .muted))
    }
    return SheetLine(pieces)
  }

  private func isEvaluable(_ split: String) -> Bool {
    state.sweep.splits.first { $0.name == split }?.isEvaluable ?? false
  }

  private func text(_ score: Score, _ isWide: Bool) -> String {
    let accuracy = Numbers.percent(score.accuracy ?? .nan)
    return isWide ? "\(accuracy) \(Numbers.interval(score))" : accuracy
  }

  // MARK: Members

  private func drawMembers(_ canvas: inout Canvas, in area: Rect) {
    let text = VersusText(state: state, sheet: sheet)
    let counts = text.counts
    canvas.write(
      SheetLine([
        ("\(counts.both) in both", .text), (" · \(counts.first) only in A", .accepted),
        (" · \(counts.second) only in B", .rejected),
      ]), in: area, row: 0)
    let members = text.members
    let body = area.cutTop(1).rest
    guard body.rows > 0 else { return }
    if members.isEmpty {
      canvas.write(SheetLine("The same members with the same weights.", .muted), in: body, row: 0)
    }
    let first = min(sheet.scroll, max(0, members.count - body.rows))
    for row in 0..<min(body.rows, members.count - first) {
      canvas.write(line(members[first + row], body.columns, canvas.theme), in: body, row: row)
    }
    canvas.sheetScrollBar(body, first: first, rows: body.rows, count: members.count)
  }

  private func line(_ member: VersusText.Member, _ columns: Int, _ theme: Theme) -> SheetLine {
    let name = min(32, max(10, columns - 34))
    func mark(_ weight: Double?) -> String { weight == nil ? " " : String(theme.glyphs.mark) }
    func number(_ weight: Double?) -> String {
      (weight.map(Numbers.weight) ?? "").leftPadded(to: 9)
    }
    let token: Token =
      member.first != nil && member.second != nil
      ? .text : member.first != nil ? .accepted : .rejected
    return SheetLine([
      ("\(mark(member.first)) \(mark(member.second)) ", token),
      (TextWidth.elide(member.name, to: name, .middle).rightPadded(to: name), token),
      (number(member.first) + number(member.second), .muted),
    ])
  }
}
