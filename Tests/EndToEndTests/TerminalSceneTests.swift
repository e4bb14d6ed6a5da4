import Foundation
import Testing
import TmuxDriver

/// The real program and its terminal: sizes, colours, mouse, signals, settings and scripts.
///
/// Nothing is evaluated here, so no ONNX Runtime is needed.
@Suite(.serialized, .enabled(if: Tmux.isAvailable(for: "stockpot"), "needs tmux, and the program"))
struct TerminalSceneTests {
  /// A mouse report in the form of mode 1006; the corner is (1, 1).
  private func mouse(_ button: Int, _ column: Int, _ row: Int, _ final: Character = "M") -> String {
    "\u{1B}[<\(button);\(column);\(row)\(final)".utf8.map { String($0, radix: 16) }
      .joined(separator: " ")
  }

  static let sizes = [(160, 45), (100, 30), (60, 20), (40, 12)]

  /// Four depths at four sizes: the right kind of colour, and nothing left behind.
  @Test(arguments: sizes, ["truecolor", "256", "16", "never"])
  func everyDepthAtEverySize(size: (Int, Int), color: String) throws {
    let tmux = try Tmux.dashboard(
      columns: size.0, rows: size.1, arguments: "--color \(color)",
      environment: "TERM=xterm-256color")
    let screen = try tmux.screen(colors: true)
    #expect(screen.contains("38;2;") == (color == "truecolor"))
    #expect(screen.contains("38;5;") == (color == "256"))
    let basic = screen.firstRange(of: /\u{1B}\[(1;)?(3|9)[0-7]/) != nil
    #expect(basic == (color == "16"), "the terminal's own sixteen colours")
    try tmux.quitDashboard()
  }

  @Test(arguments: [(SIGTERM, 143), (SIGHUP, 129), (SIGINT, 130), (SIGSEGV, 139)])
  func aSignalLeavesTheTerminalAsItWas(signal: Int32, status: Int) throws {
    let tmux = try Tmux.dashboard(columns: 100, rows: 30)
    try tmux.signal(signal)
    let end = try tmux.wait("the end") { $0.contains("status=") }
    #expect(end.contains("status=\(status)"))
    #expect(try tmux.damage() == [])
  }

  @Test func stoppedAndContinuedItDrawsAgain() throws {
    let tmux = try Tmux.dashboard(columns: 100, rows: 30)
    try tmux.press("Down", "C-z")
    try tmux.wait("the shell") { $0.contains("Stopped") && !$0.contains("ft_00") }
    try tmux.type("fg")
    try tmux.wait("the table") { $0.contains("▌○ ft_23") && !$0.contains("Stopped") }
    try tmux.press("q")
    try tmux.wait("the shell") { !$0.contains("ft_23") }
    #expect(try tmux.damage() == [])
  }

  @Test func aBorderIsDraggedAndStaysThere() throws {
    let tmux = try Tmux.dashboard()
    func edge() throws -> Int? {
      let top = try tmux.screen().split(separator: "\n").first.map(Array.init)
      return top?.firstIndex(of: "╮")
    }
    #expect(try edge() == 79)
    for event in [mouse(0, 80, 20), mouse(32, 70, 21), mouse(32, 61, 21), mouse(0, 61, 21, "m")] {
      try tmux.send(hex: event)
    }
    try tmux.wait("the border moved") { Array($0)[60] == "╮" }
    try tmux.quitDashboard()
    try tmux.startDashboard("sweep")
    #expect(try edge() == 60, "remembered")
    try tmux.press("0")
    try tmux.wait("the border back") { Array($0)[79] == "╮" }
    try tmux.quitDashboard()
  }

  @Test func clicksSelectSortAndTurnTabs() throws {
    let tmux = try Tmux.dashboard()
    try tmux.send(hex: mouse(0, 10, 6))
    try tmux.wait("the fourth row") { $0.contains("▌○ ft_17") }
    try tmux.send(hex: mouse(65, 10, 6))
    try tmux.wait("three rows on") { $0.contains("▌○ ft_08") }
    let row = try tmux.screen().split(separator: "\n")[1]
    let title = try #require(row.firstRange(of: "test"))
    let column = row.distance(from: row.startIndex, to: title.lowerBound) + 1
    try tmux.send(hex: mouse(0, column, 2))
    try tmux.wait("sorted by test") { $0.contains("test▼") }
    try tmux.quitDashboard()
  }

  @Test func whatIsCopiedIsOnTheClipboard() throws {
    let tmux = try Tmux.dashboard()
    try tmux.allowClipboard()
    try tmux.press("Space", "Space", "y")
    try tmux.wait("the names copied") { _ in tmux.clipboard() == "ft_00 ft_23" }
    try tmux.press("Y")
    try tmux.wait("the command copied") { _ in tmux.clipboard().contains("ft_00,ft_23") }
    try tmux.quitDashboard()
  }

  @Test func theCrosshairFollowsThePointerAndTheWheelZooms() throws {
    let tmux = try Tmux.dashboard()
    let plotted = try tmux.wait("the plot") { $0.contains("rank on val") && $0.contains("└") }
    let rows = plotted.split(separator: "\n", omittingEmptySubsequences: false)
    let axis = try #require(rows.firstIndex { $0.contains("└") })
    let corner = try #require(rows[axis].firstIndex(of: "└"))
    let left = rows[axis].distance(from: rows[axis].startIndex, to: corner) + 2
    let length = rows[axis][corner...].dropFirst().prefix { $0 == "─" || $0 == "┬" }.count
    // At the far right stands the one that is worst, at the left the best.
    try tmux.send(hex: mouse(0, left + length - 2, axis - 3))
    try tmux.wait("the last") { $0.contains("▌○ ft_18") || $0.contains("▌○ ft_10") }
    try tmux.send(hex: mouse(32, left + 1, axis - 3))
    try tmux.wait("the first") { $0.contains("▌○ ft_00") }
    try tmux.send(hex: mouse(0, left + 1, axis - 3, "m"))
    try tmux.send(hex: mouse(64, left + 1, axis - 3))
    try tmux.wait("a part of it") { $0.contains("accuracy · zoomed") }
    try tmux.press("0")
    try tmux.wait("all of it") { !$0.contains("zoomed") }
    try tmux.quitDashboard()
  }

  @Test func keysFollowTheSettingsAndMistakesNameTheirLine() throws {
    let tmux = try Tmux.dashboard(columns: 220, rows: 45) {
      try $0.write(
        "theme = \"mono\"\n[keys]\nbottom = \"B\"\ntop = [\"B\", \"Q\"]\n",
        to: "config/stockpot/config.toml")
    }
    let screen = try tmux.wait("the conflict") { $0.contains("line 4") }
    #expect(screen.contains("B is given to top here and to bottom in line 3"))
    #expect(screen.contains("╔═ 1 ") || screen.contains("┏━ 1 "), "the theme of the settings")
    try tmux.press("B")
    try tmux.wait("the last row") { $0.contains("▌○ ft_18") || $0.contains("▌○ ft_10") }
    try tmux.press("Q")
    try tmux.wait("the first row") { $0.contains("▌○ ft_00") }
    try tmux.press("?")
    try tmux.wait("the help") { $0.contains("Q               ") && $0.contains("to the first row") }
    try tmux.press("Escape")
    try tmux.wait("the help closed") { !$0.contains("type to search") }
    try tmux.quitDashboard()
  }

  @Test func savedSettingsAreTakenAtOnce() throws {
    let tmux = try Tmux.dashboard(columns: 220, rows: 45) {
      try $0.write("", to: "config/stockpot/config.toml")
    }
    try tmux.write("[keys]\ntoggle = \"t\"\n", to: "config/stockpot/config.toml")
    try tmux.wait("the news") { $0.contains("settings were read again") }
    try tmux.press("t")
    try tmux.wait("the new key") { $0.contains("soup · 1 of 24") }
    try tmux.write("ascii = true\n[keys]\ntoggle = \"t\"\n", to: "config/stockpot/config.toml")
    try tmux.wait("ASCII alone") { $0.utf8.allSatisfy { $0 < 0x80 } && $0.contains("ft_00") }
    try tmux.write("[keys]\ntoggle = \"t\"\n", to: "config/stockpot/config.toml")
    try tmux.wait("all signs again") { $0.contains("soup · 1 of 24") }
    try tmux.write("[keys]\ntoggel = \"f7\"\n", to: "config/stockpot/config.toml")
    try tmux.wait("the mistake with its line") { $0.contains("line 2: there is no command") }
    try tmux.press("t")
    try tmux.wait("the key as it was") { $0.contains("soup · 2 of 24") }
    try tmux.quitDashboard()
  }

  @Test func aPasteIsOneEditOfAPromptAndNothingElsewhere() throws {
    let tmux = try Tmux.dashboard(columns: 100, rows: 30)
    let paste = "\u{1B}[200~aq\u{1B}[201~".utf8.map { String($0, radix: 16) }
      .joined(separator: " ")
    try tmux.send(hex: paste)
    try tmux.press("/")
    try tmux.wait("the prompt") { $0.contains("-mixup:0") && $0.contains("▌○ ft_00") }
    let filter = "\u{1B}[200~name:ft_1\n\u{1B}[201~".utf8.map { String($0, radix: 16) }
      .joined(separator: " ")
    try tmux.send(hex: filter)
    try tmux.wait("the pasted filter") { $0.contains("/name:ft_1") && $0.contains("10 of 24") }
    try tmux.press("Escape")
    // Not at once: Esc and a key together are Alt with the key.
    try tmux.wait("the prompt closed") { $0.contains("Space in/out") }
    try tmux.quitDashboard()
  }

  @Test func aThemeIsChosenByLookingAndRemembered() throws {
    let tmux = try Tmux.dashboard(
      columns: 100, rows: 30, arguments: "--color 256", environment: "TERM=xterm-256color")
    let dark = try tmux.screen(colors: true)
    try tmux.press("T")
    try tmux.wait("the themes") { $0.contains("follows the terminal") }
    for _ in 0..<6 { try tmux.press("Down") }
    try tmux.wait("light under the cursor") { $0.contains("▌ light") }
    try tmux.press("Enter")
    try tmux.wait("the choice closed") { !$0.contains("follows the terminal") }
    #expect(try tmux.screen(colors: true) != dark)
    let light = try tmux.screen(colors: true)
    try tmux.quitDashboard()
    try tmux.startDashboard("sweep --color 256", environment: "TERM=xterm-256color")
    #expect(try tmux.screen(colors: true).prefix(400) == light.prefix(400))
    try tmux.quitDashboard()
  }

  @Test func aScriptPlaysAndSaysWhereItFails() throws {
    let tmux = try Tmux.dashboard(columns: 100, rows: 30, arguments: "--script steps --record done")
    {
      try $0.write(
        """
        wait ft_00
        keys down space
        wait soup · 1 of 24
        :sort test
        wait test▼
        show shown.txt
        keys q
        """, to: "steps")
    }
    let end = try tmux.wait("the end") { $0.contains("status=") }
    #expect(end.contains("status=0"))
    #expect(try tmux.damage() == [])
    let shown = try String(
      contentsOf: tmux.folder.appending(path: "shown.txt"), encoding: .utf8)
    #expect(shown.contains("test▼") && shown.contains("● ft_23"))
    // Without a terminal: the same, and a mistake with its line.
    try tmux.write("wait ft_00\nexpect no such thing\n", to: "wrong")
    try tmux.type(
      "clear; '\(Tmux.path(of: "stockpot"))' sweep --script steps --screen 90x30 | cat -v | head -3; '\(Tmux.path(of: "stockpot"))' sweep --script wrong --screen 90x30 > /dev/null; echo sta''tus=$?"
    )
    let said = try tmux.wait("the mistake") { $0.contains("status=") }
    #expect(said.contains("wrong: line 2: the screen does not show \"no such thing\"."))
    #expect(said.contains("status=1") && !said.contains("^["))
  }
}
