import Charts
import Evaluation
import Kitchen
import OrderedCollections
import Sweeps
import TerminalUI
import Testing
import Themes

@testable import Dashboard

/// Plots under a pointer, and the ways in which a person wants them drawn.
struct PlotHandlingTests {
  private let now = SmallSweep.epoch

  private func app(_ kind: PlotState.Kind = .accuracy) throws -> DashboardApp {
    var state = SmallSweep.state()
    state.plot.kind = kind
    state.focus = .plot
    var app = try DashboardApp(
      state: state, themes: ThemeSource(), clock: { SmallSweep.epoch }, perform: { _ in })
    _ = app.frame(size: state.size)
    return app
  }

  /// Where the data of a plot stand on the screen.
  private func sight(_ app: DashboardApp) throws -> PlotSight {
    let theme = try ThemeSource().theme("dark")
    return try #require(Screen.render(app.state, theme: theme).plotSights.first)
  }

  private func line(_ state: State) throws -> LineChart {
    let board = PlotBoard(state: state, glyphs: .unicodeSet)
    guard case .line(let chart) = board.seen.picture else { throw Unexpected() }
    return chart
  }

  private struct Unexpected: Error {}

  private func press(_ names: String, _ app: inout DashboardApp) {
    for name in names.split(separator: " ") {
      if let key = KeyPress(parsing: String(name)) { app.handle(.key(key)) }
    }
  }

  // MARK: Pointer

  @Test func aPressPutsTheCrosshairAtThePointAndTheTableGoesAlong() throws {
    var app = try app()
    let sight = try sight(app)
    let rect = sight.rect
    // The best stands at the left end, the least at the right one.
    for (column, place, name) in [
      (rect.left, 1.0, "ft_9"), (rect.right - 1, 12.0, "ft_8"), (rect.left, 1.0, "ft_9"),
    ] {
      app.handle(.mouse(MouseEvent(.press(.left), at: Point(column: column, row: rect.top + 3))))
      #expect(app.state.plot.crosshairs[.accuracy]?.stop == place)
      #expect(app.state.table.cursor == name)
      app.handle(.mouse(MouseEvent(.release(.left), at: Point(column: column, row: rect.top + 3))))
    }
    let board = PlotBoard(state: app.state, glyphs: .unicodeSet)
    #expect(board.seen.crosshairNumbers.first?.label == "ft_9")
    // With the button down it follows, even beyond the plot's edge.
    app.handle(.mouse(MouseEvent(.press(.left), at: Point(column: rect.left, row: rect.top))))
    app.handle(.mouse(MouseEvent(.drag(.left), at: Point(column: rect.right + 9, row: 0))))
    #expect(app.state.plot.crosshairs[.accuracy]?.stop == 12)
    app.handle(.mouse(MouseEvent(.release(.left), at: Point(column: rect.right, row: 0))))
    app.handle(.mouse(MouseEvent(.drag(.left), at: Point(column: rect.left, row: 0))))
    #expect(app.state.plot.crosshairs[.accuracy]?.stop == 12)
  }

