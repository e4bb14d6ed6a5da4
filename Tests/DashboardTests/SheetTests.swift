import Averaging
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Recipes
import Sweeps
import TerminalUI
import Testing
import Themes

@testable import Dashboard

/// What lies over the panes: keys to effects, and frames against files.
struct SheetTests {
  private let now = SmallSweep.epoch

  private func press(_ keys: String, _ state: inout State) -> [Effect] {
    keys.flatMap { reduce(&state, .key(KeyPress($0)), at: now) }
  }

  private func press(_ key: Key, _ state: inout State) -> [Effect] {
    reduce(&state, .key(KeyPress(key)), at: now)
  }

  private func command(
    _ command: Command, _ argument: String? = nil, _ state: inout State
  ) -> [Effect] {
    reduce(&state, .command(command, argument: argument), at: now)
  }

  private func picked(columns: Int = 160, rows: Int = 45) -> State {
    var state = SmallSweep.state(columns: columns, rows: rows)
    for _ in 0..<3 { _ = reduce(&state, .command(.toggle), at: now) }
    return state
  }

  // MARK: Columns

  @Test func columnsAreHiddenMovedAndRemembered() {
    var state = SmallSweep.state()
    _ = command(.columns, nil, &state)
    var effects = press("jjj ", &state)
    // The cursor began on what the rows are sorted by.
    let columns = state.table.columns
    let hidden = columns[(columns.firstIndex(of: .accuracy(split: "val")) ?? 0) + 3]
    #expect(state.table.hiddenColumns == [hidden])
    #expect(state.table.visibleColumns == columns.filter { $0 != hidden })
    #expect(effects == [.ask(.remember(state.tableMemory))])
    effects = press("g >", &state)
    #expect(state.table.columns == [columns[1], .name] + columns[2...])
    #expect(state.table.visibleColumns.contains(.name), "the names always stay")
    #expect(effects.last == .ask(.remember(state.tableMemory)))
    var again = SmallSweep.state()
    again.recall(table: state.tableMemory, soups: [])
    #expect(again.table.columns == state.table.columns)
    #expect(again.table.hiddenColumns == state.table.hiddenColumns)
    _ = press("0", &state)
    #expect(state.table.visibleColumns == SmallSweep.state().table.columns)
  }

  @Test func theNameCannotBeHidden() {
    var state = SmallSweep.state()
    #expect(command(.hideColumn, "ingredient", &state).isEmpty)
    #expect(state.table.visibleColumns.contains(.name))
    #expect(command(.hideColumn, "lr", &state) == [.ask(.remember(state.tableMemory))])
    #expect(!state.table.visibleColumns.contains(.hyperparameter("lr")))
  }

  @Test func aMemoryOfAnotherShapeIsTakenAsFarAsItGoes() {
    var state = SmallSweep.state()
    let memory = TableMemory(
      columns: ["hyper:lr", "split:gone", "name"], hidden: ["split:test", "name"],
      sort: "hyper:gone", isAscending: true)
    state.recall(table: memory, soups: [])
    #expect(Set(state.table.columns) == Set(SmallSweep.state().table.columns))
    #expect(state.table.columns.count == SmallSweep.state().table.columns.count)
    #expect(state.table.hiddenColumns == [.accuracy(split: "test")])
    #expect(state.table.sort.column == .accuracy(split: "val"))
  }

  // MARK: Rows

  @Test func rowsStayUnderTheHandAndSettleWhenItRests() {
    var state = SmallSweep.state()
    _ = command(.down, nil, &state)
    let before = state.table.shown
    let event = KitchenEvent.measured(
      ingredient: "ft_8", split: "val", score: Score(correct: 99, n: 100))
    _ = reduce(&state, .kitchen(event), at: now.addingTimeInterval(0.2))
    #expect(state.table.shown == before)
    #expect(state.settlesAt == now.addingTimeInterval(1))
    _ = reduce(&state, .tick, at: now.addingTimeInterval(1.1))
    #expect(state.table.shown.first == "ft_8")
    #expect(state.table.cursor == before[1])
    #expect(state.settlesAt == nil)
  }

  // MARK: Weights

