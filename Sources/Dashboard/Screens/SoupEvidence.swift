import Evaluation
import Foundation
import Kitchen
import TerminalUI
import Themes

/// Under the soup's numbers: whether they mean anything, and what the next change would bring.
struct SoupEvidence {
  let state: State

  typealias Piece = (text: String, style: Style)

  /// As many lines as there is something to say.
  func lines(_ theme: Theme, columns: Int) -> [[Piece]] {
    [tests(theme, columns: columns), own(theme), changes(theme)].filter { !$0.isEmpty }
  }

  // MARK: Tests

  /// McNemar's p on val against the best single and against the soup before.
  private func tests(_ theme: Theme, columns: Int) -> [Piece] {
    let tests = state.evidence.tests(of: state.set.handPicked, on: state.selectionSplit)
    guard !tests.isEmpty else { return [] }
    var pieces: [Piece] = []
    for test in tests {
      if !pieces.isEmpty { pieces.append(("  ", theme[.muted])) }
      let p = test.test.pValue
      let isClear = p < 0.05
      pieces.append((Self.text(p), theme[isClear ? .success : .text].adding(.bold)))
      let rival: String
      switch test.rival {
      case .bestSingle(let name): rival = columns < 60 ? name : "against \(name)"
      case .previous: rival = columns < 60 ? "before" : "against the soup before"
      }
      pieces.append((" \(rival)", theme[.muted]))
      if columns >= 60 {
        pieces.append(
          (" +\(test.test.onlyFirst) −\(test.test.onlySecond)", theme[.muted]))
      }
    }
    return pieces
  }

  private static func text(_ p: Double) -> String {
    p < 0.001 ? "p < 0.001" : String(format: p < 0.1 ? "p %.3f" : "p %.2f", p)
  }

  // MARK: Forecasts

  private var forecast: SetForecast? {
    state.evidence.forecast.flatMap {
      $0.set.isSame(as: state.set.handPicked) ? $0 : nil
    }
  }

  /// How far the tables are, or what is expected of the set until it is measured.
  private func own(_ theme: Theme) -> [Piece] {
    if case .making(let done, let total) = state.evidence.status {
      let bar = Bar.text(share: Double(done) / Double(total), columns: 10, theme.glyphs)
      return [
        ("forecasts ", theme[.muted]), (bar.rightPadded(to: 10), theme[.gauge]),
        (" \(done) of \(total)", theme[.muted]),
      ]
    }
    guard let forecast, let own = forecast.own, !own.isMeasured,
      state.bench.progress != .measured
    else { return [] }
    var pieces: [Piece] = [
      (number(own, theme), theme[.pending].adding(.bold)), (" expected", theme[.muted]),
    ]
    if let error = forecast.error {
      pieces.append((" ±\(Numbers.percent(error))", theme[.pending]))
      pieces.append((", as seen on \(forecast.checks) soups", theme[.muted]))
    }
    return pieces
  }

  /// The ingredient under the cursor, and the best ones to put in or take out.
  private func changes(_ theme: Theme) -> [Piece] {
    guard let forecast else { return [] }
    var pieces: [Piece] = []
    if let change = forecast.atCursor { pieces += text(change, theme) }
    let best = [forecast.bestAddition, forecast.bestRemoval].compactMap(\.self)
    if !best.isEmpty { pieces.append((pieces.isEmpty ? "best " : "  best ", theme[.muted])) }
    for (place, change) in best.enumerated() {
      if place > 0 { pieces.append(("  ", theme[.muted])) }
      pieces += text(change, theme)
    }
    return pieces
  }

  private func text(_ change: SetForecast.Change, _ theme: Theme) -> [Piece] {
    let sign = change.isAddition ? "+" : "−"
    let gain = baseline.map { change.expectation.accuracy - $0 } ?? 0
    let token: Token = gain > 0 ? .success : gain < 0 ? .error : .text
    return [
      ("\(sign)\(change.ingredient) ", theme[.text]),
      (
        number(change.expectation, theme),
        change.expectation.isMeasured ? theme[token] : theme[token].adding(.italic)
      ),
    ]
  }

  /// What the set has now, measured or expected.
  private var baseline: Double? { forecast?.own?.accuracy }

  /// `≈92.83` while it is an expectation.
  private func number(_ expectation: Expectation, _ theme: Theme) -> String {
    let sign = expectation.isMeasured ? "" : theme.glyphs.unicode ? "≈" : "~"
    return sign + Numbers.percent(expectation.accuracy)
  }
}
