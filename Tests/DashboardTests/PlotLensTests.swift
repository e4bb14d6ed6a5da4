import Charts
import Evaluation
import Kitchen
import Testing
import Themes

@testable import Analysis
@testable import Dashboard

/// The crosshair and the part of a plot that is seen.
struct PlotLensTests {
  private let now = SmallSweep.epoch

  private func state(_ kind: PlotState.Kind) -> State {
    var state = PlotData.state(columns: 100, rows: 30)
    state.plot.kind = kind
    return state
  }

  private func board(_ state: State) -> PlotBoard { PlotBoard(state: state, glyphs: .unicodeSet) }

  private func scatter(_ content: PlotContent) throws -> ScatterChart {
    guard case .scatter(let chart) = content.picture else { throw Unexpected() }
    return chart
  }

  private struct Unexpected: Error {}

  @Test func theCrosshairNamesPointsOfAScatter() throws {
    var state = state(.pairs)
    let all = try scatter(board(state).content).ordered
    for _ in 0..<3 { _ = reduce(&state, .command(.crosshairRight), at: now) }
    #expect(board(state).seen.crosshairNumbers.first?.label == all[2].name)
    #expect(try scatter(board(state).seen).selected == all[2].name)
    _ = reduce(&state, .command(.zoomIn), at: now)
    let part = try scatter(board(state).seen).ordered.map(\.name)
    #expect(part.contains(all[2].name) && part.count < all.count)
    // Far to the right the part that is seen moves along.
    for _ in all { _ = reduce(&state, .command(.crosshairRight), at: now) }
    #expect(try scatter(board(state).seen).ordered.last?.name == all.last?.name)
    _ = reduce(&state, .command(.zoomReset), at: now)
    #expect(board(state).seen.picture == board(state).content.picture)
  }

  /// Whatever is measured, sorted or put on the axes meanwhile.
  @Test func theCrosshairStaysOnItsIngredient() throws {
    var state = SmallSweep.state()
    state.focus = .plot
    for _ in 0..<3 { _ = reduce(&state, .command(.crosshairRight), at: now) }
    let name = try #require(state.plot.crosshairs[.accuracy]?.name)
    #expect(name == "ft_2" && board(state).seen.crosshairNumbers.first?.label == name)
    let better = Score(correct: 99, n: 100)
    for split in ["val", "test"] {
      _ = reduce(
        &state, .kitchen(.measured(ingredient: "ft_8", split: split, score: better)), at: now)
    }
    #expect(board(state).seen.crosshairNumbers.first?.label == name)
    guard case .line(let chart) = board(state).seen.picture else { throw Unexpected() }
    #expect(chart.crosshair == 4, "one has gone past it")
    _ = reduce(&state, .command(.crosshairLeft), at: now)
    #expect(state.plot.crosshairs[.accuracy]?.name == "ft_1", "it goes on from where it is now")

    state.plot.kind = .scatter
    for _ in 0..<3 { _ = reduce(&state, .command(.crosshairRight), at: now) }
    let point = try #require(state.plot.crosshairs[.scatter]?.name)
    _ = reduce(&state, .command(.scatter, argument: "epochs val"), at: now)
    #expect(try scatter(board(state).seen).selected == point)
    #expect(board(state).seen.crosshairNumbers.first?.label == point)
    // What has no place on the plot has no crosshair, and nobody else gets it.
    state.plot.crosshairs[.scatter] = Crosshair(stop: 2, name: "ft_5")
    _ = reduce(&state, .command(.scatter, argument: "lr val"), at: now)
    #expect(board(state).seen.crosshairNumbers.isEmpty)
  }

  @Test func theCrosshairWalksOverAPlane() throws {
    var state = state(.landscape)
    let grid = try #require(state.analysis.landscape).grid
    let cursor = state.table.cursor
    _ = reduce(&state, .command(.down), at: now)
    #expect(state.table.cursor != cursor, "without a crosshair the table moves")
    _ = reduce(&state, .command(.crosshairRight), at: now)
    let start = try #require(state.plot.crosshairs[.landscape]).stop
    #expect(start == board(state).content.picture.firstStop, "it begins at the lowest")
    let here = state.table.cursor
    _ = reduce(&state, .command(.up), at: now)
    #expect(state.plot.crosshairs[.landscape]?.stop == start + Double(grid.columns))
    #expect(state.table.cursor == here)
    _ = reduce(&state, .command(.down), at: now)
    let labels = board(state).seen.numbers.map(\.label)
    #expect(Array(labels.prefix(4)) == ["here"] + grid.plane.names.map { " " + $0 })
    _ = reduce(&state, .command(.zoomIn), at: now)
    guard case .heat(let map) = board(state).seen.picture, case .fixed(let across) = map.x.range,
      case .fixed(let up) = map.y.range
    else { throw Unexpected() }
    for (seen, whole) in [(across, map.xRange), (up, map.yRange)] {
      let share =
        (seen.upperBound - seen.lowerBound) / (whole.upperBound - whole.lowerBound)
      #expect(abs(share - 0.5) < 1e-9)
      #expect(seen.lowerBound >= whole.lowerBound && seen.upperBound <= whole.upperBound)
    }
  }
}
