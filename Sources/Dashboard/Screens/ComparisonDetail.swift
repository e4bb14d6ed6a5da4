import Charts
import Evaluation
import Foundation
import Kitchen
import Recipes
import TerminalUI
import Themes

/// What is known of the selected recipe, beside what accuracy costs.
struct ComparisonDetail {
  let state: State
  let standing: ComparisonStanding
  let selected: Int

  func draw(_ canvas: inout Canvas, in area: Rect) {
    guard standing.rows.indices.contains(selected) else { return }
    // One point is no comparison.
    let isWorthIt = standing.rows.count { $0.result != nil } > 1
    let hasChart = area.columns >= 96 && area.rows >= 8 && isWorthIt
    let parts = area.split(
      .horizontal, hasChart ? [.bounded(0.42, in: 40...70), .fill(1)] : [.fill(1)], gap: 3)
    drawText(&canvas, standing.rows[selected], in: parts[0])
    if hasChart { drawCost(&canvas, in: parts[1]) }
  }

  private func drawText(_ canvas: inout Canvas, _ row: ComparisonStanding.Row, in area: Rect) {
    let theme = canvas.theme
    guard let result = row.result, let best = result.bestOnVal else {
      canvas.write(row.label, in: area, row: 0, style: theme[.title].adding(.bold))
      let lines = WordWrap.lines(explanation(of: row), columns: area.columns)
      for (place, line) in lines.enumerated() {
        canvas.write(line, in: area, row: place + 1, style: theme[.muted])
      }
      return
    }
    let repeats = result.results.count
    canvas.write(
      [
        (row.label, theme[.title].adding(.bold)),
        (
          repeats > 1 ? "  the best of \(repeats) on val, seed \(best.spec.seed)" : "",
          theme[.muted]
        ),
      ], in: area, row: 0)
    var line = 1
    for (split, score) in best.metrics where line < area.rows {
      draw(&canvas, split, score, best.calibrations[split], in: area, row: line)
      line += 1
    }
    let cost =
      "\(String(format: "%.1f", result.passes)) passes, \(best.evaluatedExamples) examples in "
      + Numbers.duration(best.seconds)
    if line < area.rows { canvas.write(cost, in: area, row: line, style: theme[.muted]) }
    line += 2
    let members = WordWrap.lines(weights(of: best), columns: area.columns)
    for text in members where line < area.rows {
      canvas.write(text, in: area, row: line, style: theme[.mark])
      line += 1
    }
  }

  private func draw(
    _ canvas: inout Canvas, _ split: String, _ score: Score, _ calibration: Calibration?,
    in area: Rect, row: Int
  ) {
    let theme = canvas.theme
    let name = split.hasPrefix("shift_") ? String(split.dropFirst(6)) : split
    let share = score.accuracy.map(Numbers.percent) ?? "–"
    let interval = score.wilson().map { " ±" + Numbers.percent(($0.upper - $0.lower) / 2) } ?? ""
    var pieces: [(text: String, style: Style)] = [
      (TextWidth.elide(name, to: 18).rightPadded(to: 19), theme[.muted]),
      (share, theme[.text].adding(.bold)), (interval, theme[.muted]),
      ("  \(score.correct)/\(score.n)", theme[.text]),
    ]
    if let calibration {
      pieces.append((String(format: "  nll(β) %.4f", calibration.nll), theme[.muted]))
    }
    canvas.write(pieces, in: area, row: row)
  }

  /// Names, and weights where they differ.
  private func weights(of result: SoupResult) -> String {
    let weights = result.weights
    let isEven = Set(weights.values.map { ($0 * 1e6).rounded() }).count <= 1
    return result.ingredients.map { name in
      isEven ? name : "\(name)·\(Numbers.compact(((weights[name] ?? 0) * 1000).rounded() / 1000))"
    }.joined(separator: " ")
  }

  private func explanation(of row: ComparisonStanding.Row) -> String {
    switch row.status {
    case .skipped(let reason): "Left out: \(reason)."
    case .cooking: "At work."
    case .waiting, .done: "About \(row.cost) over \(state.selectionSplit)."
    }
  }

  /// Accuracy on test (val without one) against the passes over val that finding the soup takes.
  private func drawCost(_ canvas: inout Canvas, in area: Rect) {
    let groups = ComparisonColumns(sweep: state.sweep).all
    guard let group = groups.first(where: { $0.title == "test" }) ?? groups.first else { return }
    let points = standing.rows.compactMap { row -> ScatterPoint? in
      guard let result = row.result, let y = result.accuracy(on: group.splits) else { return nil }
      return ScatterPoint(row.label, x: max(1, result.passes), y: y, label: row.label)
    }
    let chart = ScatterChart(
      groups: [ScatterGroup("recipes", points, look: SeriesLooks.soup)],
      x: Axis("passes over \(state.selectionSplit) to find it", scale: .log10, format: .integer),
      y: Axis("accuracy on \(group.title)", format: .percent), front: (x: .lower, y: .higher),
      selected: standing.rows[selected].label, empty: "what accuracy costs appears here")
    let frame = chart.render(
      columns: area.columns, rows: area.rows, marker: canvas.theme.glyphs.plot)
    canvas.draw(frame, at: area.origin)
  }
}
