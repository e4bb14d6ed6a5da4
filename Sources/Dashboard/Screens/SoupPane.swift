import Averaging
import Checkpoints
import Evaluation
import Kitchen
import TerminalUI
import Themes

/// The hand-picked soup: its numbers as they come, held against the best single and other soups.
struct SoupPane {
  let state: State

  /// One line of the comparison.
  private struct Line {
    let glyph: Character
    let name: String
    let style: Style
    let cells: [(text: String, style: Style)]
  }

  func draw(_ canvas: inout Canvas, in rect: Rect, focused: Bool) {
    let count = state.set.members.count
    let hidden = state.hiddenMembers
    let weighted = state.set.weights == nil ? "" : ", weighted"
    let title =
      count == 0 ? "soup" : "soup · \(count) of \(state.table.ingredients.count)\(weighted)"
    let inside = canvas.pane(
      .soup, in: rect, focused: focused, title: title,
      note: hidden > 0 ? "\(hidden) hidden by the filter" : "")
    guard inside.rows > 0 else { return }
    var row = 0
    drawStatus(&canvas, in: inside, row: &row)
    drawInterval(&canvas, in: inside, row: &row)
    drawComparison(&canvas, in: inside, row: &row)
    SoupEvidence(state: state).draw(&canvas, in: inside, row: &row)
    drawWarnings(&canvas, in: inside, row: &row)
    drawMembers(&canvas, in: inside, row: row)
  }

  // MARK: Status

  private func drawStatus(_ canvas: inout Canvas, in inside: Rect, row: inout Int) {
    let theme = canvas.theme
    let reading = state.bench.reading(.soup, on: state.selectionSplit)
    switch state.bench.progress {
    case .empty:
      canvas.write(
        [("Space", theme[.keyHint]), (" puts the ingredient under the cursor in", theme[.muted])],
        in: inside, row: row)
    case .pending:
      canvas.write(
        "\(theme.glyphs.pending) pending", in: inside, row: row, style: theme[.pending])
    case .counting:
      if let reading { drawCounting(&canvas, reading, in: inside, row: row) }
    case .measured:
      if let reading, let score = reading.score {
        drawMeasured(&canvas, score, in: inside, row: row)
      }
    case .failed(let cause):
      canvas.write(cause, in: inside, row: row, style: theme[.error])
    }
    row += 2
  }

  private func drawCounting(
    _ canvas: inout Canvas, _ reading: Reading, in inside: Rect, row: Int
  ) {
    let theme = canvas.theme
    let share = Double(reading.seen) / Double(max(1, reading.n))
    let bar = Bar.text(share: share, columns: 12, theme.glyphs).rightPadded(to: 12)
    canvas.write(
      [
        (headline(reading.correct, reading.seen), theme[.pending].adding(.bold)),
        ("  \(reading.correct)/\(reading.seen) ", theme[.pending]), (bar, theme[.gauge]),
        (" of \(reading.n)", theme[.muted]),
      ], in: inside, row: row)
  }

  private func drawMeasured(_ canvas: inout Canvas, _ score: Score, in inside: Rect, row: Int) {
    let theme = canvas.theme
    var pieces = [
      (headline(score.correct, score.n), theme[.soup].adding(.bold)),
      ("  \(score.correct)/\(score.n)", theme[.text]),
    ]
    if let best = state.bestSingle, let accuracy = score.accuracy {
      let difference = accuracy - best.accuracy
      let style = theme[difference > 0 ? .success : difference < 0 ? .error : .muted]
      pieces.append(("  \(Numbers.points(difference))", style))
      pieces.append((" against \(best.name)", theme[.muted]))
    }
    canvas.write(pieces, in: inside, row: row)
  }

  private func headline(_ correct: Int, _ seen: Int) -> String {
    guard seen > 0 else { return "–" }
    let interval = Score(correct: correct, n: seen).wilson()
    let plusMinus = interval.map { " ±" + Numbers.percent(($0.upper - $0.lower) / 2) } ?? ""
    return "\(state.selectionSplit) \(Numbers.percent(Double(correct) / Double(seen)))\(plusMinus)"
  }

  // MARK: Interval

