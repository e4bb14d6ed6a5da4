import Averaging
import Evaluation
import Foundation
import Kitchen
import Recipes
import TerminalUI
import Themes

/// One row a job, and the decisions of the job that is shown.
struct JobsPane {
  let state: State

  func draw(_ canvas: inout Canvas, in rect: Rect, focused: Bool) {
    let running = state.runningJobs.count
    let inside = canvas.pane(
      .jobs, in: rect, focused: focused, title: running == 0 ? "jobs" : "jobs · \(running) running")
    guard inside.rows > 0 else { return }
    guard !state.jobs.isEmpty else {
      canvas.write(
        [
          ("R", canvas.theme[.keyHint]),
          (" starts a recipe: greedy, uniform, pruned, ensembles …", canvas.theme[.muted]),
        ], in: inside, row: 0)
      return
    }
    let listRows = min(state.jobs.count, max(1, inside.rows - 2))
    drawList(&canvas, in: inside.cutTop(listRows).cut, focused: focused)
    if let job = state.shownJob {
      drawDecisions(&canvas, job, in: inside.cutTop(listRows).rest)
    }
  }

  // MARK: The list

  private func drawList(_ canvas: inout Canvas, in area: Rect, focused: Bool) {
    let shownID = state.shownJob?.id
    let place = state.jobs.firstIndex { $0.id == shownID } ?? state.jobs.count - 1
    let first = min(max(0, place - area.rows / 2), max(0, state.jobs.count - area.rows))
    for row in 0..<min(area.rows, state.jobs.count - first) {
      let job = state.jobs[first + row]
      let line = Rect(
        column: area.left, row: area.top + row, columns: area.columns, rows: 1)
      let isShown = job.id == shownID && focused
      if isShown { canvas.buffer.fill(line, style: canvas.theme[.selection]) }
      drawJob(&canvas, job, in: line, isSelected: isShown)
      canvas.hits.append(Canvas.Hit(rect: line, target: .job(job.id)))
    }
  }

  private func drawJob(_ canvas: inout Canvas, _ job: Job, in line: Rect, isSelected: Bool) {
    let theme = canvas.theme
    let text = isSelected ? theme[.selection] : theme[.text]
    let muted = isSelected ? theme[.selection] : theme[.muted]
    let (word, token) = status(of: job)
    var pieces = [
      ("#\(job.id) ".leftPadded(to: 4), muted),
      (job.spec.title.rightPadded(to: 18), text.adding(.bold)),
      (word.rightPadded(to: 10), isSelected ? text : theme[token]),
    ]
    if !job.status.isOver {
      let share = job.steps == 0 ? 0 : Double(job.step) / Double(job.steps)
      let bar = Bar.text(share: share, columns: 14, theme.glyphs)
      pieces.append((bar.rightPadded(to: 14), isSelected ? text : theme[.gauge]))
      pieces.append((" \(job.step)/\(job.steps)", muted))
      if let left = job.secondsLeft(at: state.now) {
        pieces.append(("  \(Numbers.duration(left)) left", muted))
      }
      if let spared = sparing(of: job) { pieces.append(("  \(spared)", muted)) }
      if let current = job.current { pieces.append(("  \(current)", muted)) }
    } else {
      pieces += summary(of: job, text: text, muted: muted)
    }
    canvas.write(pieces, in: line, row: 0)
  }

  private func status(of job: Job) -> (String, Token) {
    switch job.status {
    case .queued: ("queued", .pending)
    case .running: ("running", .running)
    case .paused: ("paused", .warning)
    case .done: ("done", .success)
    case .cancelled: ("cancelled", .muted)
    case .failed: ("failed", .error)
    }
  }

