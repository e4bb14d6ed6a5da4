import Checkpoints
import Foundation
import TerminalUI
import Testing
import Themes

@testable import Dashboard

struct SettingsTests {
  private func parse(_ text: String) -> Settings { Settings.parse(text, file: "config.toml") }

  @Test func nothingSaidIsTheProgramsOwnChoice() {
    let settings = parse("")
    #expect(settings.problems.isEmpty)
    #expect(settings.theme == nil && settings.color == nil && settings.mouse)
    #expect(Settings.read(file: "/nonexistent/config.toml").problems.isEmpty)
  }

  @Test func whatIsSaidIsTaken() {
    let settings = parse(
      """
      theme = "cvd-light"
      color = "16"
      mouse = false
      transparent = true
      ascii = true
      [keys]
      undo = ["ctrl-z", "f9"]
      quit = "Q"
      """)
    #expect(settings.problems.isEmpty)
    #expect(settings.theme == "cvd-light" && settings.color == .ansi16)
    #expect(!settings.mouse && settings.transparent && settings.ascii)
    #expect(settings.keymap.keys(for: .undo) == [KeyPress("z", .ctrl), KeyPress(.function(9))])
    #expect(settings.keymap.command(for: KeyPress("u"), in: .ingredients) == nil)
    #expect(settings.keymap.command(for: KeyPress("Q"), in: .jobs) == .quit)
    #expect(settings.keymap.command(for: KeyPress("q"), in: .jobs) == nil)
  }

  /// Each mistake is told with its file and line, and does not take the rest with it.
  @Test(
    arguments: [
      ("thme = \"dark\"", "config.toml: line 1: there is no setting \"thme\". Write theme."),
      ("\ncolor = \"17\"", "config.toml: line 2: \"17\" is no number of colours."),
      ("theme = 3", "config.toml: line 1: is not a text."),
      ("mouse = \"yes\"", "config.toml: line 1: is neither true nor false."),
      ("keys = 3", "config.toml: line 1: is not a table."),
      ("[keys]\nundoo = \"x\"", "line 2: there is no command \"undoo\". Write undo."),
      ("[keys]\nundo = 3", "line 2: is neither a key nor a list of keys."),
      ("[keys]\nundo = [\"x\", 3]", "line 2: is neither a key nor a list of keys."),
      ("[keys]\nundo = \"hyper-x\"", "line 2: \"hyper-x\" is not a key."),
      (
        "[keys]\nundo = \"f7\"\n# a comment\nredo = [\"f7\", \"f8\"]",
        "line 4: f7 is given to redo here and to undo in line 2, which keeps it."
      ),
      (
        "[keys]\nredo = \"space\"",
        "line 2: space was the only key of toggle, which has none now."
      ),
      ("theme = \"dark\"\nkeys = {", "config.toml: line "),
      ("[=]", "config.toml: line 1: a name or a value is missing here."),
    ])
  func mistakesNameTheirPlace(text: String, message: String) {
    let settings = parse(text)
    #expect(settings.problems.count == 1)
    #expect(settings.problems.first?.description.contains(message) == true, "\(settings.problems)")
  }

  @Test func ofTwoCommandsWithOneKeyTheFirstKeepsIt() {
    let keymap = parse("[keys]\nundo = \"f7\"\nredo = [\"f7\", \"f8\"]").keymap
    #expect(keymap.command(for: KeyPress(.function(7)), in: .soup) == .undo)
    #expect(keymap.keys(for: .redo) == [KeyPress(.function(8))])
  }

  @Test func aKeyOfAPaneAndAKeyOfAllPanesAreNoConflict() {
    let settings = parse("[keys]\nzoom-in = \"f7\"\nundo = \"f7\"")
    #expect(settings.problems.isEmpty)
    #expect(settings.keymap.command(for: KeyPress(.function(7)), in: .plot) == .zoomIn)
    #expect(settings.keymap.command(for: KeyPress(.function(7)), in: .soup) == .undo)
  }

  @Test func noneTakesTheKeysAway() {
    let settings = parse("[keys]\nclear = \"none\"")
    #expect(settings.problems.isEmpty && settings.keymap.keys(for: .clear).isEmpty)
  }

  /// The printed defaults, with the comment signs taken away, are what holds without a file.
  @Test func theDefaultFileSaysWhatHolds() {
    let text = Settings.defaultFile.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("#") && !$0.hasPrefix("# ") ? String($0.dropFirst()) : String($0) }
      .joined(separator: "\n")
    let settings = parse(text)
    #expect(settings.problems.isEmpty, "\(settings.problems)")
    for binding in Keymap.standard.bindings {
      #expect(settings.keymap.keys(for: binding.command) == binding.keys)
    }
    #expect(parse(Settings.defaultFile).problems.isEmpty)
  }

  @Test func whatIsRememberedComesBack() throws {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "stockpot-\(UUID().uuidString)/state/screen.json")
    defer {
      try? FileManager.default.removeItem(
        at: file.deletingLastPathComponent().deletingLastPathComponent())
    }
    var state = SmallSweep.state()
    state.shares.ingredients = 0.4
    state.recentCommands = (0..<80).map { "filter val>\($0)" }
    var memory = ScreenMemory(state)
    (memory.theme, memory.themeSetting) = ("light", "dark")
    try memory.write(file: file.path)
    let read = ScreenMemory.read(file: file.path)
    #expect(read == memory && read.commands.count == 50 && read.commands.last == "filter val>79")
    #expect(read.theme(over: "dark") == "light")
    #expect(read.theme(over: "cvd-dark") == "cvd-dark", "a file changed since comes first")
    try Data("{".utf8).write(to: file)
    #expect(ScreenMemory.read(file: file.path) == ScreenMemory())
  }
}
