import Averaging
import Evaluation
import Foundation
import Kitchen
import Recipes
import Sweeps
import TerminalUI
import Themes

/// One row a job, and the decisions of the job that is shown.
struct JobsPane {
  let state: State

  func draw(_ canvas: inout Canvas, in rect: Rect, focused: Bool) {
    let running = state.jobs.count { !$0.status.isOver }
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
      DecisionsView(state: state, job: job).draw(&canvas, in: inside.cutTop(listRows).rest)
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
      ("#\(job.id)".leftPadded(to: 3), muted), (priority(of: job), muted),
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
      if job.isHeld {
        pieces.append(("  others go first", muted))
      } else if let current = job.current {
        pieces.append(("  \(current)", muted))
      }
    } else {
      pieces += summary(of: job, text: text, muted: muted)
    }
    canvas.write(pieces, in: line, row: 0)
  }

  /// `+1` for what goes before others, `−1` for what goes after them.
  private func priority(of job: Job) -> String {
    let number =
      job.priority == 0 || job.status.isOver
      ? "" : job.priority > 0 ? "+\(job.priority)" : "−\(-job.priority)"
    return number.leftPadded(to: 2) + " "
  }

  private func status(of job: Job) -> (String, Token) {
    switch job.status {
    case _ where job.isHeld: ("waiting", .pending)
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
    if case .failed(let cause) = job.status {
      return [(cause.split(separator: "\n").joined(separator: " "), muted)]
    }
    guard let result = job.result else { return [] }
    var pieces: [(text: String, style: Style)] = []
    pieces.append((members(of: result).rightPadded(to: 10), text))
    for (split, score) in result.metrics.prefix(2) {
      if let accuracy = score.accuracy {
        pieces.append(("\(split) ", muted))
        pieces.append((Numbers.percent(accuracy).rightPadded(to: 7), text.adding(.bold)))
      }
    }
    if job.isEarlier, let finished = job.finishedAt {
      pieces.append(("cooked \(Numbers.moment(finished))", muted))
      return pieces
    }
    let examples =
      result.evaluatedExamples == 0
      ? "all from the ledger" : "\(result.evaluatedExamples) examples evaluated"
    pieces.append(("\(examples) in \(Numbers.duration(result.seconds))", muted))
    if let spared = sparing(of: job) { pieces.append((" · \(spared)", muted)) }
    return pieces
  }

  /// `10 of 24`; the initialisation is no ingredient.
  private func members(of result: SoupResult) -> String {
    let taken = Set(result.blend.ingredients)
    let origin = (state.sweep.initialisation?.name).flatMap { taken.contains($0) ? $0 : nil }
    let count = taken.count - (origin == nil ? 0 : 1)
    return "\(count) of \(state.table.ingredients.count)" + (origin.map { " + \($0)" } ?? "")
  }

  /// What giving up candidates early has spared so far.
  private func sparing(of job: Job) -> String? {
    let sparing = Sparing(over: job.decisions)
    guard sparing.abandoned > 0, let share = sparing.share else { return nil }
    return "\(Int((share * 100).rounded())) % spared"
  }
}
