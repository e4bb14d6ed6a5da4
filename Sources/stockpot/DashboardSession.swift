import ArgumentParser
import Dashboard
import Foundation
import Kitchen
import Sweeps
import TerminalUI
import Themes

/// One sitting at the dashboard: terminal, kitchen and event loop, and putting all of it away again.
struct DashboardSession: Sendable {
  let look: LookOptions
  let play: PlayOptions
  let settings: Settings

  init(look: LookOptions, play: PlayOptions) {
    self.look = look
    self.play = play
    settings = Settings.read(file: SweepOpening.settingsFile)
  }

  /// Opens the sweep at `path` (the present folder without one) and returns when the person quits.
  func open(_ path: String?) async throws {
    let sweep: Sweep
    do {
      sweep = try Sweep.open(path ?? ".")
    } catch {
      Console.error("stockpot: \(error)")
      throw Ending.failed
    }
    let (ending, kitchen) = try await ScreenThread.run { try show(sweep) }
    // However the screen ended, what is at work comes to its end first.
    await kitchen.close()
    try Ending.after(ending.get())
  }

  private func show(_ sweep: Sweep) throws -> (Result<LoopEnding, any Error>, Kitchen) {
    let stage = try DashboardStage(look: look, play: play, settings: settings)
    defer { stage.close() }
    // Asked first: the answer comes while everything else is made ready.
    stage.askAppearance()
    let mailbox = Mailbox<Action>()
    let kitchen: Kitchen
    do {
      kitchen = try SweepOpening.kitchen(on: sweep) { mailbox.post(.kitchen($0)) }
    } catch {
      stage.close()
      Console.error("stockpot: \(error)")
      throw Ending.failed
    }
    return (Result { try show(kitchen, mailbox, on: stage) }, kitchen)
  }

  private func show(
    _ kitchen: Kitchen, _ mailbox: Mailbox<Action>, on stage: DashboardStage
  ) throws -> LoopEnding {
    // A script finds what it found before, whatever was done since.
    let memory = play.script == nil ? ScreenMemory.read(file: memoryFile) : ScreenMemory()
    let runner = EffectRunner(
      kitchen: kitchen, errorLog: DashboardStage.errorLog, settingsFile: SweepOpening.settingsFile
    ) { mailbox.post($0) }
    var app = try startApp(state(of: kitchen, memory, on: stage), on: stage) { effect in
      switch effect {
      case .copy(let text):
        if !stage.copy(text) {
          mailbox.post(.kitchen(.trouble("too long for the clipboard of a terminal")))
        }
      case .repaint: stage.repaint()
      case .setMouse(let isReported): stage.setMouse(isReported)
      default: runner.perform(effect)
      }
    }
    let settingsWatch = SettingsWatch(folder: SweepOpening.paths.config) {
      runner.perform(.readSettings)
    }
    let early = stage.takeEarly()
    for event in early.events { app.handle(event) }
    let ending =
      early.ending
      ?? EventLoop.run(&app, on: stage.terminal, mailbox: mailbox) {
        // A script finds what a sweep that was never opened has.
        kitchen.tellWhatIsKnown(lastSitting: play.script == nil)
        kitchen.checkInBackground()
      }
    withExtendedLifetime(settingsWatch) {}
    if play.script == nil { remember(app.state, before: memory) }
    stage.close()
    try stage.report(last: app.screen)
    return ending
  }

  /// What is shown first.
  private func state(of kitchen: Kitchen, _ memory: ScreenMemory, on stage: DashboardStage) -> State
  {
    var state = State(sweep: kitchen.sweep, size: stage.terminal.size, now: Date())
    state.recall(memory)
    // A script finds the table as a sweep that was never opened has it.
    state.recall(
      table: play.script == nil ? kitchen.recallTable() : nil,
      soups: (try? kitchen.keptSoups()) ?? [])
    state.settings = settings
    state.greet()
    for problem in settings.problems { state.log.add("\(problem)", .trouble, at: state.now) }
    state.look.names = ThemeCommand.library.names
    state.look.depth = stage.depth
    state.look.isGiven = look.theme != nil
    state.look.theme = look.theme ?? memory.theme(over: settings.theme)
    return state
  }

  /// A theme of a settings file that cannot be read is said, and another one taken; one of the
  /// command line ends the program.
  private func startApp(
    _ state: State, on stage: DashboardStage, perform: @escaping (Effect) -> Void
  ) throws -> DashboardApp {
    let themes = ThemeSource(
      library: ThemeCommand.library, depth: stage.depth, unicode: stage.isUnicode,
      transparent: settings.transparent, ascii: settings.ascii)
    func app(_ state: State) throws -> DashboardApp {
      try DashboardApp(state: state, themes: themes, perform: perform)
    }
    do {
      return try app(state)
    } catch {
      guard look.theme == nil else {
        stage.close()
        Console.error("stockpot: \(error)")
        throw Ending.failed
      }
      var state = state
      state.log.add("\(error)", .trouble, at: state.now)
      state.look.theme = LookChoice.automatic
      return try app(state)
    }
  }

  private var memoryFile: String { SweepOpening.paths.state + "/screen.json" }

  /// What the person set up is there next time; a home that cannot be written to is no trouble.
  private func remember(_ state: State, before: ScreenMemory) {
    var memory = ScreenMemory(state)
    (memory.theme, memory.themeSetting) = (before.theme, before.themeSetting)
    // The theme of the command line is for one sitting.
    let setting = state.settings.theme
    if state.look.theme != look.theme ?? before.theme(over: setting) {
      (memory.theme, memory.themeSetting) = (state.look.theme, setting)
    }
    guard memory != before else { return }
    try? memory.write(file: memoryFile)
  }
}
