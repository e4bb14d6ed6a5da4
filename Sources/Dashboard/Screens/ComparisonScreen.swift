import Evaluation
import Foundation
import Kitchen
import Recipes
import Sweeps
import TerminalUI
import Themes

/// Every recipe on the sweep at hand, side by side: the paper's table 3, filling while it is cooked.
struct ComparisonScreen {
  let state: State
  let selected: Int

  func draw(_ canvas: inout Canvas) {
    let theme = canvas.theme
    let (hints, body) = canvas.buffer.bounds.cutBottom(1)
    canvas.buffer.fill(body, style: theme[.text])
    let inside = canvas.buffer.box(
      body, border: theme.glyphs.borderFocus, style: theme[.borderFocus],
      title: "every recipe on \(state.sweep.name)", titleStyle: theme[.titleFocus], note: note,
      noteStyle: theme[.muted]
    ).inset(left: 1, right: 1)
    guard let standing = state.comparison else {
      if let trouble = state.evaluatorTrouble {
        canvas.write(trouble, in: inside, row: 0, style: theme[.error])
      } else {
        canvas.write(
          "Working out what it costs; Enter does not wait for it.", in: inside, row: 0,
          style: theme[.muted])
      }
      return drawHints(&canvas, in: hints)
    }
    drawHeadline(&canvas, standing, in: inside)
    let table = ComparisonGrid(state: state, standing: standing, selected: selected)
    let room = inside.inset(top: inside.rows > 16 ? 2 : 1)
    let rows = table.draw(&canvas, in: room)
    let rest = room.inset(top: rows + 1)
    if rest.rows >= 2 {
      ComparisonDetail(state: state, standing: standing, selected: selected)
        .draw(&canvas, in: rest)
    }
    drawHints(&canvas, in: hints)
  }

  private var note: String {
    guard let standing = state.comparison else { return "" }
    let done = standing.rows.count { $0.result != nil }
    switch standing.status {
    case .queued: return "not started"
    case .running: return "\(done) of \(standing.rows.count)"
    case .paused: return "paused · \(done) of \(standing.rows.count)"
    case .done: return "done"
    case .cancelled: return "stopped · \(done) of \(standing.rows.count)"
    case .failed: return "failed"
    }
  }

  // MARK: Headline

  private func drawHeadline(
    _ canvas: inout Canvas, _ standing: ComparisonStanding, in inside: Rect
  ) {
    let theme = canvas.theme
    switch standing.status {
    case .queued:
      canvas.write(
        [
          ("Enter", theme[.keyHint]),
          (" cooks them all: about \(Int(standing.passes.rounded())) passes over ", theme[.text]),
          ("\(state.selectionSplit); what is known costs nothing", theme[.text]),
        ], in: inside, row: 0)
    case .running, .paused:
      drawProgress(&canvas, standing, in: inside)
    case .done:
      let seconds = standing.startedAt.flatMap { standing.finishedAt?.timeIntervalSince($0) }
      let parts =
        verdicts(standing, theme)
        + [[(seconds.map { "  cooked in \(Numbers.duration($0))" } ?? "", theme[.muted])]]
      canvas.write(whole(parts, within: inside.columns), in: inside, row: 0)
    case .cancelled:
      canvas.write(
        [
          ("stopped; what was evaluated is kept. ", theme[.muted]), ("s", theme[.keyHint]),
          (" goes on", theme[.muted]),
        ], in: inside, row: 0)
    case .failed(let cause):
      canvas.write(cause, in: inside, row: 0, style: theme[.error])
    }
  }

