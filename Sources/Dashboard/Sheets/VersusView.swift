import TerminalUI
import Themes

/// Two soups side by side: numbers with intervals and a test above, members with weights below.
///
/// The numbers stay while the members scroll, unless that would leave next to no room for them.
struct VersusView {
  private let state: State
  private let sheet: VersusSheet
  private let text: VersusText
  private let members: [VersusText.Member]
  private let rect: Rect
  private let numbers: [SheetLine]

  private static let leastMemberRows = 3

  init(state: State, sheet: VersusSheet) {
    self.state = state
    self.sheet = sheet
    text = VersusText(state: state, sheet: sheet)
    members = text.members
    let whole = Rect(state.size).inset(bottom: 1)
    let rows = state.splits.count + max(1, members.count) + (sheet.failure == nil ? 6 : 8)
    rect = whole.centered(
      Size(columns: min(whole.columns, 104), rows: min(whole.rows, max(12, rows))))
    numbers = VersusNumbers(state: state, sheet: sheet, columns: rect.columns - 4).lines
  }

  /// The numbers, a blank and the heading of the members.
  private var headRows: Int { numbers.count + 2 }
  private var fixedRows: Int {
    let rows = rect.rows - 2
    return rows - headRows >= Self.leastMemberRows ? headRows : 0
  }

  /// Rows that scroll, and how many of them are seen at once.
  var scrolled: (count: Int, rows: Int) {
    (headRows - fixedRows + max(1, members.count), max(1, rect.rows - 2 - fixedRows))
  }

  func draw(_ canvas: inout Canvas) {
    let (first, second) = (state.title(of: sheet.first), state.title(of: sheet.second))
    let inside = canvas.sheet(
      title: "A: \(first)   B: \(second)",
      note: sheet.showsDifferencesOnly ? "differences" : "",
      in: rect)
    let lines = numbers + [.blank, heading] + memberLines(inside.columns, canvas.theme)
    for (row, line) in lines.prefix(fixedRows).enumerated() {
      canvas.write(line, in: inside, row: row)
    }
    let (count, rows) = scrolled
    let body = inside.cutTop(fixedRows).rest
    let start = min(sheet.scroll, max(0, count - rows))
    for (row, line) in lines.dropFirst(fixedRows + start).prefix(rows).enumerated() {
      canvas.write(line, in: body, row: row)
    }
    canvas.sheetScrollBar(body, first: start, rows: rows, count: count)
  }

  private var heading: SheetLine {
    let counts = text.counts
    return SheetLine([
      ("\(counts.both) in both", .text), (" · \(counts.first) only A", .accepted),
      (" · \(counts.second) only B", .rejected),
    ])
  }

  private func memberLines(_ columns: Int, _ theme: Theme) -> [SheetLine] {
    members.isEmpty
      ? [SheetLine("The same members with the same weights.", .muted)]
      : members.map { line($0, columns, theme) }
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
