import ArgumentParser
import CProcess
import Foundation
import Kitchen
import TOMLText

/// The command line.
///
/// Without a command it opens the dashboard.
struct StockpotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stockpot",
    abstract: "Model soups in the terminal: average fine-tuned checkpoints, see what comes of it.",
    discussion: """
      A sweep is a folder of checkpoints fine-tuned from one initialisation, with their results \
      and an ONNX export of the model. `stockpot demo` opens one that comes with the program.

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
    process_explain_bus_error(
      "\nstockpot: a checkpoint was cut short while it was read, or its disk failed; no soup was "
        + "written. Wait until whatever writes it has finished.\n")
    // Weights and activations come and go. glibc would soon keep blocks of up to 32 MiB that were
    // freed, for each of its arenas: what is kept for nothing grows with every hour of a sitting.
    memory_return_blocks(128 << 10)
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
    if code == usageCode, let meant = Self.commandMeant(by: CommandLine.arguments.dropFirst()) {
      Console.error("Did you mean `stockpot \(meant)`?")
    }
    exit(code == usageCode ? Ending.misuse.rawValue : code)
  }

  /// The command with the subcommand that a word after it is nearly; nil when it is one, or near none.
  private static func commandMeant(by words: ArraySlice<String>) -> String? {
    let words = words.filter { !$0.hasPrefix("-") }
    let commands = StockpotCommand.configuration.subcommands.map { $0.configuration }
    guard words.count > 1, let command = commands.first(where: { $0.commandName == words[0] })
    else { return nil }
    let names = command.subcommands.compactMap { $0.configuration.commandName }
    guard let near = Spelling.nearest(to: words[1], among: names), near != words[1] else {
      return nil
    }
    return "\(words[0]) \(near)"
  }
}
