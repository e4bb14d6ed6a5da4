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
    if case .signal = ending { throw Ending.interrupted }
  }

  private func show(_ kitchen: Kitchen, _ mailbox: Mailbox<Action>) throws -> LoopEnding {
    let environment = SweepOpening.environment
    let depth = ColorDepth.detect(environment: environment, choice: look.color)
    let terminal: NcursesTerminal
    do {
      terminal = try NcursesTerminal(
        NcursesTerminal.Options(depth: depth, errorLog: try errorLog()))
    } catch let error as TerminalError {
      Console.error("stockpot: \(error)")
      throw Ending.misuse
    }
    var said = ""
    defer {
      said = terminal.close()
      if !said.isEmpty { Console.error(said) }
    }
    let theme = try theme(for: terminal)
    let runner = EffectRunner(kitchen: kitchen, errorLog: try errorLog()) { mailbox.post($0) }
    var state = State(sweep: kitchen.sweep, size: terminal.size, now: Date())
    state.recall(table: kitchen.recallTable(), soups: (try? kitchen.keptSoups()) ?? [])
    var app = DashboardApp(state: state, theme: theme) { runner.perform($0) }
    kitchen.tellWhatIsKnown()
    kitchen.checkInBackground()
    return EventLoop.run(&app, on: terminal, mailbox: mailbox)
  }

  /// Where what other code says on stderr is kept while the screen is up.
  private func errorLog() throws -> String {
    let folder = SweepOpening.paths.state
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    return folder + "/stderr.log"
  }

  private func theme(for terminal: NcursesTerminal) throws -> Theme {
    let folder = URL(fileURLWithPath: SweepOpening.paths.config + "/themes")
    let library = ThemeLibrary(folders: [folder])
    let name = look.theme ?? (terminal.depth == .none ? "mono" : "dark")
    if name.hasSuffix(".toml") {
      return try library.load(
        file: URL(fileURLWithPath: name), depth: terminal.depth, unicode: terminal.isUnicode)
    }
    return try library.load(named: name, depth: terminal.depth, unicode: terminal.isUnicode)
  }
}