  @Test func theNearestPointOfAScatterIsTaken() throws {
    var app = try app(.scatter)
    let sight = try sight(app)
    let board = PlotBoard(state: app.state, glyphs: .unicodeSet)
    guard case .scatter(let chart) = board.seen.picture else { throw Unexpected() }
    for point in chart.ordered.prefix(4) {
      let column = sight.origin.column + (try #require(sight.area.column(ofX: point.x)))
      let rows = sight.rect.rows
      let row =
        sight.rect.top + Int(((1 - sight.area.y.unit(point.y)) * Double(rows - 1)).rounded())
      app.handle(.mouse(MouseEvent(.press(.left), at: Point(column: column, row: row))))
      let stop = try #require(app.state.plot.crosshairs[.scatter]).stop
      let found = chart.ordered[Int(stop)]
      // Another may lie in the same cell.
      let here = Point(column: column, row: row)
      #expect(sight.distance(x: found.x, y: found.y, from: here) < 1 / Double(rows))
    }
  }

  @Test func theWheelZoomsAboutThePointerAndZeroShowsAll() throws {
    var app = try app()
    let sight = try sight(app)
    let point = Point(column: sight.rect.left + sight.rect.columns / 4, row: sight.rect.top + 2)
    let before = sight.x(at: point)
    for _ in 0..<3 { app.handle(.mouse(MouseEvent(.scrollUp, at: point))) }
    let seen = try self.sight(app)
    #expect(seen.area.x.bounds.width < sight.area.x.bounds.width * 0.6)
    #expect(abs(seen.x(at: point) - before) < 0.5, "what is under the pointer stays there")
    #expect(app.screen.contains("accuracy · zoomed"))
    for _ in 0..<3 { app.handle(.mouse(MouseEvent(.scrollDown, at: point))) }
    #expect(app.state.plot.viewports[.accuracy]?.isZoomed == false)
    press("= 0", &app)
    #expect(app.state.plot.isPlain)
  }

  @Test func aPartIsMovedByKeys() throws {
    var app = try app()
    func seen() throws -> ClosedRange<Double> { try sight(app).area.x.bounds }
    press("= =", &app)
    let middle = try seen()
    press("shift-right", &app)
    let right = try seen()
    #expect(right.lowerBound > middle.lowerBound && abs(right.width - middle.width) < 1e-9)
    press("shift-left shift-left", &app)
    let left = try seen()
    #expect(left.lowerBound < middle.lowerBound && abs(left.width - middle.width) < 1e-9)
  }

  // MARK: Manners

  @Test func theScaleGoesFromDataToZeroToHeldAndBack() throws {
    var app = try app()
    let reach = try #require(PlotPicture.line(try line(app.state)).uprightReach)
    press("s", &app)
    #expect(try #require(PlotPicture.line(try line(app.state)).uprightReach).lowerBound <= 0)
    #expect(app.screen.contains("from 0"))
    press("s", &app)
    #expect(try line(app.state).y.range == .fixed(reach))
    // Held is held whatever comes.
    let worst = Score(correct: 2, n: 100)
    app.receive([.kitchen(.measured(ingredient: "ft_8", split: "val", score: worst))])
    #expect(try line(app.state).y.range == .fixed(reach))
    press("s", &app)
    #expect(try line(app.state).y.range == .auto)
  }

  @Test func aSmoothedLineLiesOverTheRawOneAndTheTableKeepsItsNumbers() throws {
    var app = try app()
    #expect(try line(app.state).series.allSatisfy { $0.smoothing == nil })
    let texts = SmallSweep.sweep.ingredients.map {
      app.state.table.text(of: $0.name, in: .accuracy(split: "val"))
    }
    press("~", &app)
    #expect(try line(app.state).series.contains { $0.smoothing == 0.8 })
    #expect(app.screen.contains("ema 0.8") && app.screen.contains("· smoothed"))
    let after = SmallSweep.sweep.ingredients.map {
      app.state.table.text(of: $0.name, in: .accuracy(split: "val"))
    }
    #expect(after == texts)
    press("~", &app)
    #expect(!app.screen.contains("ema"))
    app.handle(.key(KeyPress("]")))
    press("~", &app)
    #expect(app.state.log.messages.last?.text == "no line here that could be smoothed")
  }

  @Test func theTailIsFollowedUntilItIsLetGo() throws {
    var app = try app()
    press("= f", &app)
    #expect(app.state.plot.viewports[.accuracy]?.followsTail == true)
    #expect(app.screen.contains("accuracy · following"))
    press("shift-left", &app)
    #expect(app.screen.contains("accuracy · zoomed"))
  }

  // MARK: What the accuracies say

  @Test func fewExamplesAreSaidToBeFew() throws {
    func meaning(_ correct: [Int], of n: Int) -> String? {
      let ingredients = correct.enumerated().map { place, correct in
        Ingredient(
          name: "m\(place)", file: nil, hyperparameters: [:],
          metrics: [
            "val": KnownMetric(
              accuracy: Double(correct) / Double(n), correct: correct, n: n)
          ])
      }
      let sweep = Sweep(
        directory: "/sweeps/few", name: "few", manifest: nil, ingredients: ingredients,
        initialisation: nil, evaluator: nil, splits: [SplitSpec(name: "val", role: .val)])
      let state = State(sweep: sweep, size: Size(columns: 120, rows: 40), now: now)
      return PlotBoard(state: state, glyphs: .unicodeSet, kind: .accuracy).content.meaning
    }
    #expect(meaning([30, 31, 33], of: 40)?.hasPrefix("n = 40 is too small") == true)
    #expect(meaning([3000, 3100, 3300], of: 4000) == nil)
    #expect(meaning([20, 31, 39], of: 40) == nil, "the best and the least are apart")
  }

  @Test func accuraciesHaveIntervalsAndASpread() throws {
    var app = try app()
    let points = try line(app.state).series[0].points
    let interval = try #require(Score(correct: 92, n: 100).wilson())
    #expect(points[0] == ChartPoint(1, 0.92, low: interval.lower, high: interval.upper))
    press("o", &app)
    let content = PlotBoard(state: app.state, glyphs: .unicodeSet).content
    guard case .bars(let chart) = content.picture else { throw Unexpected() }
    #expect(chart.bars.reduce(0) { $0 + $1.value } == 12)
    #expect(content.numbers.map(\.value) == ["12", "92.00", "86.00", "60.00"])
    #expect(app.screen.contains("accuracy: spread"))
  }
}

extension ClosedRange<Double> {
  fileprivate var width: Double { upperBound - lowerBound }
}
