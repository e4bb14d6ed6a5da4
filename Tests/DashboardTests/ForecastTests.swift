import Evaluation
import Kitchen
import TerminalUI
import Testing
import Themes

@testable import Dashboard

/// What the soup panel says besides scores: tests against other soups, and forecasts.
struct ForecastTests {
  private let now = SmallSweep.epoch

  private func ready(columns: Int = 160, rows: Int = 45) -> State {
    var state = SmallSweep.state(columns: columns, rows: rows)
    _ = reduce(&state, .kitchen(.forecasting(.ready)), at: now)
    return state
  }

  private func question(_ effects: [Effect]) -> ForecastQuestion? {
    for case .forecast(let question) in effects { return question }
    return nil
  }

  @Test func theCostIsSaidFirst() {
    var state = SmallSweep.state()
    #expect(reduce(&state, .command(.forecast), at: now) == [])
    guard case .confirm(let confirmation) = state.modes.last else {
      Issue.record("no question")
      return
    }
    #expect(confirmation.lines[0].hasPrefix("13 evaluations of val"))
    // The safe answer is chosen to begin with.
    #expect(reduce(&state, .key(KeyPress(.enter)), at: now) == [])
    _ = reduce(&state, .command(.forecast), at: now)
    _ = reduce(&state, .key(KeyPress(.right)), at: now)
    #expect(reduce(&state, .key(KeyPress(.enter)), at: now) == [.startForecasting])
    _ = reduce(&state, .kitchen(.forecasting(.making(done: 3, of: 13))), at: now)
    #expect(reduce(&state, .command(.forecast), at: now) == [])
    #expect(state.log.messages.last?.text == "forecasts: 3 of 13 evaluations")
  }

  @Test func everyChangeOfSetOrCursorIsAskedAbout() {
    var state = SmallSweep.state()
    #expect(question(reduce(&state, .command(.down), at: now)) == nil)
    _ = reduce(&state, .kitchen(.forecasting(.making(done: 1, of: 13))), at: now)
    let first = question(reduce(&state, .kitchen(.forecasting(.ready)), at: now))
    #expect(first?.set.members == [] && first?.cursor == state.table.cursor)
    let moved = question(reduce(&state, .command(.down), at: now))
    #expect(moved?.cursor == state.table.cursor && moved != first)
    let effects = reduce(&state, .command(.toggle), at: now)
    #expect(question(effects)?.set == state.set.handPicked)
    #expect(effects.count { if case .forecast = $0 { true } else { false } } == 1)
    // Nothing new, nothing asked; a measurement teaches, so it is asked again.
    #expect(question(reduce(&state, .tick, at: now)) == nil)
    let reading = Reading(
      members: state.set.members, subject: .soup, split: "val", score: Score(correct: 90, n: 100))
    #expect(question(reduce(&state, .kitchen(.reading(reading)), at: now)) != nil)
    // By name, the question is asked once as well.
    _ = reduce(&state, .command(.palette), at: now)
    _ = reduce(&state, .paste("clear"), at: now)
    let named = reduce(&state, .key(KeyPress(.enter)), at: now)
    #expect(named.count { if case .forecast = $0 { true } else { false } } == 1)
  }

  @Test func aTestOfAnotherSetIsNotShown() {
    var state = ready()
    _ = reduce(&state, .command(.toggle), at: now)
    let members = state.set.members
    func test(_ members: [String], _ rival: SoupTest.Rival, _ gained: Int) -> Action {
      .kitchen(
        .soupTest(
          SoupTest(
            of: HandPickedSet(members), against: rival, on: "val",
            test: McNemarTest(onlyFirst: gained, onlySecond: 1))))
    }
    _ = reduce(&state, test(members, .previous, 3), at: now)
    _ = reduce(&state, test(members, .bestSingle("ft_9"), 9), at: now)
    _ = reduce(&state, test(members, .previous, 5), at: now)
    let shown = state.evidence.tests(of: HandPickedSet(members), on: "val")
    #expect(shown.map(\.rival) == [.bestSingle("ft_9"), .previous])
    #expect(shown.map(\.test.onlyFirst) == [9, 5])
    #expect(state.evidence.tests(of: HandPickedSet(members), on: "test").isEmpty)
    #expect(state.evidence.tests(of: HandPickedSet(["ft_0"]), on: "val").isEmpty)
    _ = reduce(&state, test(["ft_0"], .previous, 2), at: now)
    #expect(state.evidence.tests(of: HandPickedSet(members), on: "val").isEmpty)
  }

  /// Expected while it is measured; tested and expected no more once it is.
  @Test(arguments: [(160, 45), (100, 30), (60, 20)], [false, true])
  func itIsDrawn(size: (Int, Int), isMeasured: Bool) throws {
    var state = ready(columns: size.0, rows: size.1)
    for _ in 0..<2 { _ = reduce(&state, .command(.toggle), at: now) }
    state.focus = .soup
    let members = state.set.members
    func change(_ name: String, _ share: Double, addition: Bool) -> SetForecast.Change {
      SetForecast.Change(
        ingredient: name, isAddition: addition,
        expectation: Expectation(accuracy: share, isMeasured: !addition))
    }
    let forecast = SetForecast(
      of: HandPickedSet(members), own: Expectation(accuracy: 0.935, isMeasured: isMeasured),
      atCursor: change("ft_2", 0.94, addition: true),
      bestAddition: change("ft_11", 0.951, addition: true),
      bestRemoval: change(members[0], 0.92, addition: false), checks: 7, error: 0.0042)
    _ = reduce(&state, .kitchen(.forecast(forecast)), at: now)
    if isMeasured {
      let reading = Reading(
        members: members, subject: .soup, split: "val", score: Score(correct: 94, n: 100))
      _ = reduce(&state, .kitchen(.reading(reading)), at: now)
      for (rival, gained) in [(SoupTest.Rival.bestSingle("ft_9"), 9), (.previous, 3)] {
        let test = McNemarTest(onlyFirst: gained, onlySecond: 1)
        _ = reduce(
          &state,
          .kitchen(
            .soupTest(SoupTest(of: HandPickedSet(members), against: rival, on: "val", test: test))),
          at: now)
      }
    }
    let theme = try ThemeLibrary().load(named: "dark", depth: .indexed256, unicode: true)
    let name = "forecast-\(isMeasured ? "measured" : "expected")-\(size.0)x\(size.1)"
    try Frames.expect(Screen.render(state, theme: theme).buffer.text, matches: name)
  }
}