  /// The soup's 95 % interval on one scale with what it is compared to.
  private func drawInterval(_ canvas: inout Canvas, in inside: Rect, row: inout Int) {
    guard inside.rows >= 9, inside.columns >= 40 else { return }
    let theme = canvas.theme
    var marks: [(value: Double, glyph: Character, style: Style)] = []
    if let best = state.bestSingle {
      marks.append((best.accuracy, theme.glyphs.best, theme[.best]))
    }
    for (subject, glyph, token) in [("uniform", theme.glyphs.uniform, Token.uniform)] {
      if let value = state.bench.reference(subject)?.scores[state.selectionSplit]?.accuracy {
        marks.append((value, glyph, theme[token]))
      }
    }
    if let value = currentReading(.ensemble)?.score?.accuracy {
      marks.append((value, theme.glyphs.ensemble, theme[.ensemble]))
    }
    var interval: ClosedRange<Double>?
    if let reading = currentReading(.soup), reading.seen > 0 {
      interval = Score(correct: reading.correct, n: reading.seen).wilson().map {
        $0.lower...$0.upper
      }
      let value = Double(reading.correct) / Double(reading.seen)
      marks.append((value, theme.glyphs.soup, theme[reading.score == nil ? .pending : .soup]))
    }
    guard marks.count > 1 || interval != nil else { return }
    let strip = IntervalStrip(marks: marks, interval: interval)
    strip.draw(&canvas, in: inside, row: row)
    row += 2
  }

  private func currentReading(_ subject: Reading.Subject) -> Reading? {
    state.bench.reading(subject, on: state.selectionSplit).flatMap {
      state.bench.isStale($0) ? nil : $0
    }
  }

  // MARK: Comparison

  private func drawComparison(_ canvas: inout Canvas, in inside: Rect, row: inout Int) {
    let theme = canvas.theme
    let lines = comparison(theme)
    let names = lines.map { TextWidth.columns(of: $0.name) + 2 }.max() ?? 0
    let nameColumns = min(max(names, 14), max(14, inside.columns - 14))
    let columns = SplitColumns(state.splits, room: inside.columns - nameColumns)
    canvas.write(columns.header, in: inside, row: row, column: nameColumns, style: theme[.header])
    row += 1
    for line in lines where row < inside.rows {
      canvas.write(
        [("\(line.glyph) ", line.style), (line.name, line.style)], in: inside, row: row)
      for (place, cell) in line.cells.prefix(columns.splits.count).enumerated() {
        canvas.write(
          cell.text.leftPadded(to: columns.width), in: inside, row: row,
          column: nameColumns + place * columns.width, style: cell.style)
      }
      row += 1
    }
  }

  private func comparison(_ theme: Theme) -> [Line] {
    var lines: [Line] = []
    if !state.set.members.isEmpty {
      lines.append(
        line("this soup", theme.glyphs.soup, theme[.soup], readings(.soup), theme))
      if state.set.members.count > 1 {
        lines.append(
          line(
            "its ensemble", theme.glyphs.ensemble, theme[.ensemble], readings(.ensemble), theme))
      }
    }
    if let best = state.bestSingle {
      let cells = state.splits.map { split -> (text: String, style: Style) in
        guard let accuracy = state.table.accuracy(of: best.name, on: split)?.value else {
          return ("–", theme[.muted])
        }
        return (Numbers.percent(accuracy), theme[.text])
      }
      lines.append(
        Line(
          glyph: theme.glyphs.best, name: "best single \(best.name)", style: theme[.best],
          cells: cells))
    }
    lines += keptLines(theme)
    for reference in state.bench.references {
      let style = theme[reference.name.hasPrefix("uniform") ? .uniform : .text]
      let cells = state.splits.map { split -> (text: String, style: Style) in
        guard let accuracy = reference.scores[split]?.accuracy else {
          return ("–", theme[.muted])
        }
        return (Numbers.percent(accuracy), theme[.text])
      }
      lines.append(
        Line(glyph: theme.glyphs.uniform, name: reference.name, style: style, cells: cells))
    }
    return lines
  }

  private func keptLines(_ theme: Theme) -> [Line] {
    state.set.kept.map { soup in
      let scores = state.scores(of: .kept(soup.name))
      let cells = state.splits.map { split -> (text: String, style: Style) in
        guard let accuracy = scores[split]?.accuracy else { return ("–", theme[.muted]) }
        return (Numbers.percent(accuracy), theme[.text])
      }
      return Line(
        glyph: theme.glyphs.soup, name: "\(soup.name) (\(soup.blend.terms.count))",
        style: theme[.text], cells: cells)
    }
  }

