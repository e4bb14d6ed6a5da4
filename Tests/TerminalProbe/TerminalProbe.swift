import TerminalUI
import Themes

/// A small program that shows what the terminal does, for tests in a real one.
///
/// Arguments: the colour depth (`none`, `16`, `256`, `truecolor`), then a file for standard error.
@main
enum TerminalProbe {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    let depth = arguments.first.flatMap { ColorDepth(rawValue: $0) } ?? .indexed256
    do {
      let terminal = try NcursesTerminal(
        NcursesTerminal.Options(depth: depth, errorLog: arguments.dropFirst().first))
      let mailbox = Mailbox<Int>()
      var screen = ProbeScreen(depth: terminal.depth, mailbox: mailbox)
      screen.ask = { terminal.askBackground() }
      screen.leave = { terminal.close() }
      let ending = EventLoop.run(&screen, on: terminal, mailbox: mailbox)
      let errors = terminal.close()
      print("ended: \(ending)")
      if !errors.isEmpty { print("errors: \(errors)") }
    } catch {
      print("no screen: \(error)")
    }
  }
}
