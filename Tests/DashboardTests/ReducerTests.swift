import Averaging
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Recipes
import Sweeps
import TerminalUI
import Testing

@testable import Dashboard

/// A generator with a seed, so that a failure can be repeated.
private struct Dice: RandomNumberGenerator {
  private var generator: SeededGenerator
  init(_ seed: UInt64) { generator = SeededGenerator(seed: seed) }
  mutating func next() -> UInt64 { generator.next() }
}

struct ReducerTests {
  private let now = SmallSweep.epoch

  private func state(after commands: [Command]) -> State {
    var state = SmallSweep.state()
    for command in commands { _ = reduce(&state, .command(command), at: now) }
    return state
  }

  @Test func startsWithTheBestFirst() {
    let state = SmallSweep.state()
    #expect(state.table.shown.prefix(4) == ["ft_9", "ft_1", "ft_2", "ft_5"])
    #expect(state.table.cursor == "ft_9")
    #expect(state.bestSingle?.name == "ft_9")
  }

  @Test func spaceTogglesMovesDownAndAsksForTheNumbers() {
    var state = SmallSweep.state()
    let effects = reduce(&state, .command(.toggle), at: now)
    #expect(state.set.members == ["ft_9"])
    #expect(state.table.cursor == "ft_1")
    #expect(effects == [.measure(["ft_9"]), .ask(.pick(HandPickedSet(["ft_9"])))])
    // Who has picked by now is not given the last sitting's set.
    #expect(
      reduce(&state, .kitchen(.recalled(HandPickedSet(["ft_1"]))), at: SmallSweep.epoch) == [])
    #expect(state.set.members == ["ft_9"])
    #expect(state.bench.progress == .pending)
  }

  @Test func aRangeIsToggledAsOneStep() {
    var state = state(after: [.range, .down, .down, .toggle])
    #expect(state.set.members == ["ft_9", "ft_1", "ft_2"])
    _ = reduce(&state, .command(.undo), at: now)
    #expect(state.set.members.isEmpty)
    _ = reduce(&state, .command(.redo), at: now)
    #expect(state.set.members == ["ft_9", "ft_1", "ft_2"])
  }

  @Test func allTakesWhatIsShownAndLeavesTheRest() {
    var state = SmallSweep.state()
    _ = reduce(&state, .command(.filter, argument: "aug:none"), at: now)
    _ = reduce(&state, .command(.all), at: now)
    #expect(Set(state.set.members) == ["ft_1", "ft_3", "ft_5", "ft_7", "ft_9", "ft_11"])
    _ = reduce(&state, .command(.filter, argument: "aug:rand"), at: now)
    #expect(state.hiddenMembers == 6)
    _ = reduce(&state, .command(.all), at: now)
    #expect(state.set.members.count == 12)
  }

  @Test func anIngredientThatCannotBeMixedStaysOutAndSaysWhy() {
    var state = SmallSweep.state()
    let finding = Finding(
      rule: .shapes, severity: .refuse, subject: "ft_9", tensors: ["head.weight"],
      problem: "its head has 11 classes", mend: nil)
    _ = reduce(&state, .kitchen(.findings([finding])), at: now)
    let effects = reduce(&state, .command(.toggle), at: now)
    #expect(effects.isEmpty)
    #expect(state.set.members.isEmpty)
    #expect(state.log.messages.last?.text.contains("11 classes") == true)
  }

  @Test func findingsReplaceThoseToldBefore() {
    var state = SmallSweep.state()
    func finding(_ subject: String?, _ severity: Finding.Severity) -> Finding {
      Finding(
        rule: .identical, severity: severity, subject: subject, tensors: [],
        problem: "is the same as ft_1, bit for bit", mend: nil)
    }
    _ = reduce(&state, .kitchen(.findings([finding("ft_2", .refuse)])), at: now)
    #expect(Set(state.table.unmixable.keys) == ["ft_2"])
    let found = [
      finding("ft_2", .note), finding("ft_3", .warn), finding("theta0", .warn),
      finding(nil, .note),
    ]
    _ = reduce(&state, .kitchen(.findings(found)), at: now)
    #expect(state.table.unmixable.isEmpty)
    #expect(state.table.warning(of: "ft_2") == nil)
    #expect(state.table.warning(of: "ft_3")?.severity == .warn)
    #expect(state.table.sweepFindings.map(\.subject) == ["theta0", nil])
  }

  @Test func missingValuesComeLastBothWays() {
    var state = SmallSweep.state()
    for _ in 0..<2 {
      _ = reduce(&state, .command(.sort, argument: "lr"), at: now)
      #expect(state.table.shown.last == "ft_5")
    }
  }

  @Test func filteringIsLiveAndEscBringsTheOldOneBack() {
    var state = state(after: [.filter])
    for key in "val>0.9" { _ = reduce(&state, .key(KeyPress(key)), at: now) }
    #expect(state.table.shown == ["ft_9", "ft_1", "ft_2"])
    _ = reduce(&state, .key(KeyPress(.escape)), at: now)
    #expect(state.table.shown.count == 12)
    #expect(state.modes.isEmpty)
  }

  @Test func aMistakeInTheFilterKeepsTheRows() {
    var state = state(after: [.filter])
    for key in "val>0.9x" { _ = reduce(&state, .key(KeyPress(key)), at: now) }
    guard case .filter(let prompt)? = state.modes.last else {
      Issue.record("the prompt has closed")
      return
    }
    #expect(prompt.mistake?.range == 0..<8)
    #expect(state.table.shown.count == 3, "as val>0.9 left them")
  }

  @Test func readingsOfAnotherSetAreDropped() {
    var state = state(after: [.toggle])
    let other = Reading(
      members: ["ft_1"], subject: .soup, split: "val", correct: 1, seen: 2, n: 100)
    _ = reduce(&state, .kitchen(.reading(other)), at: now)
    #expect(state.bench.progress == .pending)
    let mine = Reading(
      members: ["ft_9"], subject: .soup, split: "val", correct: 46, seen: 50, n: 100)
    _ = reduce(&state, .kitchen(.reading(mine)), at: now)
    #expect(state.bench.progress == .counting)
    let done = Reading(
      members: ["ft_9"], subject: .soup, split: "val", score: .init(correct: 92, n: 100))
    _ = reduce(&state, .kitchen(.reading(done)), at: now)
    #expect(state.bench.progress == .measured)
    _ = reduce(&state, .command(.toggle), at: now)
    #expect(state.bench.progress == .pending)
    #expect(state.bench.reading(.soup, on: "val").map(state.bench.isStale) == true)
  }

  @Test func quittingWithAJobRunningAsks() {
    var state = SmallSweep.state()
    var job = Job(id: 1, spec: RecipeSpec(.greedy), queuedAt: now)
    job.status = .running
    _ = reduce(&state, .kitchen(.job(job)), at: now)
    _ = reduce(&state, .command(.quit), at: now)
    #expect(!state.isQuitting)
    _ = reduce(&state, .key(KeyPress(.enter)), at: now)
    #expect(!state.isQuitting)
    _ = reduce(&state, .command(.quit), at: now)
    _ = reduce(&state, .key(KeyPress(.right)), at: now)
    _ = reduce(&state, .key(KeyPress(.enter)), at: now)
    #expect(state.isQuitting)
  }

  @Test func everyCommandHasANameAKeyOrAPalettePlace() {
    for command in Command.allCases {
      #expect(
        Palette.suggestions(for: command.rawValue, in: SmallSweep.state()).first?.command == command
      )
      #expect(!command.summary.isEmpty)
    }
    for pane in Pane.allCases {
      let bound = Keymap.standard.bindings.filter { ($0.command.pane ?? pane) == pane }
      let everywhere = bound.filter { $0.command.pane == nil }.flatMap(\.keys)
      let here = bound.filter { $0.command.pane != nil }.flatMap(\.keys)
      #expect(Set(everywhere).count == everywhere.count, "a key means two things")
      #expect(Set(here).count == here.count, "a key means two things in \(pane)")
    }
    #expect(Set(Keymap.standard.bindings.map(\.command)) == Set(Command.allCases))
  }

  /// Whatever is pressed: marks are ingredients, the cursor is shown, and undo goes back exactly.
  @Test(arguments: 0..<60 as Range<UInt64>)
  func invariantsHoldUnderRandomCommands(seed: UInt64) {
    var dice = Dice(seed)
    var state = SmallSweep.state(
      columns: Int.random(in: 20...200, using: &dice), rows: Int.random(in: 5...60, using: &dice))
    let names = Set(SmallSweep.sweep.ingredients.map(\.name))
    let commands = Command.allCases.filter { $0 != .quit }
    for _ in 0..<300 {
      guard let command = commands.randomElement(using: &dice) else { continue }
      if state.modes.isEmpty {
        _ = reduce(&state, .command(command), at: now)
      } else {
        let keys: [KeyPress] = [
          KeyPress(.escape), KeyPress(.enter), KeyPress("v"), KeyPress("9"), KeyPress(.down),
          KeyPress(.backspace),
        ]
        _ = reduce(&state, .key(keys.randomElement(using: &dice) ?? KeyPress(.escape)), at: now)
      }
      #expect(names.isSuperset(of: state.set.members))
      #expect(Set(state.set.members).count == state.set.members.count)
      #expect(state.table.shown.isEmpty == (state.table.cursor == nil))
      #expect(state.table.cursor == nil || state.table.cursorRow != nil)
      #expect(state.firstRow >= 0)
    }
    let members = state.set.members
    var steps = 0
    while state.set.canUndo {
      _ = reduce(&state, .command(.undo), at: now)
      steps += 1
    }
    for _ in 0..<steps { _ = reduce(&state, .command(.redo), at: now) }
    #expect(state.set.members == members)
  }
}
