import Evaluation
import Foundation
import Kitchen
import Recipes
import TerminalUI
import Themes

/// What a job decided, or why it failed.
///
/// A strip shows every decision as a bar as high as its margin; below it those about the place that
/// is scrolled to stand with their numbers, the newest in sight until one scrolls back.
struct DecisionsView {
  let state: State
  let job: Job
  private let nameColumns: Int

  /// Decisions by which the width of names is judged, so that a long job costs a frame no more.
  private static let sample = 200

  init(state: State, job: Job) {
    self.state = state
    self.job = job
    let names = job.decisions.prefix(Self.sample).lazy.map(\.candidate)
    nameColumns = min(max(names.map(TextWidth.columns(of:)).max() ?? 0, 6), 20)
  }

  func draw(_ canvas: inout Canvas, in area: Rect) {
    guard area.rows > 0, area.columns >= 24 else { return }
    if case .failed(let cause) = job.status {
      drawFailure(&canvas, cause, in: area)
      return
    }
    guard !job.decisions.isEmpty else { return }
    let hasStrip = area.rows >= 3 && job.decisions.count > 1
    let list = hasStrip ? area.cutTop(1).rest : area
    let shown = shownRange(in: list)
    if hasStrip { drawStrip(&canvas, shown, in: area.cutTop(1).cut) }
    for (place, number) in shown.enumerated() {
      drawDecision(
        &canvas, number, in: list, row: place % list.rows,
        column: place / list.rows * cellColumns)
    }
  }

  // MARK: Failures

  private func drawFailure(_ canvas: inout Canvas, _ cause: String, in area: Rect) {
    let lines = WordWrap.lines(cause, columns: area.columns)
    let room = area.rows > 1 ? area.rows - 1 : area.rows
    for (row, line) in lines.prefix(room).enumerated() {
      let isCut = row == room - 1 && lines.count > room
      canvas.write(isCut ? line + " …" : line, in: area, row: row, style: canvas.theme[.error])
    }
    guard area.rows > 1 else { return }
    let theme = canvas.theme
    canvas.write(
      [
        ("t", theme[.keyHint]), (" or ", theme[.muted]), ("Enter", theme[.keyHint]),
        (" tries again, what was measured is kept   ", theme[.muted]), ("L", theme[.keyHint]),
        (" shows the logs", theme[.muted]),
      ], in: area, row: min(area.rows - 1, lines.count))
  }

  // MARK: Which decisions

  private var cellColumns: Int { nameColumns + 8 + numberColumns.count + numberColumns.change }

  /// Places of the decisions that fit, in columns read downwards.
  private func shownRange(in list: Rect) -> Range<Int> {
    let columns = max(1, list.columns / cellColumns)
    let capacity = columns * list.rows
    let end = max(min(capacity, job.decisions.count), job.decisions.count - state.decisionsBack)
    return max(0, end - capacity)..<end
  }

  // MARK: The strip

  /// Accepted decisions stand as bars of their margin, rejected ones as faint bars of what they
  /// lacked; those listed below are underlined.
  private func drawStrip(_ canvas: inout Canvas, _ shown: Range<Int>, in area: Rect) {
    let theme = canvas.theme
    let accepted = job.decisions.count(where: \.isAccepted)
    let caption = "\(accepted) of \(job.decisions.count) accepted "
    let used = canvas.write(caption, in: area, row: 0, style: theme[.muted])
    let room = area.columns - used
    guard room >= 8 else { return }
    let most = job.decisions.lazy.compactMap(\.margin).map(abs).filter(\.isFinite).max() ?? 0
    // Where there are more than fit, those about the list are shown.
    let start = max(0, min(shown.upperBound - room, job.decisions.count - room))
    for (place, decision) in job.decisions.dropFirst(start).prefix(room).enumerated() {
      let margin = decision.margin.map(abs) ?? 0
      // Next to a diverged soup everything is far from the bar.
      let share = most > 0 ? min(margin.isNaN ? 1 : margin / most, 1) : 0
      let steps = theme.glyphs.bars
      let bar = steps[min(steps.count - 1, Int((share * Double(steps.count - 1)).rounded()))]
      var style = theme[decision.isAccepted ? .accepted : .rejected]
      if shown.contains(start + place), shown.count < job.decisions.count {
        style = style.adding(.underline)
      }
      // Without colours the shape has to say which is which.
      let isPlain = theme.depth == .none && !decision.isAccepted
      canvas.write(
        isPlain ? "." : String(bar), in: area, row: 0, column: used + place, style: style)
    }
  }

  // MARK: One decision

  private func drawDecision(
    _ canvas: inout Canvas, _ number: Int, in area: Rect, row: Int, column: Int
  ) {
    let theme = canvas.theme
    let decision = job.decisions[number]
    let style = theme[decision.isAccepted ? .accepted : .rejected]
    let mark = decision.isAccepted ? theme.glyphs.tick : theme.glyphs.cross
    let name = TextWidth.elide(decision.candidate, to: nameColumns, .middle)
    let (count, change) = numbers(of: decision)
    let (countColumns, changeColumns) = numberColumns
    canvas.write(
      [
        ("\(number + 1)".leftPadded(to: 4) + " ", theme[.muted]), ("\(mark) ", style),
        (name.rightPadded(to: nameColumns), style),
        (
          count.leftPadded(to: countColumns),
          theme[decision.isAccepted ? .text : .muted]
        ),
        (change.leftPadded(to: changeColumns), theme[.muted]),
      ], in: area, row: row, column: column)
  }

  private var numberColumns: (count: Int, change: Int) {
    job.spec.metric == nil ? (6, 5) : (9, 8)
  }

  /// The merit and how far it is above the bar, in what the recipe selects by.
  private func numbers(of decision: Decision) -> (String, String) {
    let judgement = decision.judgement
    guard let metric = job.spec.metric else {
      let bound = judgement.isAbandoned ? "≤" : ""
      let count = judgement.score.correct + judgement.unseenExamples
      return ("\(bound)\(count)", Self.margin(of: decision))
    }
    let value = metric.value(ofMerit: judgement.merit, examples: judgement.score.n)
    if metric.countsExamples { return (metric.text(value), Self.margin(of: decision)) }
    let change = decision.margin.map { ($0 < 0 ? "" : "+") + metric.text($0) } ?? ""
    return (metric.text(value), change)
  }

  private static func margin(of decision: Decision) -> String {
    // How far below the bar a candidate would have ended that was given up is not known.
    guard let margin = decision.margin, !decision.judgement.isAbandoned else { return "" }
    guard margin.isFinite else { return "–" }
    guard let whole = Int(exactly: margin) else { return String(format: "%+.2g", margin) }
    return whole < 0 ? "−\(-whole)" : "+\(whole)"
  }
}
