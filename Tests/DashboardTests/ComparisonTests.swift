import Averaging
import Evaluation
import Foundation
import Kitchen
import Recipes
import TerminalUI
import Testing
import Themes

@testable import Dashboard

/// The comparison of every recipe: what its keys do, and how it looks while it fills.
struct ComparisonTests {
  private let now = SmallSweep.epoch

  private static let plan = [
    ("best single", 12.0), ("second best", 1), ("uniform", 1), ("greedy", 12),
    ("greedy random order", 36), ("learned", 0), ("ensemble", 12), ("greedy ensemble", 12),
    ("WiSE-FT", 11), ("linearised search", 30),
  ].map { label, passes in
    ComparisonPlan.Row(
      label: label, passes: passes,
      missing: label == "learned" ? "the evaluator has no gradients" : nil)
  }

  private func result(_ name: RecipeSpec.Name, _ correct: [Int], members: Int) -> SoupResult {
    let names = (0..<members).map { "ft_\($0)" }
    let metrics = zip(["val", "test", "noise", "rotation"], correct).map { split, correct in
      (split: split, score: Score(correct: correct, n: 100, nll: 0.5))
    }
    return SoupResult(
      spec: RecipeSpec(name), kind: RecipeSpec(name).makesEnsemble ? .ensemble : .soup,
      blend: .uniform(names), decisions: [],
      merit: Double(correct[0]), metrics: metrics, evaluatedExamples: 400, passes: 23,
      seconds: 3.2)
  }

  /// After so many of the events of a whole comparison.
  private func standing(events count: Int) -> ComparisonStanding {
    var standing = ComparisonStanding(Self.plan)
    guard count > 0 else { return standing }
    standing.status = .running
    standing.startedAt = now.addingTimeInterval(-20)
    let rows: [(RecipeSpec.Name, [[Int]], Int)] = [
      (.best, [[92, 90, 72, 82]], 1), (.handPicked, [[91, 89, 71, 81]], 1),
      (.uniform, [[90, 91, 75, 84]], 12), (.greedy, [[95, 93, 76, 85]], 5),
      (.greedy, [[94, 93, 75, 85], [93, 91, 75, 84], [94, 94, 77, 85]], 4), (.learned, [], 0),
      (.ensemble, [[93, 94, 74, 83]], 12), (.greedyEnsemble, [[95, 94, 75, 84]], 4),
      (.wiseFT, [[92, 91, 78, 86]], 2), (.linearisedSearch, [[96, 93, 77, 85]], 6),
    ]
    var events: [ComparisonEvent] = [.began(Self.plan)]
    for (place, row) in rows.enumerated() {
      guard !row.1.isEmpty else {
        events.append(.skipped(reason: "the evaluator has no gradients", row: place))
        continue
      }
      events.append(.cooking(row: place))
      events.append(.step(.trying(candidate: "ft_3", step: 6, of: 12)))
      events.append(
        .finished(
          ComparisonRow(
            label: Self.plan[place].label,
            results: row.1.map { result(row.0, $0, members: row.2) }), row: place))
    }
    for event in events.prefix(count) { standing.take(event) }
    if count >= events.count {
      standing.status = .done
      standing.finishedAt = now
    }
    return standing
  }

  private func state(columns: Int, rows: Int, events: Int, selected: Int) -> State {
    var state = SmallSweep.state(columns: columns, rows: rows)
    _ = reduce(&state, .command(.compare), at: now)
    _ = reduce(&state, .kitchen(.comparison(standing(events: events))), at: now)
    for _ in 0..<selected { _ = reduce(&state, .key(KeyPress("j")), at: now) }
    return state
  }

  @Test(arguments: [(160, 45), (100, 30), (60, 20), (40, 12)], [0, 12, 100])
  func itIsDrawnWhileItFills(size: (Int, Int), events: Int) throws {
    let state = state(
      columns: size.0, rows: size.1, events: events, selected: events == 0 ? 0 : 3)
    let theme = try ThemeLibrary().load(named: "dark", depth: .indexed256, unicode: true)
    let frame = Screen.render(state, theme: theme)
    let stage = events == 0 ? "planned" : events == 12 ? "filling" : "done"
    try Frames.expect(frame.buffer.text, matches: "comparison-\(stage)-\(size.0)x\(size.1)")
  }

  @Test func everySizeDraws() throws {
    let theme = try ThemeLibrary().load(named: "dark", depth: .indexed256, unicode: false)
    for columns in stride(from: 40, through: 220, by: 30) {
      for rows in stride(from: 12, through: 80, by: 17) {
        let frame = Screen.render(
          state(columns: columns, rows: rows, events: 100, selected: 4), theme: theme)
        let bounds = frame.buffer.bounds
        #expect(bounds == Rect(Size(columns: columns, rows: rows)))
        #expect(frame.hits.allSatisfy { bounds.contains($0.rect) })
        #expect(frame.buffer.row(0).contains("every recipe on small"))
        // The row that the cursor is on can be seen, however few there is room for.
        #expect(frame.buffer.text.contains("greedy rand"), "\(frame.buffer.text)")
        let isPlain = frame.buffer.text.unicodeScalars.allSatisfy { $0.isASCII }
        #expect(isPlain)
      }
    }
  }

