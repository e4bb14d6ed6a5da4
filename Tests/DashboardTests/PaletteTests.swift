import Averaging
import Foundation
import Kitchen
import Recipes
import TerminalUI
import Testing
import Themes

@testable import Dashboard

/// What the `:` line offers is what its commands take.
struct PaletteTests {
  private let now = SmallSweep.epoch

  private func type(_ text: String, _ state: inout State) {
    for character in text { _ = reduce(&state, .key(KeyPress(character)), at: now) }
  }

  private func lines(_ text: String, _ state: State) -> [String] {
    Palette.suggestions(for: text, in: state).map(\.line)
  }

  /// Three members, two of them kept as `first try`, and a soup by a job.
  private func state() -> State {
    var state = SmallSweep.state()
    for _ in 0..<2 { _ = reduce(&state, .command(.toggle), at: now) }
    _ = reduce(&state, .command(.keep, argument: "first try"), at: now)
    _ = reduce(&state, .command(.toggle), at: now)
    var job = Job(id: 3, spec: RecipeSpec(.greedy), queuedAt: now)
    job.status = .done
    job.result = SoupResult(
      spec: job.spec, kind: .soup, blend: .uniform(["ft_0", "ft_5"]), decisions: [], merit: 90,
      metrics: [], evaluatedExamples: 100, passes: 1, seconds: 1)
    _ = reduce(&state, .kitchen(.job(job)), at: now)
    return state
  }

  @Test(arguments: [
    ("save", "keep"), ("save", "export"), ("eval", "best"), ("measure", "best"),
    ("log", "messages"),
  ])
  func commandsAreFoundByOtherWords(typed: String, command: String) {
    #expect(lines(typed, SmallSweep.state()).contains(command))
  }

  @Test func whatMatchesNothingIsSaid() throws {
    let theme = try ThemeLibrary().load(named: "dark", depth: .indexed256, unicode: true)
    func screen(_ opening: Command, _ text: String, columns: Int) -> String {
      var state = SmallSweep.state(columns: columns, rows: columns / 4)
      _ = reduce(&state, .command(opening), at: now)
      type(text, &state)
      return Screen.render(state, theme: theme).buffer.text
    }
    for columns in [60, 160] {
      #expect(screen(.palette, "zzz", columns: columns).contains("nothing matches"))
      #expect(!screen(.palette, "export soup", columns: columns).contains("nothing matches"))
      #expect(screen(.help, "zzz", columns: columns).contains("nothing matches"))
      #expect(screen(.help, "/measure", columns: columns).contains("every ingredient alone"))
    }
  }

  @Test func twoSoupsAreHeldAgainstEachOtherByWhatTheyAreCalled() throws {
    let state = state()
    #expect(
      lines("versus ", state) == [
        "versus the soup at hand", "versus first try", "versus #3 greedy",
      ])
    #expect(lines("versus fi", state) == ["versus first try"])
    #expect(
      lines("versus first try ", state) == [
        "versus first try the soup at hand", "versus first try #3 greedy",
      ])
    #expect(lines("versus first try gree", state) == ["versus first try #3 greedy"])
    // Each is understood.
    for line in lines("versus ", state) + lines("versus first try ", state) {
      var state = state
      let (name, argument) = Palette.parse(line)
      let command = try #require(Command(rawValue: name))
      let effects = reduce(&state, .command(command, argument: argument), at: now)
      #expect(effects.count == 1, "\(line): \(state.log.messages.last?.text ?? "")")
    }
    var wrong = state
    #expect(reduce(&wrong, .command(.versus, argument: "first tyr"), at: now) == [])
    #expect(wrong.log.messages.last?.text.hasPrefix("no soup 'first tyr'; there are") == true)
  }

  @Test func aWeightIsAMembersAndThenANumber() throws {
    var state = state()
    let member = try #require(state.set.members.first)
    let offered = Palette.suggestions(for: "weights ", in: state)
    #expect(offered.map(\.line) == ["weights equal"] + state.set.members.map { "weights \($0)" })
    #expect(offered.map(\.awaited) == [nil, "0.4", "0.4", "0.4"])
    #expect(lines("weights \(member) ", state) == [])
    _ = reduce(&state, .command(.palette), at: now)
    type("weights \(member)", &state)
    // Tab leaves the line where the number goes.
    _ = reduce(&state, .key(KeyPress(.tab)), at: now)
    type("0.5", &state)
    _ = reduce(&state, .key(KeyPress(.enter)), at: now)
    #expect(state.set.weight(of: member) == 0.5)
  }

  @Test func wordsAreCompletedAndRecentLinesComeFirst() {
    var state = SmallSweep.state()
    _ = reduce(&state, .command(.palette), at: now)
    type("sort ep", &state)
    _ = reduce(&state, .key(KeyPress(.tab)), at: now)
    _ = reduce(&state, .key(KeyPress(.enter)), at: now)
    #expect(state.table.sort.column == .hyperparameter("epochs"))
    #expect(state.recentCommands == ["sort epochs"])
    #expect(Palette.suggestions(for: "", in: state).first?.line == "sort epochs")
    #expect(
      Palette.suggestions(for: "gap ft_3 ft_1", in: state).map(\.line)
        == ["gap ft_3 ft_1", "gap ft_3 ft_10", "gap ft_3 ft_11"])
    #expect(
      Palette.suggestions(for: "theme li", in: state).map(\.line) == [
        "theme light", "theme cvd-light",
      ])
  }

  @Test func theHelpFindsWhatIsTyped() throws {
    var state = SmallSweep.state(columns: 100, rows: 30)
    _ = reduce(&state, .command(.help), at: now)
    type("clipboard", &state)
    let theme = try ThemeSource().theme("dark")
    let found = Screen.render(state, theme: theme).buffer.text
    #expect(found.contains("copy the soup's names") && !found.contains("up one row"))
    _ = reduce(&state, .key(KeyPress(.escape)), at: now)
    #expect(Screen.render(state, theme: theme).buffer.text.contains("up one row"))
    _ = reduce(&state, .key(KeyPress(.escape)), at: now)
    #expect(state.modes.isEmpty)
  }
}
