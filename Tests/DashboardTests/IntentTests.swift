import Averaging
import Evaluation
import Foundation
import Kitchen
import Recipes
import TerminalUI
import Testing

@testable import Dashboard

/// What a person meant outlives what comes in between.
struct IntentTests {
  private let now = SmallSweep.epoch

  private func type(_ keys: [Key], _ state: inout State) {
    for key in keys { _ = reduce(&state, .key(KeyPress(key)), at: now) }
  }

  private func finished(_ spec: RecipeSpec, kind: Outcome.Kind, _ blend: Blend) -> Job {
    var job = Job(id: 1, spec: spec, queuedAt: SmallSweep.epoch)
    job.status = .done
    job.result = SoupResult(
      spec: spec, kind: kind, blend: blend, decisions: [], merit: 90,
      metrics: [(split: "val", score: Score(correct: 90, n: 100, nll: 0.4))],
      evaluatedExamples: 100, passes: 1, seconds: 1)
    return job
  }

  @Test func aMessageGoesByItselfAndThenNothingWakes() throws {
    let clock = Clock()
    var app = try DashboardApp(
      state: SmallSweep.state(), themes: ThemeSource(), clock: { clock.now }, perform: { _ in })
    app.receive([.kitchen(.notice("copied"))])
    #expect(app.nextDeadline != nil)
    clock.now += MessageLog.lifetime + 0.01
    let deadline = try #require(app.nextDeadline)
    #expect(deadline <= .now)
    app.deadlinePassed()
    #expect(app.state.log.current(at: clock.now) == nil)
    #expect(app.nextDeadline == nil)
  }

  @Test func troubleStaysUntilAKeyWhateverElseIsSaid() {
    var log = MessageLog()
    log.add("no room on the disk", .trouble, at: now)
    log.add("greedy is done", .success, at: now)
    #expect(log.current(at: now + 60)?.text == "no room on the disk")
    log.isTroubleSeen = true
    #expect(log.current(at: now)?.text == "greedy is done")
    #expect(log.current(at: now + 60) == nil)
  }

  @Test func leavingTheFilterLeavesTheCursorWhereItWas() {
    var state = SmallSweep.state()
    _ = reduce(&state, .command(.bottom), at: now)
    let cursor = state.table.cursor
    _ = reduce(&state, .command(.filter), at: now)
    type("ft_9".map(Key.character), &state)
    #expect(state.table.cursor == "ft_9")
    type([.escape], &state)
    #expect(state.table.cursor == cursor)
  }

  @Test func theHistoryGivesBackTheLineBeingTyped() {
    var state = SmallSweep.state()
    state.filterHistory = ["val>0.8"]
    _ = reduce(&state, .command(.filter), at: now)
    func field() -> String? {
      guard case .filter(let prompt)? = state.modes.last else { return nil }
      return prompt.field.text
    }
    type("lr<1".map(Key.character), &state)
    type([.down], &state)
    #expect(field() == "lr<1")
    type([.up], &state)
    #expect(field() == "val>0.8")
    type([.down], &state)
    #expect(field() == "lr<1")
  }

  @Test func rowsStayWhileARangeIsDrawn() {
    var state = SmallSweep.state()
    _ = reduce(&state, .command(.range), at: now)
    let score = Score(correct: 99, n: 100, nll: 0.1)
    _ = reduce(
      &state, .kitchen(.measured(ingredient: "ft_8", split: "val", score: score)), at: now + 5)
    let rows = state.table.shown
    #expect(rows.first != "ft_8")
    _ = reduce(&state, .command(.back), at: now + 5)
    _ = reduce(&state, .tick, at: now + 10)
    #expect(state.table.shown.first == "ft_8")
  }

  @Test func theWeightsOfASoupAreAnalysed() {
    var state = SmallSweep.state()
    for command: Command in [.toggle, .toggle] { _ = reduce(&state, .command(command), at: now) }
    state.set.setWeight(of: "ft_1", to: 0.25)
    #expect(
      reduce(&state, .command(.gap), at: now)
        == [
          .analyse(
            .gap(of: Blend([.init("ft_9", weight: 0.75), .init("ft_1", weight: 0.25)])))
        ])
  }

  @Test func aSoupByTensorIsNotTakenForItsMeans() {
    var bench = SoupBench(selectionSplit: "val")
    let tensors = [
      Blend.TensorWeights("a", weights: [1, 0]), Blend.TensorWeights("b", weights: [0, 1]),
    ]
    let blend = Blend(["ft_1", "ft_2"], tensors: tensors)
    bench.learn(["val": Score(correct: 90, n: 100, nll: 0.4)], of: blend)
    #expect(bench.scores(of: .uniform(["ft_1", "ft_2"])).isEmpty)
  }

  @Test func whatCannotBeExportedSaysWhy() {
    var state = SmallSweep.state()
    state.focus = .jobs
    state.jobs = [
      finished(RecipeSpec(.ensemble), kind: .ensemble, .uniform(["ft_1", "ft_2"]))
    ]
    #expect(reduce(&state, .command(.export), at: now).isEmpty)
    #expect(state.modes.isEmpty)
    #expect(state.log.messages.last?.text.contains("no weights to write") == true)
    state.jobs = [Job(id: 2, spec: RecipeSpec(.greedy), queuedAt: now)]
    state.jobCursor = nil
    #expect(reduce(&state, .command(.export), at: now).isEmpty)
    #expect(state.log.messages.last?.text.contains("still at work") == true)
  }

  @Test func quittingAsksForAFileBeingWrittenAndOnlyOnce() {
    var state = SmallSweep.state()
    _ = reduce(
      &state, .told(.exporting(ExportProgress(path: "soup.pt", done: 1, total: 10))), at: now)
    _ = reduce(&state, .command(.quit), at: now)
    #expect(!state.isQuitting)
    _ = reduce(&state, .command(.quit), at: now)
    #expect(state.modes.count == 1)
    _ = reduce(&state, .told(.exporting(nil)), at: now)
    state.modes = []
    _ = reduce(&state, .command(.quit), at: now)
    #expect(state.isQuitting)
  }

  @Test func aClickOnAnAnswerThatIsNotThereDoesNothing() {
    var state = SmallSweep.state()
    state.jobs = [Job(id: 2, spec: RecipeSpec(.greedy), queuedAt: now)]
    _ = reduce(&state, .command(.quit), at: now)
    #expect(reduce(&state, .click(.choice(7)), at: now).isEmpty)
    #expect(state.modes.count == 1)
  }

  @Test func belowTheSmallestScreenOnlyQuittingIsHeard() throws {
    var app = try DashboardApp(
      state: SmallSweep.state(columns: 30, rows: 8), themes: ThemeSource(),
      clock: { SmallSweep.epoch }, perform: { _ in })
    app.handle(.key(KeyPress(" ")))
    app.handle(.key(KeyPress("/")))
    #expect(app.state.set.members.isEmpty)
    #expect(app.state.modes.isEmpty)
    app.handle(.key(KeyPress("q")))
    #expect(app.isFinished)
  }
}

/// A clock that goes when it is told to.
private final class Clock: @unchecked Sendable {
  // Only ever used by the one thread of a test.
  var now = SmallSweep.epoch
}
