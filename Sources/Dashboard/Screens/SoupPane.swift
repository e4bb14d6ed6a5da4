import Averaging
import Checkpoints
import Evaluation
import Kitchen
import TerminalUI
import Themes

/// The hand-picked soup: its numbers as they come, held against the best single and other soups.
struct SoupPane {
  let state: State

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
    drawParts(&canvas, in: inside)
  }

  private func drawParts(_ canvas: inout Canvas, in inside: Rect) {
    let theme = canvas.theme
    let comparison = SoupComparison(state: state, theme: theme)
    let evidence = SoupEvidence(state: state).lines(theme, columns: inside.columns)
    let warnings = warnings(theme)
    let strip = inside.columns >= 40 ? intervalStrip(theme) : nil
    let room = SoupRows(
      in: inside.rows, hasStrip: strip != nil, own: comparison.own.count, evidence: evidence.count,
      members: members(theme, columns: inside.columns, most: inside.rows).count,
      warnings: warnings.count,
      others: comparison.others.count)
    drawStatus(&canvas, in: inside)
    var row = room.hasGapAboveStrip ? 2 : 1
    if let strip, room.hasStrip {
      strip.draw(&canvas, in: inside, row: row)
      row += 1
    }
    if room.hasGapAboveTable { row += 1 }
    row = comparison.draw(&canvas, in: inside, from: row, others: room.others)
    for line in evidence.prefix(room.evidence) + warnings.prefix(room.warnings) {
      canvas.write(line, in: inside, row: row)
      row += 1
    }
    if room.hasGapAboveMembers { row += 1 }
    for line in members(theme, columns: inside.columns, most: room.members) {
      canvas.write(line, in: inside, row: row)
      row += 1
    }
  }

  // MARK: Status

  private func drawStatus(_ canvas: inout Canvas, in inside: Rect) {
    let theme = canvas.theme
    let reading = state.bench.reading(.soup, on: state.selectionSplit)
    switch state.bench.progress {
    case .empty:
      canvas.write(
        [("Space", theme[.keyHint]), (" puts the ingredient under the cursor in", theme[.muted])],
        in: inside, row: 0)
    case .pending:
      canvas.write(
        "\(theme.glyphs.pending) pending", in: inside, row: 0, style: theme[.pending])
    case .counting:
      if let reading { drawCounting(&canvas, reading, in: inside, row: 0) }
    case .measured:
      if let reading, let score = reading.score {
        drawMeasured(&canvas, score, in: inside, row: 0)
      }
    case .failed(let cause):
      canvas.write(cause, in: inside, row: 0, style: theme[.error])
    }
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

  /// The soup's 95 % interval on one scale with what it is compared to; nil while there is
  /// nothing to compare.
  private func intervalStrip(_ theme: Theme) -> IntervalStrip? {
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
    guard marks.count > 1 || interval != nil else { return nil }
    return IntervalStrip(marks: marks, interval: interval)
  }

  private func currentReading(_ subject: Reading.Subject) -> Reading? {
    state.bench.reading(subject, on: state.selectionSplit).flatMap {
      state.bench.isStale($0) ? nil : $0
    }
  }

  // MARK: Warnings

  /// What the pre-flight comparison says of members, a line each, three at most.
  private func warnings(_ theme: Theme) -> [[Piece]] {
    let warnings = state.set.members.compactMap(state.table.warning(of:))
    return warnings.prefix(3).enumerated().map { place, finding in
      let more = warnings.count > 3 && place == 2 ? " (+\(warnings.count - 3))" : ""
      let text = "\(theme.glyphs.warning) \(finding.subject ?? "") \(finding.problem)\(more)"
      return [(text, theme[.warning])]
    }
  }

  // MARK: Members

  private typealias Piece = (text: String, style: Style)

  /// The members' names in lines, the rest of them counted where there are more than `most`.
  private func members(_ theme: Theme, columns: Int, most: Int) -> [[Piece]] {
    guard most > 0 else { return [] }
    let weights = state.set.weights
    let gap = String(repeating: " ", count: weights == nil ? 1 : 3)
    var lines: [[Piece]] = []
    var column = columns
    for (place, name) in state.set.members.enumerated() {
      let label = weights.map { name + " " + Numbers.weight($0[place]) } ?? name
      let width = TextWidth.columns(of: label)
      let left = state.set.members.count - place
      if lines.count == most, column + width + (left > 1 ? 8 : 0) > columns {
        lines[most - 1].append(("+\(left)", theme[.muted]))
        break
      }
      if lines.isEmpty || column + width > columns {
        lines.append([])
        column = 0
      }
      let isShown = state.table.row(of: name) != nil
      lines[lines.count - 1].append((label + gap, theme[isShown ? .mark : .muted]))
      column += width + gap.count
    }
    return lines
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
