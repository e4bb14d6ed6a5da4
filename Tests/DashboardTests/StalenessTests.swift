import Kitchen
import Recipes
import TerminalUI
import Testing
import Themes

@testable import Analysis
@testable import Averaging
@testable import Dashboard

/// What is shown of a soup that is not the one at hand any more.
struct StalenessTests {
  private let now = SmallSweep.epoch
  private static let kinds: [PlotState.Kind] = [.gap, .flatness, .calibration]

  private func theme(_ depth: ColorDepth = .indexed256) throws -> Theme {
    try ThemeLibrary().load(named: "dark", depth: depth, unicode: true)
  }

  /// A session in which the soup of three was analysed.
  private func state(_ kind: PlotState.Kind, columns: Int = 100, rows: Int = 28) -> State {
    var state = PlotData.state(columns: columns, rows: rows)
    state.plot.kind = kind
    return state
  }

  private func text(_ state: State) throws -> String {
    Screen.render(state, theme: try theme(.none)).buffer.text
  }

  @Test(arguments: kinds)
  func aChangeOfTheSetMakesItStaleAndTheWayBackMakesItFresh(_ kind: PlotState.Kind) throws {
    var state = state(kind)
    #expect(state.staleness(of: kind) == nil)
    #expect(!(try text(state)).contains("stale"))
    _ = reduce(&state, .command(.toggle), at: now)
    let staleness = try #require(state.staleness(of: kind))
    #expect(staleness.subject == "ft_9, ft_1, ft_2" && staleness.canBeRenewed)
    let words = try text(state)
    #expect(words.contains("\(kind.rawValue)") && words.contains("· stale"))
    #expect(words.contains("~ Of ft_9, ft_1, ft_2, not of the soup at hand: Enter here measures"))
    _ = reduce(&state, .command(.undo), at: now)
    #expect(state.staleness(of: kind) == nil)
    // In another order it is the same soup; with other weights it is not.
    _ = reduce(&state, .command(.clear), at: now)
    for name in ["ft_2", "ft_9", "ft_1"] {
      _ = reduce(&state, .click(.mark(name)), at: now)
    }
    #expect(state.staleness(of: kind) == nil)
    _ = reduce(&state, .command(.weights, argument: "ft_9 0.6"), at: now)
    #expect(state.staleness(of: kind)?.subject == "ft_9, ft_1, ft_2")
  }

  @Test func numbersAndPicturesAreMarked() throws {
    var state = state(.gap)
    _ = reduce(&state, .command(.toggle), at: now)
    let theme = try theme()
    func styles(_ state: State) -> [Style] {
      Screen.render(state, theme: theme).stylesOfFirstPlot
    }
    let stale = theme[.stale].foreground
    #expect(try text(state).contains("~−0.00"), "the gap's own number")
    // A line of every soup looked at goes on; what is of one soup alone is faint.
    #expect(!styles(state).allSatisfy { $0.foreground == stale })
    state.plot.views[.gap] = 1
    #expect(styles(state).allSatisfy { $0.foreground == stale })
    state.plot.kind = .flatness
    #expect(styles(state).allSatisfy { $0.foreground == stale })
    _ = reduce(&state, .command(.undo), at: now)
    #expect(!styles(state).allSatisfy { $0.foreground == stale })
  }

  @Test func whatCannotBeRenewedNamesNoKey() throws {
    var state = state(.calibration)
    _ = reduce(&state, .command(.clear), at: now)
    #expect(state.staleness(of: .calibration)?.canBeRenewed == false)
    let words = try text(state)
    #expect(words.contains("~ Of ft_9, ft_1, ft_2, not of the soup at hand."))
    state = self.state(.calibration)
    _ = reduce(&state, .command(.toggle), at: now)
    state.evaluatorTrouble = "there is no evaluator"
    #expect(state.staleness(of: .calibration)?.canBeRenewed == false)
  }

  /// Several reasons to measure stand beside each other.
  @Test func itIsSaidWhileMeasuringAndWhenThatWasDeclined() throws {
    var state = state(.gap)
    _ = reduce(&state, .command(.toggle), at: now)
    _ = reduce(&state, .kitchen(.analysis(.declined(.gap, seconds: 90))), at: now)
    var words = try text(state)
    #expect(words.contains("the gap would take about") && words.contains("~ Of ft_9"))
    _ = reduce(&state, .command(.adopt), at: now)
    words = try text(state)
    #expect(words.contains("measuring the gap. ~ Of ft_9"))
    // The new soup's report is fresh.
    let report = PlotData.gap(3)
    let fresh = GapReport(
      blend: state.set.blend, split: report.split, beta: report.beta, step: report.step,
      soup: report.soup, ensemble: report.ensemble, shares: report.shares)
    _ = reduce(&state, .kitchen(.analysis(.gap(.handPicked, fresh))), at: now)
    #expect(state.staleness(of: .gap) == nil)
  }

  /// A recipe's soups are steps on its way, whatever is in the set.
  @Test func aRecipesHistoryIsNotStale() {
    var state = SmallSweep.state()
    let job = Job(id: 1, spec: RecipeSpec(.greedy), queuedAt: now)
    _ = reduce(&state, .kitchen(.job(job)), at: now)
    _ = reduce(&state, .kitchen(.analysis(.gap(.job(1, step: 2), PlotData.gap(3)))), at: now)
    #expect(state.jobWithGaps == 1 && state.staleness(of: .gap) == nil)
    for kind in [PlotState.Kind.landscape, .angles, .pairs, .sizes, .accuracy, .scatter] {
      #expect(state.staleness(of: kind) == nil)
    }
  }

  @Test(arguments: [(160, 45), (100, 30), (60, 20)])
  func frames(columns: Int, rows: Int) throws {
    var state = state(.flatness, columns: columns, rows: rows)
    state.isMaximised = false
    _ = reduce(&state, .command(.toggle), at: now)
    try Frames.expect(
      Screen.render(state, theme: try theme()).buffer.text, matches: "stale-\(columns)x\(rows)")
  }
}