  @Test func itSaysItsCostBeforeItStarts() {
    var state = SmallSweep.state()
    #expect(reduce(&state, .command(.compare), at: now) == [.comparison(.plan)])
    _ = reduce(&state, .kitchen(.comparison(standing(events: 0))), at: now)
    #expect(reduce(&state, .key(KeyPress(.enter)), at: now) == [.comparison(.start)])
    // Once is enough.
    _ = reduce(&state, .kitchen(.comparison(standing(events: 2))), at: now)
    #expect(reduce(&state, .key(KeyPress("s")), at: now) == [])
    #expect(reduce(&state, .key(KeyPress("p")), at: now) == [.comparison(.pause)])
    #expect(reduce(&state, .key(KeyPress("x")), at: now) == [.comparison(.cancel)])
    var paused = standing(events: 2)
    paused.status = .paused
    _ = reduce(&state, .kitchen(.comparison(paused)), at: now)
    #expect(reduce(&state, .key(KeyPress("p")), at: now) == [.comparison(.resume)])
    _ = reduce(&state, .key(KeyPress(.escape)), at: now)
    #expect(state.modes.isEmpty)
    // Opened again, nothing is asked for anew.
    #expect(reduce(&state, .command(.compare), at: now) == [])
  }

  @Test func whoDoesNotWaitForTheCostStartsItAllTheSame() {
    var state = SmallSweep.state()
    _ = reduce(&state, .command(.compare), at: now)
    #expect(reduce(&state, .key(KeyPress(.enter)), at: now) == [.comparison(.start)])
    var begun = ComparisonStanding([])
    begun.status = .running
    begun.startedAt = now
    _ = reduce(&state, .kitchen(.comparison(begun)), at: now)
    #expect(reduce(&state, .key(KeyPress(.enter)), at: now) == [])
  }

  /// Every group of splits that is named has its accuracies below it, whole.
  @Test func noGroupIsCutInTheMiddle() throws {
    let theme = try ThemeLibrary().load(named: "dark", depth: .indexed256, unicode: true)
    for columns in 40...120 {
      let text = Screen.render(
        state(columns: columns, rows: 30, events: 100, selected: 0), theme: theme
      ).buffer.text
      let lines = text.split(separator: "\n")
      let header = try #require(lines.first { $0.contains("recipe ") && $0.contains("val") })
      let titles = ["val", "test", "shifts"].filter { header.contains($0) }
      let uniform = try #require(lines.first { $0.contains(" uniform ") })
      // val 90, test 91, mean of the shifts 79.5.
      let accuracies = ["90.00", "91.00", "79.50"].filter { uniform.contains($0) }
      #expect(accuracies.count == titles.count, "\(columns) columns:\n\(text)")
      #expect(columns < 48 || titles.count == 3)
    }
  }

  @Test func aFinishedRowsSoupBecomesTheHandPickedOne() {
    var state = state(columns: 160, rows: 45, events: 100, selected: 3)
    let effects = reduce(&state, .key(KeyPress(.enter)), at: now)
    #expect(state.set.members == ["ft_0", "ft_1", "ft_2", "ft_3", "ft_4"])
    #expect(effects.contains(.measure(state.set.members)))
    #expect(state.modes.isEmpty)
    _ = reduce(&state, .command(.undo), at: now)
    #expect(state.set.members.isEmpty)
  }

  @Test func theMembersOfAnEnsembleAreNotTakenForASoup() throws {
    var state = state(columns: 160, rows: 45, events: 100, selected: 7)
    let theme = try ThemeLibrary().load(named: "dark", depth: .indexed256, unicode: true)
    let text = Screen.render(state, theme: theme).buffer.text
    #expect(text.contains("take its members") && !text.contains("take its soup"))
    _ = reduce(&state, .key(KeyPress(.enter)), at: now)
    #expect(state.set.members.count == 4)
    #expect(state.log.messages.last?.text.hasPrefix("the members of an ensemble") == true)
    // A soup's are what was measured.
    var other = self.state(columns: 160, rows: 45, events: 100, selected: 3)
    _ = reduce(&other, .key(KeyPress(.enter)), at: now)
    #expect(other.log.messages.last?.text.hasPrefix("the members of an ensemble") != true)
  }

  @Test func theTimeLeftFollowsThePasses() {
    #expect(standing(events: 0).secondsLeft(at: now) == nil)
    let filling = standing(events: 12)
    #expect(filling.share > 0.15 && filling.share < 0.4)
    let left = filling.secondsLeft(at: now) ?? 0
    #expect(abs(left - 20 * (1 - filling.share) / filling.share) < 1e-9)
    #expect(standing(events: 100).share == 1)
    var last = 0.0
    for count in 1...30 {
      let share = standing(events: count).share
      #expect(share >= last)
      last = share
    }
  }

  @Test func withoutAnEvaluatorItSaysWhy() {
    var state = SmallSweep.state()
    state.evaluatorTrouble = "no model"
    #expect(reduce(&state, .command(.compare), at: now) == [])
    #expect(state.log.messages.last?.text == "no model")
    #expect(reduce(&state, .key(KeyPress(.enter)), at: now) == [])
  }
}
