import Evaluation
import Kitchen
import Sweeps
import TerminalUI
import Themes

/// The numbers of two soups on every split, with their test, as lines of a sheet.
struct VersusNumbers {
  let state: State
  let sheet: VersusSheet
  /// Room for a line.
  let columns: Int

  /// Columns of the parts of a line.
  private struct Widths {
    let split: Int
    let score: Int
    let number: Int
    /// Whether there is room for intervals, and for what only one of them gets right.
    let isWide: Bool

    init(columns: Int) {
      isWide = columns >= 84
      (split, score, number) = isWide ? (16, 24, 8) : columns >= 46 ? (12, 9, 8) : (8, 7, 7)
    }
  }

  var lines: [SheetLine] {
    let widths = Widths(columns: columns)
    let header =
      "".rightPadded(to: widths.split) + "A".leftPadded(to: widths.score)
      + "B".leftPadded(to: widths.score) + "A − B".leftPadded(to: widths.number)
      + "p".leftPadded(to: widths.number) + (widths.isWide ? "  only A, B" : "")
    let scores = state.splits.map { name in
      line(name, sheet.rounds.first { $0.split == name }, widths)
    }
    return [SheetLine(header, .header)] + scores + verdict
  }

  /// What the test says, or why there is none.
  private var verdict: [SheetLine] {
    if let failure = sheet.failure {
      return WordWrap.lines(failure, columns: columns).prefix(3).map { SheetLine($0, .error) }
    }
    guard let test = sheet.rounds.first(where: { $0.split == state.selectionSplit })?.test else {
      return []
    }
    let words = "on \(state.selectionSplit): \(VersusText.verdict(test)) (McNemar, exact)"
    return WordWrap.lines(words, columns: columns).map { SheetLine($0, .muted) }
  }

  private func line(_ name: String, _ round: HeadToHead?, _ widths: Widths) -> SheetLine {
    let title = TextWidth.elide(SplitName.short(name), to: widths.split - 1, .middle)
      .rightPadded(to: widths.split)
    guard let round else {
      let word = sheet.failure == nil && isEvaluable(name) ? "pending" : "–"
      return SheetLine([(title, .text), (word.leftPadded(to: widths.score), .pending)])
    }
    let difference = (round.first.accuracy ?? .nan) - (round.second.accuracy ?? .nan)
    var pieces: [(String, Token)] = [
      (title, .text), (text(round.first, widths), .text), (text(round.second, widths), .text),
      (
        Numbers.points(difference).leftPadded(to: widths.number),
        difference > 0 ? .success : difference < 0 ? .error : .muted
      ),
      (
        (round.test.map { Numbers.pValue($0.pValue) } ?? "–").leftPadded(to: widths.number), .text
      ),
    ]
    if widths.isWide, let test = round.test {
      pieces.append(("  \(test.onlyFirst), \(test.onlySecond)", .muted))
    }
    return SheetLine(pieces)
  }

  private func isEvaluable(_ split: String) -> Bool {
    state.sweep.splits.first { $0.name == split }?.isEvaluable ?? false
  }

  private func text(_ score: Score, _ widths: Widths) -> String {
    let accuracy = Numbers.percent(score.accuracy ?? .nan)
    return (widths.isWide ? "\(accuracy) \(Numbers.interval(score))" : accuracy)
      .leftPadded(to: widths.score)
  }
}