  private func summary(
    of job: Job, text: Style, muted: Style
  ) -> [(text: String, style: Style)] {
    if case .failed(let cause) = job.status { return [(cause, muted)] }
    guard let result = job.result else { return [] }
    var pieces: [(text: String, style: Style)] = []
    let members = Set(result.blend.ingredients).count
    pieces.append(("\(members) of \(state.table.ingredients.count)".rightPadded(to: 10), text))
    for (split, score) in result.metrics.prefix(2) {
      if let accuracy = score.accuracy {
        pieces.append(("\(split) ", muted))
        pieces.append((Numbers.percent(accuracy).rightPadded(to: 7), text.adding(.bold)))
      }
    }
    let examples =
      result.evaluatedExamples == 0
      ? "all from the ledger" : "\(result.evaluatedExamples) examples evaluated"
    pieces.append(("\(examples) in \(Numbers.duration(result.seconds))", muted))
    if let spared = sparing(of: job) { pieces.append((" · \(spared)", muted)) }
    return pieces
  }

  /// What giving up candidates early has spared so far.
  private func sparing(of job: Job) -> String? {
    let sparing = Sparing(over: job.decisions)
    guard sparing.abandoned > 0, let share = sparing.share else { return nil }
    return "\(Int((share * 100).rounded())) % spared"
  }

  // MARK: The decisions

  /// In columns, read downwards, the newest always in sight.
  private func drawDecisions(_ canvas: inout Canvas, _ job: Job, in area: Rect) {
    guard area.rows > 0, area.columns >= 24, !job.decisions.isEmpty else { return }
    let widest = job.decisions.map { TextWidth.columns(of: $0.candidate) }.max() ?? 0
    let name = min(max(widest, 6), 20)
    let cell = name + (job.spec.metric == nil ? 14 : 20)
    let columns = max(1, area.columns / cell)
    let capacity = columns * area.rows
    let shown = job.decisions.suffix(capacity)
    for (place, decision) in shown.enumerated() {
      let column = place / area.rows * cell
      drawDecision(
        &canvas, decision, by: job.spec.metric, nameColumns: name, in: area,
        row: place % area.rows, column: column)
    }
  }

  private func drawDecision(
    _ canvas: inout Canvas, _ decision: Decision, by metric: Metric?, nameColumns: Int,
    in area: Rect, row: Int, column: Int
  ) {
    let theme = canvas.theme
    let style = theme[decision.isAccepted ? .accepted : .rejected]
    let mark = decision.isAccepted ? theme.glyphs.tick : theme.glyphs.cross
    let name = TextWidth.elide(decision.candidate, to: nameColumns, .middle)
    let (count, change) = numbers(of: decision, by: metric)
    canvas.write(
      [
        ("\(mark) ", style), (name.rightPadded(to: nameColumns), style),
        (
          count.leftPadded(to: metric == nil ? 6 : 9),
          theme[decision.isAccepted ? .text : .muted]
        ),
        (change.leftPadded(to: metric == nil ? 5 : 8), theme[.muted]),
      ], in: area, row: row, column: column)
  }

  /// The merit and how far it is above the bar, in what the recipe selects by.
  private func numbers(of decision: Decision, by metric: Metric?) -> (String, String) {
    let judgement = decision.judgement
    guard let metric else {
      let bound = judgement.isAbandoned ? "≤" : ""
      let count = judgement.score.correct + judgement.unseenExamples
      return ("\(bound)\(count)", margin(of: decision))
    }
    let value = metric.value(ofMerit: judgement.merit, examples: judgement.score.n)
    if metric.countsExamples { return (metric.text(value), margin(of: decision)) }
    let change = decision.margin.map { ($0 < 0 ? "" : "+") + metric.text($0) } ?? ""
    return (metric.text(value), change)
  }

  private func margin(of decision: Decision) -> String {
    // How far below the bar a candidate would have ended that was given up is not known.
    guard let margin = decision.margin, !decision.judgement.isAbandoned else { return "" }
    guard margin == margin.rounded() else { return String(format: "%+.2g", margin) }
    let whole = Int(margin)
    return whole < 0 ? "−\(-whole)" : "+\(whole)"
  }
}
