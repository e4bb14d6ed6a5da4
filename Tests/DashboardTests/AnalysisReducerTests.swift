import Averaging
import Charts
import Kitchen
import Testing
import Themes

@testable import Analysis
@testable import Dashboard

struct AnalysisReducerTests {
  private let now = SmallSweep.epoch

  private func picked() -> State {
    var state = SmallSweep.state()
    for command: Command in [.toggle, .toggle] { _ = reduce(&state, .command(command), at: now) }
    return state
  }

  @Test func commandsAskForAnalyses() {
    var state = picked()
    #expect(
      reduce(&state, .command(.gap), at: now) == [.analyse(.gap(of: .uniform(["ft_9", "ft_1"])))])
    #expect(state.plot.kind == .gap)
    #expect(
      reduce(&state, .command(.paths, argument: "ft_3, ft_4"), at: now)
        == [.analyse(.paths(of: .uniform(["ft_3", "ft_4"])))])
    #expect(
      reduce(&state, .command(.landscape), at: now)
        == [.analyse(.landscape(names: ["ft_9", "ft_1", "ft_2"], divisions: 10))])
    #expect(
      reduce(&state, .command(.landscape, argument: "ft_3 ft_4 ft_5"), at: now)
        == [.analyse(.landscape(names: ["ft_3", "ft_4", "ft_5"], divisions: 10))])
    #expect(
      reduce(&state, .command(.pairs, argument: "20"), at: now) == [.analyse(.pairs(limit: 20))])
    #expect(reduce(&state, .command(.sizes), at: now) == [.analyse(.sizes(orders: 3))])
    #expect(reduce(&state, .command(.stopAnalysis), at: now) == [.stopAnalyses])
    #expect(state.log.messages.isEmpty)
  }

  @Test func whatCannotBeDoneIsSaid() {
    var state = SmallSweep.state()
    #expect(reduce(&state, .command(.gap), at: now).isEmpty)
    #expect(reduce(&state, .command(.gap, argument: "ft_1 nobody"), at: now).isEmpty)
    #expect(reduce(&state, .command(.landscape, argument: "ft_1 ft_1 ft_2"), at: now).isEmpty)
    #expect(reduce(&state, .command(.pairs, argument: "0"), at: now).isEmpty)
    #expect(reduce(&state, .command(.savePlot, argument: "plot.png"), at: now).isEmpty)
    #expect(state.log.messages.count == 5)
    state.evaluatorTrouble = "there is no evaluator"
    #expect(reduce(&state, .command(.sizes), at: now).isEmpty)
    #expect(state.log.messages.last?.text == "there is no evaluator")
    // Angles need no evaluator.
    #expect(reduce(&state, .command(.angles), at: now) == [.analyse(.angles)])
  }

  @Test func enterOnAPlotMeasuresIt() {
    var state = picked()
    _ = reduce(&state, .command(.focusPlot), at: now)
    state.plot.kind = .calibration
    #expect(
      reduce(&state, .command(.adopt), at: now) == [.analyse(.gap(of: .uniform(["ft_9", "ft_1"])))])
    #expect(state.plot.kind == .calibration)
    state.plot.kind = .accuracy
    #expect(reduce(&state, .command(.adopt), at: now).isEmpty)
  }

  @Test func viewsTurn() {
    var state = PlotData.state(columns: 100, rows: 30)
    for kind in PlotState.Kind.allCases {
      state.plot.kind = kind
      for view in kind.views.indices {
        #expect(state.plot.view(of: kind) == view)
        _ = reduce(&state, .command(.nextView), at: now)
      }
      #expect(state.plot.view(of: kind) == 0)
    }
  }

  @Test func aGrowingReportStaysOneEntry() {
    var state = SmallSweep.state()
    let blend = PlotData.gap(2).blend
    let partial = GapReport(
      blend: blend, split: "val", beta: 1, step: 0.025, soup: PlotData.standing(90, 0.3),
      ensemble: PlotData.standing(91, 0.3),
      shares: [
        .init(
          ingredient: "ft_9", weight: 1, curvature: nil, variance: 0, beta: 1,
          standing: PlotData.standing(90, 0.3))
      ])
    for report in [partial, PlotData.gap(2), PlotData.gap(3), partial] {
      _ = reduce(&state, .kitchen(.analysis(.gap(.handPicked, report))), at: now)
    }
    #expect(state.analysis.gaps.map(\.report.ingredients.count) == [2, 3, 1])
    for step in [3, 5] {
      _ = reduce(
        &state, .kitchen(.analysis(.gap(.job(1, step: step), PlotData.gap(2)))), at: now)
    }
    #expect(state.analysis.history(of: 1).map(\.step) == [3, 5])
    #expect(state.analysis.history(of: 2).isEmpty)
  }

  @Test func progressAndFailureAreShown() {
    var state = picked()
    _ = reduce(&state, .command(.gap), at: now)
    #expect(state.analysis.progress[.gap] != nil)
    _ = reduce(&state, .kitchen(.analysis(.ended(.gap, failure: "no such file"))), at: now)
    #expect(state.analysis.progress[.gap] == nil)
    #expect(state.log.messages.last?.text == "no such file")
    _ = reduce(&state, .kitchen(.analysis(.declined(.paths, seconds: 90))), at: now)
    #expect(state.analysis.declined[.paths] == 90)
    _ = reduce(&state, .command(.paths), at: now)
    #expect(state.analysis.declined[.paths] == nil)
  }

  @Test func theCrosshairGoesFromPointToPoint() {
    var state = PlotData.state(columns: 100, rows: 30)
    state.plot.kind = .sizes
    _ = reduce(&state, .command(.crosshairRight), at: now)
    #expect(state.plot.crosshairs[.sizes]?.stop == 1)
    for _ in 0..<20 { _ = reduce(&state, .command(.crosshairRight), at: now) }
    #expect(state.plot.crosshairs[.sizes]?.stop == 12)
    _ = reduce(&state, .command(.crosshairLeft), at: now)
    #expect(state.plot.crosshairs[.sizes]?.stop == 11)
    _ = reduce(&state, .command(.zoomIn), at: now)
    #expect(state.plot.viewports[.sizes]?.isZoomed == true)
    _ = reduce(&state, .command(.zoomOut), at: now)
    #expect(state.plot.viewports[.sizes]?.isZoomed == false)
    state.focus = .ingredients
    _ = reduce(&state, .command(.crosshairLeft), at: now)
    #expect(state.plot.crosshairs[.sizes]?.stop == 11)
  }

  @Test func anglesOfOneGroupOfLayers() {
    var state = PlotData.state(columns: 100, rows: 30)
    #expect(reduce(&state, .command(.angles, argument: "head"), at: now).isEmpty)
    #expect(state.plot.kind == .angles && state.plot.layerGroup == "head")
    guard case .matrix(let matrix) = PlotBoard(state: state, glyphs: .unicodeSet).content.picture
    else {
      Issue.record("no matrix")
      return
    }
    #expect(matrix.title.hasSuffix("head"))
    #expect(reduce(&state, .command(.angles, argument: "tail"), at: now).isEmpty)
    #expect(state.log.messages.last?.text.contains("all blocks.0 head") == true)
    _ = reduce(&state, .command(.angles, argument: "all"), at: now)
    #expect(state.plot.layerGroup == nil)
  }

  @Test(arguments: [(160, 45, false), (240, 70, true), (80, 24, false)])
  func twoPlotsWhereThereIsRoom(columns: Int, rows: Int, expected: Bool) {
    var state = SmallSweep.state(columns: columns, rows: rows)
    #expect(PlotPane.hasTwo(state) == expected)
    _ = reduce(&state, .command(.twoPlots), at: now)
    #expect(state.plot.showsTwo == !expected)
    _ = reduce(&state, .command(.twoPlots), at: now)
    #expect(state.plot.showsTwo == expected)
  }

  @Test func savingCarriesThePicture() {
    var state = PlotData.state(columns: 100, rows: 30)
    state.plot.kind = .pairs
    guard
      case .savePlot(let picture, let path, let format)? = reduce(
        &state, .command(.savePlot, argument: "gaps.svg"), at: now
      ).first
    else {
      Issue.record("nothing is saved")
      return
    }
    #expect(path == "gaps.svg" && format == .svg)
    #expect(picture == PlotBoard(state: state, glyphs: .unicodeSet).content.picture)
  }
}
