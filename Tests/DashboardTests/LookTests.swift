import Foundation
import Kitchen
import TerminalUI
import Testing
import Themes

@testable import Dashboard

struct LookTests {
  private let now = SmallSweep.epoch

  @Test func choosingAThemeShowsItAndEscTakesItBack() {
    var state = SmallSweep.state()
    _ = reduce(&state, .command(.theme), at: now)
    _ = reduce(&state, .key(KeyPress(.down)), at: now)
    #expect(state.look.theme == state.look.names[0])
    _ = reduce(&state, .key(KeyPress(.escape)), at: now)
    #expect(state.look.theme == "auto" && state.modes.isEmpty)
    _ = reduce(&state, .command(.theme), at: now)
    _ = reduce(&state, .key(KeyPress(.end)), at: now)
    _ = reduce(&state, .key(KeyPress(.enter)), at: now)
    #expect(state.look.theme == state.look.names.last && state.modes.isEmpty)
  }

  @Test func aThemeByNameIsTakenAndAMistakeAnswered() {
    var state = SmallSweep.state()
    _ = reduce(&state, .command(.theme, argument: "light"), at: now)
    #expect(state.look.shown == "light")
    _ = reduce(&state, .command(.theme, argument: "drak"), at: now)
    #expect(state.look.shown == "light")
    #expect(state.log.messages.last?.text.contains("did you mean 'dark'?") == true)
  }

  @Test func automaticFollowsTheTerminal() {
    var state = SmallSweep.state()
    #expect(state.look.shown == "dark")
    _ = reduce(&state, .appearance(.light), at: now)
    #expect(state.look.shown == "light")
    state.look.depth = .none
    #expect(state.look.shown == "mono")
    #expect(Theme.Appearance(of: RGB(0xfd, 0xf6, 0xe3)) == .light)
    #expect(Theme.Appearance(of: RGB(0x28, 0x2c, 0x34)) == .dark)
    #expect(Theme.Appearance(of: RGB(0x80, 0x80, 0x80)) == .light)
  }

  @Test func theAppDrawsInTheThemeThatIsWanted() throws {
    var app = try DashboardApp(
      state: SmallSweep.state(), themes: ThemeSource(depth: .truecolor), perform: { _ in })
    let size = app.state.size
    func ground(_ name: String) throws -> Color {
      try ThemeLibrary().load(named: name, depth: .truecolor)[.text].background
    }
    #expect(app.frame(size: size)?.buffer[3, 30].style.background == (try ground("dark")))
    app.handle(.report(.background(red: 255, green: 255, blue: 255)))
    #expect(app.frame(size: size)?.buffer[3, 30].style.background == (try ground("light")))
    app.handle(.report(.appearance(isDark: true)))
    #expect(app.frame(size: size)?.buffer[3, 30].style.background == (try ground("dark")))
    #expect(app.frame(size: size) == nil, "nothing changed, nothing is drawn")
  }

  @Test func aThemeIsReadOnceUntilTheSettingsAreReadAgain() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "mine.toml")
    try Data("[meta]\nextends = \"light\"\n".utf8).write(to: file)
    let library = ThemeLibrary(folders: [folder])
    var state = SmallSweep.state()
    state.look.names = library.names
    var app = try DashboardApp(
      state: state, themes: ThemeSource(library: library), perform: { _ in })
    func ground(of name: String) -> Color? {
      app.receive([.command(.theme, argument: name)])
      return app.frame(size: app.state.size)?.buffer[3, 30].style.background
    }
    let dark = ground(of: "dark")
    let mine = ground(of: "mine")
    #expect(mine != dark)
    try FileManager.default.removeItem(at: file)
    #expect(ground(of: "dark") == dark)
    #expect(ground(of: "mine") == mine)
    #expect(app.state.log.current(at: app.state.now)?.severity != .trouble)
    app.receive([.settings(Settings())])
    _ = app.frame(size: app.state.size)
    #expect(app.state.log.current(at: app.state.now)?.severity == .trouble)
  }

  @Test func namesAndCommandGoToTheClipboard() {
    var state = SmallSweep.state()
    #expect(reduce(&state, .command(.copy), at: now) == [.copy("ft_9")])
    _ = reduce(&state, .command(.toggle), at: now)
    _ = reduce(&state, .command(.toggle), at: now)
    #expect(reduce(&state, .command(.copy), at: now) == [.copy("ft_9 ft_1")])
    #expect(
      reduce(&state, .command(.copyCommand), at: now)
        == [.copy("stockpot eval /sweeps/small --soup ft_9,ft_1 --split all")])
    state.set.setWeight(of: "ft_1", to: 0.25)
    #expect(
      reduce(&state, .command(.copyCommand), at: now)
        == [.copy("stockpot eval /sweeps/small --soup ft_9,ft_1 --weights 0.75,0.25 --split all")])
  }

  @Test func theFocusIsSeenWithoutColour() throws {
    for unicode in [true, false] {
      let theme = try ThemeLibrary().load(named: "mono", depth: .none, unicode: unicode)
      var frames: Set<String> = []
      for pane in Pane.allCases {
        var state = SmallSweep.state()
        state.focus = pane
        frames.insert(Screen.render(state, theme: theme).buffer.text)
      }
      #expect(frames.count == Pane.allCases.count)
    }
  }
}

