import Averaging
import Evaluation
import Kitchen
import TerminalUI
import Testing
import Themes

@testable import Dashboard

/// Lists without a cursor stop where their end is seen: one key back shows another line again.
struct ScrollingTests {
  private let now = SmallSweep.epoch
  private let theme: Theme

  init() throws {
    theme = try ThemeLibrary().load(named: "dark", depth: .indexed256, unicode: true)
  }

  private func screen(_ state: State) -> String { Screen.render(state, theme: theme).buffer.text }

  /// Everything is in the soup, and another is kept.
  private func state(_ size: Size, _ command: Command, _ argument: String? = nil) -> State {
    var state = SmallSweep.state(columns: size.columns, rows: size.rows)
    _ = reduce(&state, .command(.toggle), at: now)
    _ = reduce(&state, .command(.keep, argument: "one"), at: now)
    _ = reduce(&state, .command(.all), at: now)
    _ = reduce(&state, .command(command, argument: argument), at: now)
    return state
  }

  @Test(
    arguments: [
      (Command.help, nil), (.versus, nil), (.export, "a/soup.safetensors"),
    ] as [(Command, String?)],
    [Size(columns: 40, rows: 12), Size(columns: 60, rows: 13), Size(columns: 100, rows: 16)])
  func theEndIsNotPassed(sheet: (command: Command, argument: String?), size: Size) {
    var state = state(size, sheet.command, sheet.argument)
    let start = screen(state)
    func press(_ key: Key, times: Int = 1) {
      for _ in 0..<times { _ = reduce(&state, .key(KeyPress(key)), at: now) }
    }
    press(.down, times: 200)
    let end = screen(state)
    #expect(end != start)
    press(.up)
    #expect(screen(state) != end)
    press(.down)
    #expect(screen(state) == end)
    press(.pageDown)
    #expect(screen(state) == end)
    press(.home)
    #expect(screen(state) == start)
    press(.end)
    #expect(screen(state) == end)
  }

  @Test func aVerdictLeavesFewerMembersToBeSeen() {
    var state = state(Size(columns: 100, rows: 16), .versus)
    let pair = SoupPair(state.set.blend, state.set.kept[0].blend)
    let round = HeadToHead(
      split: "val", first: Score(correct: 94, n: 100), second: Score(correct: 90, n: 100),
      test: McNemarTest(onlyFirst: 6, onlySecond: 2))
    _ = reduce(&state, .key(KeyPress(.end)), at: now)
    let before = screen(state)
    _ = reduce(&state, .told(.headToHead(round, pair)), at: now)
    _ = reduce(&state, .key(KeyPress(.end)), at: now)
    let after = screen(state)
    // The last member is seen in both.
    let last = VersusText(
      state: state, sheet: VersusSheet(first: .atHand, second: .kept("one"), pair: pair)
    ).members.last?.name
    for text in [before, after] { #expect(text.contains(last ?? "–")) }
  }
}
