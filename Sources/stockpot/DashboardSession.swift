import ArgumentParser
import Dashboard
import Foundation
import Kitchen
import Sweeps
import TerminalUI
import Themes

/// One sitting at the dashboard: terminal, kitchen and event loop, and putting all of it away again.
struct DashboardSession {
  let look: LookOptions
  let settings: Settings

  init(look: LookOptions) {
    self.look = look
    settings = Settings.read(file: SweepOpening.paths.config + "/config.toml")
  }

  /// Opens the sweep at `path` (the present folder without one) and returns when the person quits.
  func open(_ path: String?) async throws {
    let mailbox = Mailbox<Action>()
    let kitchen: Kitchen
    do {
      kitchen = try SweepOpening.kitchen(at: path) { mailbox.post(.kitchen($0)) }
    } catch {
      Console.error("stockpot: \(error)")
      throw Ending.failed
    }
    let ending = try show(kitchen, mailbox)
    await kitchen.close()
    try Ending.after(ending)
  }

  private func show(_ kitchen: Kitchen, _ mailbox: Mailbox<Action>) throws -> LoopEnding {
    let terminal = try takeTerminal()
    var said = ""
    defer {
      said = terminal.close()
      if !said.isEmpty { Console.error(said) }
    }
    let memory = ScreenMemory.read(file: memoryFile)
    var state = State(sweep: kitchen.sweep, size: terminal.size, now: Date())
    state.recall(memory)
    for problem in settings.problems { state.log.add("\(problem)", .trouble, at: state.now) }
    state.look.names = ThemeCommand.library.names
    state.look.depth = terminal.depth
    state.look.theme = look.theme ?? memory.theme(over: settings.theme)
    let early = state.look.theme == LookChoice.automatic ? askAppearance(terminal, &state) : []
    let themes = ThemeSource(
      library: ThemeCommand.library, depth: terminal.depth, unicode: terminal.isUnicode,
      transparent: settings.transparent)
    let runner = EffectRunner(kitchen: kitchen) { mailbox.post($0) }
    var app = try startApp(state, themes) { effect in
      switch effect {
      case .copy(let text):
        if !terminal.copy(text) {
          mailbox.post(.kitchen(.trouble("too long for the clipboard of a terminal")))
        }
      case .repaint: terminal.repaint()
      default: runner.perform(effect)
      }
    }
    for event in early { app.handle(event) }
    kitchen.tellWhatIsKnown()
    kitchen.checkInBackground()
    let ending = EventLoop.run(&app, on: terminal, mailbox: mailbox)
    remember(app.state, before: memory)
    return ending
  }

  /// A theme of a settings file that cannot be read is said, and another one taken; one of the
  /// command line ends the program.
  private func startApp(
    _ state: State, _ themes: ThemeSource, perform: @escaping (Effect) -> Void
  ) throws -> DashboardApp {
    do {
      return try DashboardApp(
        state: state, themes: themes, keymap: settings.keymap, perform: perform)
    } catch  where look.theme == nil {
      var state = state
      state.log.add("\(error)", .trouble, at: state.now)
      state.look.theme = LookChoice.automatic
      return try DashboardApp(
        state: state, themes: themes, keymap: settings.keymap, perform: perform)
    }
  }

  private func takeTerminal() throws -> NcursesTerminal {
    let depth = ColorDepth.detect(
      environment: SweepOpening.environment, choice: look.color, configured: settings.color)
    do {
      return try NcursesTerminal(
        NcursesTerminal.Options(depth: depth, mouse: settings.mouse, errorLog: errorLog()))
    } catch {
      Console.error("stockpot: \(error)")
      throw Ending.misuse
    }
  }

  /// Asks whether the terminal is dark or light, before the first frame so that it does not flash.
  ///
  /// Terminals that know answer at once; one that does not costs the wait below.
  /// - Returns: what else came in meanwhile.
  private func askAppearance(
    _ terminal: NcursesTerminal, _ state: inout State
  ) -> [InputEvent] {
    terminal.askBackground()
    var others: [InputEvent] = []
    let deadline = ContinuousClock.now + .milliseconds(40)
    while .now < deadline {
      for event in terminal.wait(for: nil, until: deadline).events {
        guard case .report(.background(let red, let green, let blue)) = event else {
          others.append(event)
          continue
        }
        state.look.appearance = Theme.Appearance(of: RGB(red, green, blue))
        return others
      }
    }
    return others
  }

  /// Where what other code says on stderr is kept while the screen is up.
  private func errorLog() -> String {
    let folder = SweepOpening.paths.state
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    return folder + "/stderr.log"
  }

  private var memoryFile: String { SweepOpening.paths.state + "/screen.json" }

  /// What the person set up is there next time; a home that cannot be written to is no trouble.
  private func remember(_ state: State, before: ScreenMemory) {
    var memory = ScreenMemory(state)
    (memory.theme, memory.themeSetting) = (before.theme, before.themeSetting)
    // The theme of the command line is for one sitting.
    if state.look.theme != look.theme ?? before.theme(over: settings.theme) {
      (memory.theme, memory.themeSetting) = (state.look.theme, settings.theme)
    }
    guard memory != before else { return }
    try? memory.write(file: memoryFile)
  }
}
