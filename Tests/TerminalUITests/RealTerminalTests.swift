import Glibc
import Testing
import TmuxDriver

/// What only a real terminal can show; everything else is tested on cell buffers.
@Suite(
  .serialized,
  .enabled(
    if: Tmux.isAvailable(for: "TerminalProbe"),
    "needs tmux, and the probe that is built with the tests"))
struct RealTerminalTests {
  @Test func keysMouseAndTextArriveAndQuittingLeavesNoTrace() throws {
    let tmux = try Tmux(columns: 80, rows: 24)
    try tmux.startProbe()
    let first = try tmux.wait("the text") { $0.contains("family") }
    #expect(first.contains("wide 中文字|emoji 🍲|marks e\u{301}o\u{308}|braille ⣿⡇|[31mnot red"))
    #expect(first.contains("family 👨|flag DE|heart ❤|"))
    #expect(first.contains("80x24"))
    try tmux.send(hex: "1b 5b 41 1b 5b 3c 30 3b 32 35 30 3b 37 4d 1b 78")
    try tmux.wait("keys") {
      $0.contains("key(up)") && $0.contains("press") && $0.contains("key(alt-x)")
    }
    try tmux.press("m")
    try tmux.wait("every message") { $0.contains("messages 40000") }
    try tmux.press("q")
    try tmux.wait("the end") { $0.contains("ended: finished") }
    #expect(try tmux.damage() == [])
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGSEGV, SIGABRT, SIGQUIT])
  func signalsLeaveTheTerminalAsItWas(number: Int32) throws {
    let tmux = try Tmux(columns: 80, rows: 24)
    try tmux.startProbe()
    try tmux.signal(number)
    #expect(try tmux.damage() == [])
  }

  @Test(arguments: ["t", "o", "f", "w"])
  func crashesLeaveTheTerminalAsItWas(key: String) throws {
    let tmux = try Tmux(columns: 120, rows: 60)
    try tmux.startProbe("256 errors.log")
    try tmux.press(key)
    let status = try tmux.wait("the crash") { $0.contains("status=1") }
    if key == "f" { #expect(status.contains("asked to fail")) }
    #expect(try tmux.damage() == [])
  }

  @Test func stoppingAndGoingOnDrawsAgain() throws {
    let tmux = try Tmux(columns: 80, rows: 24)
    try tmux.startProbe()
    try tmux.press("C-z")
    try tmux.wait("the shell") { $0.contains("Stopped") && !$0.contains("probe ─") }
    try tmux.type("fg")
    try tmux.wait("the screen") { $0.contains("probe ─") && $0.contains("wide 中文字") }
    try tmux.press("q")
    try tmux.wait("the end") { $0.contains("ended: finished") }
    try tmux.type("echo status=0")
    #expect(try tmux.damage() == [])
  }

  @Test func resizesAreFollowed() throws {
    let tmux = try Tmux(columns: 80, rows: 24)
    try tmux.startProbe()
    for step in 1...10 { try tmux.resize(columns: 20 + 7 * step, rows: 5 + step) }
    try tmux.wait("the last size, whole") {
      $0.contains("90x15") && $0.split(separator: "\n").last?.hasPrefix("╰") == true
    }
    try tmux.resize(columns: 20, rows: 5)
    try tmux.wait("a small frame, whole") {
      let lines = $0.split(separator: "\n")
      return lines.first == "╭─ probe ──────────╮" && lines.count == 5
        && lines.last?.hasPrefix("╰") == true
    }
    try tmux.press("q")
    try tmux.wait("the shell") { $0.contains("status=0") }
  }

  @Test func standardErrorIsShownAfterwards() throws {
    let tmux = try Tmux(columns: 80, rows: 24)
    try tmux.startProbe("256 errors.log")
    try tmux.press("p", "x")
    let during = try tmux.wait("the key") { $0.contains("key(x)") }
    #expect(!during.contains("a line on standard error"))
    try tmux.press("q")
    try tmux.wait("the errors") { $0.contains("errors: a line on standard error") }
  }

  @Test(
    arguments: [
      ("truecolor", "", "truecolor"), ("256", "", "indexed256"), ("none", "", "none"),
      ("truecolor", "TERM=vt100", "none"), ("256", "TERM=linux", "ansi16"),
      ("16", "TERM=xterm-256color", "ansi16"), ("truecolor", "TERM=xterm-256color", "truecolor"),
    ])
  func everyDepthDraws(asked: String, environment: String, got: String) throws {
    let tmux = try Tmux(columns: 60, rows: 14)
    try tmux.startProbe(asked, environment: environment)
    try tmux.wait("the frame") { $0.contains("60x14 \(got)") && $0.contains("████") }
    try tmux.press("q")
    #expect(try tmux.damage() == [])
  }

  @Test(arguments: [
    ("TERM=nosuch", "no entry"), ("TERM=", "not set"), ("TERM=dumb", "cannot place"),
  ])
  func whatIsNoScreenIsSaid(environment: String, message: String) throws {
    let tmux = try Tmux(columns: 150, rows: 10)
    try tmux.startProbe(environment: environment)
    let shown = try tmux.wait("the refusal") { $0.contains("status=0") }
    #expect(shown.contains(message))
    #expect(try tmux.damage() == [])
  }

  @Test func theCursorStandsInTheField() throws {
    let tmux = try Tmux(columns: 60, rows: 20)
    try tmux.startProbe()
    try tmux.press("i")
    try tmux.wait("the field") { $0.contains("│> ") }
    try tmux.send(hex: "1b 5b 32 30 30 7e e4 b8 ad 78 0a 79 1b 5b 32 30 31 7e")
    try tmux.wait("the paste") { $0.contains("> 中x y") }
    try tmux.press("Escape")
    try tmux.wait("Esc by itself") { $0.contains("key(esc)") }
    try tmux.press("q")
    #expect(try tmux.damage() == [])
  }
}

extension Tmux {
  /// Starts the probe and waits for its first frame.
  fileprivate func startProbe(_ arguments: String = "256", environment: String = "") throws {
    try start("TerminalProbe", arguments, environment: environment, until: "probe ─")
  }
}