struct MouseTests {
  private func app() throws -> DashboardApp {
    var app = try DashboardApp(
      state: SmallSweep.state(), themes: ThemeSource(), clock: { SmallSweep.epoch },
      perform: { _ in })
    _ = app.frame(size: app.state.size)
    return app
  }

  private func press(_ column: Int, _ row: Int, _ app: inout DashboardApp) {
    app.handle(.mouse(MouseEvent(.press(.left), at: Point(column: column, row: row))))
    app.handle(.mouse(MouseEvent(.release(.left), at: Point(column: column, row: row))))
    _ = app.frame(size: app.state.size)
  }

  @Test func aClickSelectsTheMarkTogglesTheTitleSorts() throws {
    var app = try app()
    press(8, 4, &app)
    #expect(app.state.table.cursor == "ft_2")
    press(3, 4, &app)
    #expect(app.state.set.members == ["ft_2"])
    let before = app.state.table.sort.isAscending
    let title = try #require(
      Screen.render(app.state, theme: try ThemeSource().theme("dark")).hits.first {
        $0.target == .columnTitle(app.state.table.sort.column)
      })
    press(title.rect.left, title.rect.top, &app)
    #expect(app.state.table.sort.isAscending != before)
  }

  @Test func twoClicksAreEnter() throws {
    var app = try app()
    press(8, 4, &app)
    press(8, 4, &app)
    #expect(app.state.table.cursor == "ft_2" && app.state.set.members.isEmpty)
    #expect(!app.state.modes.isEmpty, "Enter opens its details")
  }

  @Test func bordersAreDragged() throws {
    var app = try app()
    let edge = try #require(app.state.layout.panes[.ingredients]).right - 1
    app.handle(.mouse(MouseEvent(.press(.left), at: Point(column: edge, row: 30))))
    app.handle(.mouse(MouseEvent(.drag(.left), at: Point(column: 60, row: 31))))
    app.handle(.resize(Size(columns: 160, rows: 45)))
    app.handle(.mouse(MouseEvent(.drag(.left), at: Point(column: 50, row: 3))))
    #expect(app.state.layout.panes[.ingredients]?.right == 51)
    app.handle(.mouse(MouseEvent(.release(.left), at: Point(column: 50, row: 3))))
    app.handle(.mouse(MouseEvent(.drag(.left), at: Point(column: 90, row: 3))))
    #expect(app.state.layout.panes[.ingredients]?.right == 51)
    #expect(app.state.focus == .ingredients)
  }

  @Test func theWheelMovesWhatIsUnderIt() throws {
    var app = try app()
    app.handle(.mouse(MouseEvent(.scrollDown, at: Point(column: 10, row: 10))))
    #expect(app.state.table.cursorRow == 3)
    app.handle(.key(KeyPress("?")))
    app.handle(.mouse(MouseEvent(.scrollDown, at: Point(column: 10, row: 10))))
    guard case .help(let prompt)? = app.state.modes.last else {
      Issue.record("no help")
      return
    }
    #expect(prompt.scroll == 3)
  }

  @Test func hintsAndMenusAreClicked() throws {
    var app = try app()
    let theme = try ThemeSource().theme("dark")
    func place(_ target: ClickTarget) throws -> Rect {
      try #require(
        Screen.render(app.state, theme: theme).hits.last { $0.target == target }
      ).rect
    }
    let hint = try place(.command(.palette))
    press(hint.left, hint.top, &app)
    guard case .palette? = app.state.modes.last else {
      Issue.record("the palette is not open")
      return
    }
    for key in "theme" { app.handle(.key(KeyPress(key))) }
    _ = app.frame(size: app.state.size)
    let choice = try place(.choice(0))
    press(choice.left, choice.top, &app)
    _ = app.frame(size: app.state.size)
    let light = try #require(app.state.look.choices.firstIndex(of: "light"))
    let second = try place(.choice(light))
    press(second.left, second.top, &app)
    #expect(app.state.look.theme == "light" && app.state.modes.isEmpty)
    // The list of themes alone, in which a click chooses.
    app.handle(.key(KeyPress("T")))
    _ = app.frame(size: app.state.size)
    let other = try #require(app.state.look.choices.firstIndex(of: "cvd-dark"))
    let third = try place(.choice(other))
    press(third.left, third.top, &app)
    #expect(app.state.look.theme == "cvd-dark" && app.state.modes.isEmpty)
  }
}
