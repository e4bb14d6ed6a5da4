import ArgumentParser
import Foundation
import Kitchen

/// The command line.
///
/// Without a command it opens the dashboard.
struct StockpotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stockpot",
    abstract: "Model soups in the terminal: average fine-tuned checkpoints, see what comes of it.",
    discussion: """
      A sweep is a folder of checkpoints fine-tuned from one initialisation, with their results and
      an ONNX export of the model. `stockpot demo` opens one that comes with the program.

      Examples:
        stockpot demo --setup
        stockpot sweeps/digits
        stockpot init sweeps/digits
      """,
    version: Stockpot.version,
    subcommands: [
      BrowseCommand.self, DemoCommand.self, InitCommand.self, ListCommand.self, RunCommand.self,
      EvalCommand.self, AnalyseCommand.self, ReportCommand.self, BlendCommand.self,
      InspectCommand.self, PredictCommand.self, BenchCommand.self, ThemeCommand.self,
      ConfigCommand.self, SetupCommand.self, DoctorCommand.self, PathsCommand.self,
      SchemaCommand.self, CompletionsCommand.self, ManualCommand.self,
    ],
    defaultSubcommand: BrowseCommand.self)
}

/// Where the program starts, and the codes that it ends with.
@main
enum Program {
  /// What swift-argument-parser ends with when the command line is wrong (`EX_USAGE`).
  private static let usageCode: Int32 = 64

  static func main() async {
    do {
      var command = try StockpotCommand.parseAsRoot()
      if var work = command as? any AsyncParsableCommand {
        try await work.run()
      } else {
        try command.run()
      }
    } catch {
      end(with: error)
    }
  }

  /// Prints what there is to say: help on stdout, what is wrong on stderr.
  private static func end(with error: any Error) -> Never {
    let code = StockpotCommand.exitCode(for: error).rawValue
    let message = StockpotCommand.fullMessage(for: error)
    if !message.isEmpty {
      if code == 0 { print(message) } else { Console.error(message) }
    }
    exit(code == usageCode ? Ending.misuse.rawValue : code)
  }
}
