import Foundation
import Synchronization
import TerminalUI
import Testing
import Themes

@testable import Dashboard

/// Settings that are read again while the dashboard is at work.
struct SettingsAtWorkTests {
  private func app(_ state: State, tell: @escaping (Effect) -> Void = { _ in }) throws
    -> DashboardApp
  {
    try DashboardApp(
      state: state, themes: ThemeSource(), clock: { SmallSweep.epoch }, perform: tell)
  }

  private func settings(_ text: String) -> Action {
    .settings(Settings.parse(text, file: "config.toml"))
  }

  @Test func keysThemeAndMouseAreTakenAnew() throws {
    let told = Mutex<[Effect]>([])
    var app = try app(SmallSweep.state()) { effect in told.withLock { $0.append(effect) } }
    app.receive([
      settings("theme = \"light\"\nmouse = false\ntransparent = true\n[keys]\ntoggle = \"f7\"")
    ])
    #expect(told.withLock { $0 } == [.setMouse(false)])
    #expect(app.state.look.shown == "light")
    let drawn = app.frame(size: app.state.size)
    let frame = try #require(drawn).buffer
    let light = try ThemeSource(transparent: true).theme("light")
    let expected = Screen.render(app.state, theme: light, keymap: app.state.settings.keymap)
    #expect(frame.text == expected.buffer.text)
    #expect(frame[0, 0] == expected.buffer[0, 0])
    app.handle(.key(try #require(KeyPress(parsing: "space"))))
    #expect(app.state.set.members.isEmpty)
    app.handle(.key(KeyPress(.function(7))))
    #expect(app.state.set.members.count == 1)
    #expect(app.state.log.messages.last?.severity == .success)
  }

  @Test func withMistakesEverythingStays() throws {
    var app = try app(SmallSweep.state())
    app.receive([settings("[keys]\ntoggle = \"f7\"")])
    app.receive([settings("theme = \"light\"\n[keys]\nundoo = \"x\"\nredo = \"hyper-x\"")])
    #expect(app.state.look.theme == LookChoice.automatic)
    #expect(app.state.settings.keymap.keys(for: .toggle) == [KeyPress(.function(7))])
    let said = app.state.log.messages.suffix(2).map(\.text)
    #expect(said.last?.contains("line 3: there is no command \"undoo\"") == true)
    #expect(said.first?.contains("line 4") == true)
    #expect(app.state.log.messages.last?.severity == .trouble)
  }

  @Test func aThemeThatWasGivenForTheSittingStays() throws {
    var state = SmallSweep.state()
    state.look.theme = "mono"
    state.look.isGiven = true
    _ = reduce(&state, settings("theme = \"light\""), at: SmallSweep.epoch)
    #expect(state.look.theme == "mono")
    // What a person chose on the screen stays as long as the file says the same.
    state.look.isGiven = false
    _ = reduce(&state, settings("theme = \"light\"\nmouse = false"), at: SmallSweep.epoch)
    #expect(state.look.theme == "mono")
    _ = reduce(&state, settings(""), at: SmallSweep.epoch)
    #expect(state.look.theme == LookChoice.automatic)
  }

  @Test func theCommandReadsThem() {
    var state = SmallSweep.state()
    let effects = reduce(&state, .command(.reloadSettings), at: SmallSweep.epoch)
    #expect(effects == [.readSettings])
  }

  /// Editors write a file in place, or put another into its place.
  @Test func aSaveIsHeardHoweverItIsDone() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let themes = folder.appending(path: "themes")
    try FileManager.default.createDirectory(at: themes, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // A watch for each: one save may be heard twice.
    func isHeard(_ file: URL, _ options: Data.WritingOptions = []) async throws {
      let (saves, heard) = AsyncStream.makeStream(of: Void.self)
      let watch = try #require(SettingsWatch(folder: folder.path) { heard.yield() })
      try Data("# saved".utf8).write(to: file, options: options)
      for await _ in saves { break }
      withExtendedLifetime(watch) {}
    }
    try await isHeard(folder.appending(path: "config.toml"))
    try await isHeard(folder.appending(path: "config.toml"), .atomic)
    try await isHeard(themes.appending(path: "mine.toml"))
  }

  @Test func whereThereIsNoFolderThereIsNothingToWatch() {
    #expect(SettingsWatch(folder: "/nonexistent") {} == nil)
  }
}
