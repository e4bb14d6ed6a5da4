import ArgumentParser
import Dashboard
import Foundation
import Kitchen
import Sweeps
import TOMLText
import TerminalUI
import Themes

/// Opens a sweep in the dashboard.
struct BrowseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "browse", abstract: "Open a sweep in the dashboard (the default command).",
    discussion: """
      Without a terminal it prints the table of ingredients instead.

      A script (--script) has a step in each line:
      \(Script.words.map { "  \($0.form.rightPadded(to: 20)) \($0.meaning)" }.joined(separator: "\n"))

      --record writes down what is done as a script. With --screen 100x30 one is played without a \
      terminal and its last screen printed: a fault that is reported so can be seen by others.

      Examples:
        stockpot sweeps/digits
        stockpot browse results.csv --theme light
      """)

  @Argument(
    help: "The sweep's folder, its stockpot.toml, or its results file.", completion: .directory)
  var sweep: String?

  @OptionGroup var look: LookOptions
  @OptionGroup var play: PlayOptions

  func validate() throws {
    guard let sweep, !sweep.contains("/"), !FileManager.default.fileExists(atPath: sweep),
      sweep.count > 2, let command = Spelling.nearest(to: sweep, among: Self.commandNames)
    else { return }
    throw ValidationError("no sweep and no command '\(sweep)'. Did you mean `stockpot \(command)`?")
  }

  private static var commandNames: [String] {
    StockpotCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
  }

  func run() async throws {
    guard Console.isTerminal || play.isHeadless else {
      let sweep = sweep
      return try await Ending.of { try IngredientListing.show(sweep) }
    }
    try await DashboardSession(look: look, play: play).open(sweep)
  }
}

/// How the screen looks.
struct LookOptions: ParsableArguments, Sendable {
  @Option(help: "auto, a built-in theme (`stockpot theme`), one of your own, or a .toml file.")
  var theme: String?

  @Option(help: "Colours: auto, truecolor, 256, 16 or never.")
  var color: ColorChoice = .auto

  @Flag(help: "Draw with ASCII alone.")
  var ascii = false
}

extension ColorChoice: ExpressibleByArgument {
  /// What `--color` says.
  public init?(argument: String) { self.init(parsing: argument) }
}