  private func drawProgress(
    _ canvas: inout Canvas, _ standing: ComparisonStanding, in inside: Rect
  ) {
    let theme = canvas.theme
    let columns = min(30, inside.columns / 4)
    let bar = Bar.text(share: standing.share, columns: columns, theme.glyphs)
    let isPaused = standing.status == .paused
    var pieces: [(text: String, style: Style)] = [
      (bar, theme[isPaused ? .warning : .gauge]),
      (String(repeating: "·", count: max(0, columns - bar.count)), theme[.gaugeEmpty]),
      (" \(Int(standing.share * 100)) %", theme[.text].adding(.bold)),
    ]
    if isPaused {
      pieces.append(("  paused", theme[.warning]))
    } else if let left = standing.secondsLeft(at: state.now) {
      pieces.append(("  about \(Numbers.duration(left)) left", theme[.muted]))
    }
    for case (let label, .cooking(let current, _)) in standing.rows.map({ ($0.label, $0.status) }) {
      pieces.append(("  \(label)", theme[.running]))
      if !current.isEmpty { pieces.append((": \(current)", theme[.muted])) }
    }
    canvas.write(pieces, in: inside, row: 0)
  }

  /// As many of the parts as have room, none of them cut but the first.
  private func whole(
    _ parts: [[(text: String, style: Style)]], within columns: Int
  ) -> [(text: String, style: Style)] {
    var shown: [(text: String, style: Style)] = []
    for part in parts {
      let next = shown + part
      guard shown.isEmpty || TextWidth.columns(of: next.map(\.text).joined()) <= columns else {
        break
      }
      shown = next
    }
    return shown
  }

  /// Which recipe is best where it counts, group by group.
  private func verdicts(
    _ standing: ComparisonStanding, _ theme: Theme
  ) -> [[(text: String, style: Style)]] {
    let groups = ComparisonColumns(sweep: state.sweep)
    var parts: [[(text: String, style: Style)]] = []
    for group in groups.all {
      let ranked = standing.rows.compactMap { row in
        row.result?.accuracy(on: group.splits).map { (row.label, $0) }
      }
      guard let best = ranked.max(by: { $0.1 < $1.1 }) else { continue }
      parts.append([
        (parts.isEmpty ? "best on " : "   on ", theme[.muted]),
        ("\(group.title) ", theme.series(group.look).style),
        (best.0, theme[.text].adding(.bold)),
      ])
    }
    return parts
  }

  private func drawHints(_ canvas: inout Canvas, in rect: Rect) {
    let theme = canvas.theme
    let background = theme[.status].background
    canvas.buffer.fill(rect, style: theme[.status])
    if let message = state.log.current(at: state.now), message.severity == .trouble {
      canvas.write(message.text, in: rect, row: 0, style: theme[.error].on(background))
      return
    }
    let isAtWork = state.comparison?.isAtWork ?? false
    let isThere = state.comparison?.rows.indices.contains(selected) ?? false
    let best = isThere ? state.comparison?.rows[selected].result?.bestOnVal : nil
    let hasSoup = best != nil
    var hints: [(String, String)] = []
    if let best {
      hints.append(("Enter", best.kind == .ensemble ? "take its members" : "take its soup"))
    }
    if isAtWork {
      hints += [("p", state.comparison?.status == .paused ? "resume" : "pause"), ("x", "stop")]
    } else {
      hints.append(hasSoup ? ("s", "cook again") : ("Enter", "cook all"))
    }
    hints += [("j k", "select"), ("Esc", "back")]
    canvas.write(
      hints.flatMap {
        [($0.0, theme[.keyHint].on(background)), (" \($0.1)  ", theme[.status])]
      }, in: rect, row: 0)
  }
}

/// The groups of splits that a comparison shows: val, test and the shifts together.
struct ComparisonColumns {
  struct Group {
    let title: String
    let splits: [String]
    /// Its place among the looks of series.
    let look: Int
  }

  let all: [Group]

  init(sweep: Sweep) {
    func names(_ role: SplitRole) -> [String] {
      sweep.splits.filter { $0.role == role }.map(\.name)
    }
    all = [
      Group(title: "val", splits: names(.val), look: SeriesLooks.soup),
      Group(title: "test", splits: names(.test), look: SeriesLooks.ingredients),
      Group(title: "shifts", splits: names(.shift), look: SeriesLooks.uniform),
    ].filter { !$0.splits.isEmpty }
  }
}