  @Test func weightsAreSteppedTypedAndMadeEqual() {
    var state = picked()
    _ = command(.weights, nil, &state)
    let effects = press("+", &state)
    #expect(state.set.weight(of: "ft_9") == 0.34)
    #expect(
      effects == [
        .measure(state.set.members, weights: state.set.weights), .ask(.pick(state.set.handPicked)),
      ])
    _ = press(".5", &state)
    _ = press(.enter, &state)
    #expect(state.set.weight(of: "ft_9") == 0.5)
    _ = press("2", &state)
    _ = press(.enter, &state)
    #expect(state.set.weight(of: "ft_9") == 0.5, "2 is no weight")
    _ = press(.escape, &state)
    _ = press("=", &state)
    #expect(state.set.weights == nil)
    _ = press("u", &state)
    #expect(state.set.weight(of: "ft_9") == 0.5)
  }

  @Test func readingsOfOtherWeightsAreDropped() {
    var state = picked()
    _ = command(.weights, "ft_9 0.5", &state)
    let equal = Reading(
      members: state.set.members, subject: .soup, split: "val", score: Score(correct: 1, n: 100))
    _ = reduce(&state, .kitchen(.reading(equal)), at: now)
    #expect(state.bench.progress == .pending)
    let weighted = Reading(
      members: state.set.members, weights: state.set.weights, subject: .soup, split: "val",
      score: Score(correct: 95, n: 100))
    _ = reduce(&state, .kitchen(.reading(weighted)), at: now)
    #expect(state.bench.progress == .measured)
    #expect(state.scores(of: .atHand)["val"]?.correct == 95)
  }

  // MARK: Kept soups

  @Test func aSoupIsKeptTakenUpAgainAndLetGo() {
    var state = picked()
    let members = state.set.members
    let effects = command(.keep, "before", &state)
    #expect(effects == [.ask(.keep(state.set.kept))])
    _ = command(.clear, nil, &state)
    _ = command(.soups, nil, &state)
    _ = press("j", &state)
    _ = press(.enter, &state)
    #expect(state.set.members == members)
    _ = command(.soups, nil, &state)
    _ = press("jd", &state)
    #expect(state.set.kept.isEmpty)
    _ = press("u", &state)
    #expect(state.set.kept.map(\.name) == ["before"])
  }

  @Test func nothingIsKeptOfAnEmptySoup() {
    var state = SmallSweep.state()
    #expect(command(.keep, "none", &state).isEmpty)
    #expect(state.set.kept.isEmpty)
  }

  @Test func twoSoupsAreComparedAndAnswersOfOthersDropped() {
    var state = picked()
    _ = command(.keep, "A", &state)
    _ = command(.toggle, nil, &state)
    let effects = command(.versus, nil, &state)
    let pair = SoupPair(state.set.blend, state.set.kept[0].blend)
    #expect(effects == [.ask(.compare(pair.first, pair.second))])
    let round = HeadToHead(
      split: "val", first: Score(correct: 94, n: 100), second: Score(correct: 90, n: 100),
      test: McNemarTest(onlyFirst: 6, onlySecond: 2))
    _ = reduce(
      &state, .told(.headToHead(round, SoupPair(pair.second, pair.second))), at: now)
    #expect(rounds(state).isEmpty)
    _ = reduce(&state, .told(.headToHead(round, pair)), at: now)
    #expect(rounds(state) == [round])
    #expect(state.scores(of: .kept("A"))["val"]?.correct == 90)
  }

  private func rounds(_ state: State) -> [HeadToHead] {
    guard case .sheet(.versus(let sheet))? = state.modes.last else { return [] }
    return sheet.rounds
  }

  // MARK: Details and export

  @Test func detailsOfAnIngredientLookedAtBeforeAreDropped() throws {
    var state = SmallSweep.state()
    #expect(command(.details, nil, &state) == [.ask(.details("ft_9"))])
    #expect(press("l", &state) == [.ask(.details("ft_1"))])
    _ = reduce(&state, .told(.detailsFailed(of: "ft_9", cause: "gone")), at: now)
    guard case .loading("ft_1")? = state.contents.details else {
      Issue.record("an answer of another ingredient was taken")
      return
    }
  }

  @Test func nothingIsWrittenBeforeItsMembersWereShown() {
    var state = picked()
    #expect(command(.export, "soup.safetensors", &state).isEmpty)
    #expect(press(.enter, &state).isEmpty, "the safe choice comes first")
    _ = command(.export, "soup.safetensors", &state)
    let effects = press("y", &state)
    #expect(
      effects == [
        .export(
          ExportRequest(
            source: .handPicked(state.set.members), path: "soup.safetensors", overwrites: false))
      ])
  }

  // MARK: Jobs

  @Test func whatIsNotWrittenIsSaid() throws {
    for key in [Key.enter, .escape, .character("n")] {
      var state = picked()
      _ = command(.export, "soup.safetensors", &state)
      #expect(press(key, &state) == [])
      #expect(state.modes.isEmpty && state.log.messages.last?.text == "not written")
    }
  }

  @Test func theHelpOpensOverASheetAndLeadsBack() {
    for opening in [Command.soups, .weights, .columns, .compare, .run] {
      var state = picked()
      _ = command(opening, nil, &state)
      let depth = state.modes.count
      _ = press("?", &state)
      guard case .help = state.modes.last else {
        Issue.record("\(opening): no help")
        continue
      }
      _ = press(.escape, &state)
      #expect(state.modes.count == depth && depth > 0)
    }
    // Where a name is typed it is a letter like any other.
    var state = picked()
    _ = command(.keep, nil, &state)
    _ = press("?", &state)
    if case .help? = state.modes.last { Issue.record("the help took a letter") }
  }

  @Test func lettingGoOfNothingSaysSo() {
    var state = picked()
    _ = command(.soups, nil, &state)
    #expect(press("d", &state) == [])
    #expect(state.log.messages.last?.text.hasPrefix("only a kept soup") == true)
  }

  @Test func jobsAreRaisedAndFailedOnesTriedAgain() {
    var state = SmallSweep.state()
    var job = Job(id: 3, spec: RecipeSpec(.greedy), queuedAt: now)
    job.status = .running
    _ = reduce(&state, .kitchen(.job(job)), at: now)
    #expect(command(.raiseJob, nil, &state) == [.raise(3, by: 1)])
    #expect(command(.retry, nil, &state).isEmpty)
    job.status = .failed("no space")
    _ = reduce(&state, .kitchen(.job(job)), at: now)
    #expect(command(.retry, nil, &state) == [.start(RecipeSpec(.greedy))])
    #expect(command(.raiseJob, nil, &state).isEmpty)
  }

  @Test func timeLeftIsSaidAfterThreeStepsAndWithoutPauses() {
    var job = Job(id: 1, spec: RecipeSpec(.greedy), queuedAt: now)
    job.status = .running
    job.startedAt = now
    (job.step, job.steps) = (2, 10)
    #expect(job.secondsLeft(at: now.addingTimeInterval(4)) == nil)
    job.step = 4
    job.idleSeconds = 4
    #expect(job.secondsLeft(at: now.addingTimeInterval(8)) == 6)
    job.isHeld = true
    #expect(job.secondsLeft(at: now.addingTimeInterval(8)) == nil)
  }

  // MARK: Logs

  /// A long message goes on in the next line, and is found as a whole.
  @Test(arguments: [40, 60, 100, 160])
  func messagesAreReadWhole(columns: Int) throws {
    var state = SmallSweep.state(columns: columns, rows: 30)
    let words = (0..<60).map { "word\($0)" }
    state.log.add("before", .notice, at: now)
    state.log.add(words.joined(separator: " "), .trouble, at: now)
    _ = command(.messages, nil, &state)
    let theme = try ThemeLibrary().load(named: "dark", depth: .indexed256, unicode: true)
    let text = Screen.render(state, theme: theme).buffer.text
    let shown = text.split { !$0.isLetter && !$0.isNumber }.filter { $0.hasPrefix("word") }
    #expect(shown.map(String.init) == words, "\(text)")
    var sheet = LogSheet()
    sheet.query = "word9 word10"
    let lines = LogTextLines(state: state, sheet: sheet)
    #expect((0..<lines.count).filter(lines.matches) == [lines.count - 1])
  }

  @Test func logsAreSearched() {
    var state = SmallSweep.state(columns: 100, rows: 20)
    let log = LogText(
      name: "python-0.log", path: "/logs/python-0.log",
      lines: (0..<100).map { $0 == 40 ? "RuntimeError: shapes" : "step \($0)" }, isCut: false)
    _ = command(.messages, nil, &state)
    _ = reduce(&state, .told(.logs([log])), at: now)
    _ = press(.tab, &state)
    _ = press("/error", &state)
    _ = press(.enter, &state)
    _ = press("n", &state)
    guard case .sheet(.logs(let sheet))? = state.modes.last else {
      Issue.record("the logs have closed")
      return
    }
    // The line that was found is the last of fourteen.
    #expect(sheet.first == 27)
    #expect(LogTextLines(state: state, sheet: sheet).matches(at: 40))
  }

  @Test func theLogThatIsShownIsAmongTheTabsHoweverManyThereAre() throws {
    var state = SmallSweep.state(columns: 40, rows: 12)
    let logs = (0..<6).map {
      LogText(name: "python-\($0).log", path: "/\($0)", lines: ["hello"], isCut: false)
    }
    _ = command(.messages, nil, &state)
    _ = reduce(&state, .told(.logs(logs)), at: now)
    let theme = try ThemeSource().theme("dark")
    for name in ["messages"] + logs.map(\.name) {
      let canvas = Screen.render(state, theme: theme)
      #expect(canvas.buffer.row(1).contains("[\(name)]"))
      #expect(canvas.hits.allSatisfy { canvas.buffer.bounds.contains($0.rect) })
      _ = press(.tab, &state)
    }
  }

  @Test func aLogIsFollowedUntilOneScrollsBack() throws {
    var state = SmallSweep.state(columns: 100, rows: 20)
    #expect(command(.messages, nil, &state) == [.ask(.followLogs)])
    let theme = try ThemeLibrary().load(named: "dark", depth: .truecolor, unicode: true)
    var lines = 0
    func grow(by more: Int) -> String {
      lines += more
      let log = LogText(
        name: "python-0.log", path: "/logs/python-0.log",
        lines: (0..<lines).map { "step \($0)." }, isCut: false)
      _ = reduce(&state, .told(.logs([log])), at: now)
      return Screen.render(state, theme: theme).buffer.text
    }
    _ = grow(by: 40)
    _ = press(.tab, &state)
    var screen = grow(by: 10)
    #expect(screen.contains("step 49.") && screen.contains("following"))
    _ = press("k", &state)
    screen = grow(by: 10)
    #expect(screen.contains("step 48.") && !screen.contains("step 49."))
    #expect(screen.contains("11 more below"))
    _ = press("f", &state)
    screen = grow(by: 5)
    #expect(screen.contains("step 64.") && screen.contains("following"))
    // With nobody looking the files are left alone.
    #expect(press(.escape, &state) == [.ask(.leaveLogs)])
  }

  // MARK: Pointer

  /// Clicks the row that has a text, in what lies on top.
  private func click(_ text: String, _ state: inout State) throws -> [Effect] {
    let theme = try ThemeLibrary().load(named: "dark", depth: .truecolor, unicode: true)
    let canvas = Screen.render(state, theme: theme)
    let rows = canvas.buffer.text.split(separator: "\n", omittingEmptySubsequences: false)
    // A sheet lies in the middle: what stands left of it is the table's.
    for (row, line) in rows.enumerated() {
      for start in line.ranges(of: text).map(\.lowerBound) {
        let column = line.distance(from: line.startIndex, to: start)
        if case .choice(let place)? = canvas.target(at: Point(column: column, row: row)) {
          return reduce(&state, .click(.choice(place)), at: now)
        }
      }
    }
    Issue.record("nothing to click says \(text)")
    return []
  }

  @Test func rowsOfSheetsAreClicked() throws {
    var state = picked()
    _ = command(.keep, "A", &state)
    _ = command(.soups, nil, &state)
    _ = try click("A   ", &state)
    guard case .sheet(.soups(let soups))? = state.modes.last else {
      Issue.record("the soups have closed")
      return
    }
    #expect(soups.selected == 1)
    // What is gone to already is taken.
    _ = try click("A   ", &state)
    #expect(state.modes.isEmpty)

    _ = command(.columns, nil, &state)
    let sort = state.table.sort
    _ = try click("epochs  ", &state)
    #expect(state.table.sort == sort)
    _ = try click("epochs  ", &state)
    #expect(state.table.sort.column == .hyperparameter("epochs"))
    _ = press(.escape, &state)

    _ = command(.weights, nil, &state)
    _ = try click(state.set.members[2], &state)
    guard case .sheet(.weights(let weights))? = state.modes.last else {
      Issue.record("the weights have closed")
      return
    }
    #expect(weights.selected == 2)
    _ = press(.escape, &state)

    _ = command(.run, nil, &state)
    _ = try click("pruned", &state)
    _ = try click("pruned", &state)
    guard case .recipeForm(let form)? = state.modes.last else {
      Issue.record("no form")
      return
    }
    #expect(form.spec.recipe == .pruned)
    _ = try click("candidates  ", &state)
    _ = press(.escape, &state)
    _ = press(.escape, &state)

    _ = command(.messages, nil, &state)
    let log = LogText(name: "other.log", path: "/other.log", lines: ["hello"], isCut: false)
    _ = reduce(&state, .told(.logs([log])), at: now)
    _ = try click("other.log", &state)
    guard case .sheet(.logs(let logs))? = state.modes.last else {
      Issue.record("the logs have closed")
      return
    }
    #expect(logs.tab == 1)
  }
}
