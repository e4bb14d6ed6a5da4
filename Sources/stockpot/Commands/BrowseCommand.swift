import ArgumentParser
import Dashboard
import Foundation
import Kitchen
import Sweeps
import TerminalUI
import Themes

/// Opens a sweep in the dashboard.
struct BrowseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "browse", abstract: "Open a sweep in the dashboard (the default command).",
    discussion: "Without a terminal it prints the table of ingredients instead.")

  @Argument(help: "The sweep's folder, its stockpot.toml, or its results file.")
  var sweep: String?

  @OptionGroup var look: LookOptions

  func run() async throws {
    guard Console.isTerminal else {
      var list = ListCommand()
      list.sweep = sweep
      list.json = false
      return try await list.run()
    }
    try await DashboardSession(look: look).open(sweep)
  }
}

/// How the screen looks.
struct LookOptions: ParsableArguments {
  @Option(help: "auto, a built-in theme (`stockpot theme`), one of your own, or a .toml file.")
  var theme: String?

  @Option(help: "Colours: auto, truecolor, 256, 16 or never.")
  var color: ColorChoice = .auto
}

extension ColorChoice: ExpressibleByArgument {
  /// What `--color` says.
  public init?(argument: String) { self.init(parsing: argument) }
}
