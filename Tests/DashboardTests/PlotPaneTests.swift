import Analysis
import Charts
import Kitchen
import TerminalUI
import Testing
import Themes

@testable import Dashboard

/// What is said beside and below a plot.
struct PlotPaneTests {
  private let now = SmallSweep.epoch

  private func canvas(_ state: State) throws -> Canvas {
    let theme = try ThemeLibrary().load(named: "dark", depth: .indexed256, unicode: true)
    return Screen.render(state, theme: theme)
  }

  /// The plot stays where it is under a pointer that presses on it.
  @Test(arguments: [PlotState.Kind.accuracy, .scatter, .flatness, .gap, .pairs, .sizes])
  func aPressMovesNothing(kind: PlotState.Kind) throws {
    var state = PlotData.state(columns: 160, rows: 45)
    state.plot.kind = kind
    state.plot.showsTwo = false
    let sight = try #require(try canvas(state).plotSights.first)
    let point = Point(column: sight.rect.left + sight.rect.columns / 3, row: sight.rect.top + 4)
    inspect(sight, at: point, &state)
    #expect(state.plot.crosshairs[kind] != nil)
    #expect(try canvas(state).plotSights.first == sight)
  }

  /// Every series has its value in a line of its own, none of them cut.
  @Test func valuesUnderTheCrosshairStandBesideThePlot() throws {
    var state = PlotData.state(columns: 100, rows: 30)
    state.plot.kind = .gap
    _ = reduce(&state, .command(.crosshairRight), at: now)
    let text = try canvas(state).buffer.text
    for name in ["flatness", "confidence", "predicted", "measured"] {
      #expect(text.contains(try Regex(" \(name) +-?0\\.[0-9]{4} ")), "\(name) in\n\(text)")
    }
    #expect(!text.contains("…"), "\(text)")
  }

  @Test func thePlacesOfAPairAreCalledByTheirAxes() {
    var state = PlotData.state(columns: 100, rows: 30)
    for (view, titles) in [
      (0, ["predicted soup − ensemble, nats", "measured, nats"]),
      (1, ["accuracy of the soup", "accuracy of the ensemble"]),
    ] {
      state.plot.kind = .pairs
      state.plot.views[.pairs] = view
      _ = reduce(&state, .command(.crosshairRight), at: now)
      let numbers = PlotBoard(state: state, glyphs: .unicodeSet).seen.crosshairNumbers
      #expect(numbers.dropFirst().map(\.label) == titles.map { " " + $0 })
      let decimals = numbers.dropFirst().map { $0.value.split(separator: ".").last?.count }
      #expect(Set(decimals).count == 1, "\(numbers.map(\.value))")
      #expect(numbers.allSatisfy { !$0.value.contains("e") })
    }
  }

  /// What may change yet is not said as if it were found.
  @Test func conclusionsWaitForTheirData() throws {
    var state = PlotData.state(columns: 100, rows: 30)
    state.plot.kind = .landscape
    #expect(try canvas(state).buffer.text.contains("So far: The lowest"))
    state.plot.kind = .pairs
    #expect(!(try canvas(state).buffer.text.contains("So far")))
    let progress = AnalysisEvent.progress(.pairs, done: 7, of: 66)
    _ = reduce(&state, .kitchen(.analysis(progress)), at: now)
    #expect(try canvas(state).buffer.text.contains("So far: "))
  }
}
