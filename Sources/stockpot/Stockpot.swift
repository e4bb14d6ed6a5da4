import ArgumentParser
import Foundation
import Kitchen

/// The command line.
///
/// Without a command it opens the dashboard.
@main
struct StockpotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stockpot",
    abstract: "Model soups in the terminal: average fine-tuned checkpoints, see what comes of it.",
    discussion: """
      A sweep is a folder of checkpoints fine-tuned from one initialisation, with their results and
      an ONNX export of the model. `stockpot demo` opens one that comes with the program.
      """,
    version: Stockpot.version,
    subcommands: [
      BrowseCommand.self, DemoCommand.self, ListCommand.self, RunCommand.self, EvalCommand.self,
      BlendCommand.self, InspectCommand.self, PredictCommand.self, AnalyseCommand.self,
      InitCommand.self, SetupCommand.self, DoctorCommand.self, BenchCommand.self,
      ThemeCommand.self, ConfigCommand.self,
    ],
    defaultSubcommand: BrowseCommand.self)
}