  private func readings(_ subject: Reading.Subject) -> [Reading?] {
    state.splits.map { state.bench.reading(subject, on: $0) }
  }

  private func line(
    _ name: String, _ glyph: Character, _ style: Style, _ readings: [Reading?], _ theme: Theme
  ) -> Line {
    let cells = readings.map { reading -> (text: String, style: Style) in
      guard let reading, reading.seen > 0 else { return ("–", theme[.muted]) }
      let text = Numbers.percent(Double(reading.correct) / Double(reading.seen))
      if state.bench.isStale(reading) { return ("\(theme.glyphs.stale)\(text)", theme[.stale]) }
      return (text, reading.score == nil ? theme[.pending] : style)
    }
    return Line(glyph: glyph, name: name, style: style, cells: cells)
  }

  // MARK: Warnings

  /// What the pre-flight comparison says of members, a line each, three at most.
  private func drawWarnings(_ canvas: inout Canvas, in inside: Rect, row: inout Int) {
    let theme = canvas.theme
    let warnings = state.set.members.compactMap(state.table.warning(of:))
    for finding in warnings.prefix(3) where row < inside.rows - 1 {
      let more = warnings.count > 3 && finding == warnings[2] ? " (+\(warnings.count - 3))" : ""
      let text = "\(theme.glyphs.warning) \(finding.subject ?? "") \(finding.problem)\(more)"
      canvas.write(text, in: inside, row: row, style: theme[.warning])
      row += 1
    }
  }

  // MARK: Members

  private func drawMembers(_ canvas: inout Canvas, in inside: Rect, row: Int) {
    var row = row + 1
    var column = 0
    let theme = canvas.theme
    let weights = state.set.weights
    for (place, name) in state.set.members.enumerated() {
      let label = weights.map { name + " " + Numbers.weight($0[place]) } ?? name
      let width = TextWidth.columns(of: label)
      if column + width > inside.columns {
        row += 1
        column = 0
      }
      guard row < inside.rows else { return }
      let left = state.set.members.count - place
      if row == inside.rows - 1, column + width + 8 > inside.columns, left > 1 {
        canvas.write("+\(left)", in: inside, row: row, column: column, style: theme[.muted])
        return
      }
      let isShown = state.table.row(of: name) != nil
      canvas.write(
        label, in: inside, row: row, column: column, style: theme[isShown ? .mark : .muted])
      column += width + (weights == nil ? 1 : 3)
    }
  }
}

/// Accuracies as marks on one line, with an interval behind one of them.
struct IntervalStrip {
  let marks: [(value: Double, glyph: Character, style: Style)]
  let interval: ClosedRange<Double>?

  func draw(_ canvas: inout Canvas, in inside: Rect, row: Int) {
    let theme = canvas.theme
    var values = marks.map(\.value)
    if let interval { values += [interval.lowerBound, interval.upperBound] }
    guard let least = values.min(), let most = values.max() else { return }
    let margin = max((most - least) * 0.05, 0.002)
    let (low, high) = (max(0, least - margin), min(1, most + margin))
    let (lowText, highText) = (Numbers.percent(low), Numbers.percent(high))
    let track = inside.inset(left: lowText.count + 1, right: highText.count + 1)
    guard track.columns > 8 else { return }
    canvas.write(lowText, in: inside, row: row, style: theme[.axisLabel])
    canvas.writeRight(highText, in: inside, row: row, style: theme[.axisLabel])
    func column(_ value: Double) -> Int {
      Int(((value - low) / (high - low) * Double(track.columns - 1)).rounded())
    }
    let dash = theme.glyphs.unicode ? "╌" : "."
    let full = theme.glyphs.unicode ? "━" : "="
    canvas.write(
      String(repeating: dash, count: track.columns), in: track, row: row, style: theme[.axis])
    if let interval {
      let (start, end) = (column(interval.lowerBound), column(interval.upperBound))
      canvas.write(
        String(repeating: full, count: max(1, end - start + 1)), in: track, row: row,
        column: start, style: theme[.soup])
    }
    for mark in marks {
      canvas.write(
        String(mark.glyph), in: track, row: row, column: column(mark.value),
        style: mark.style.adding(.bold))
    }
  }
}
