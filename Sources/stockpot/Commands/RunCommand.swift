import ArgumentParser
import Evaluation
import Foundation
import Kitchen
import Recipes
import Synchronization

/// Cooks a recipe in the terminal.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Cook a recipe: select on val, report the other splits.",
    discussion: """
      Recipes: \(RecipeSpec.Name.allCases.map(\.rawValue).joined(separator: ", ")).

      Examples:
        stockpot run greedy sweeps/digits -o soup.safetensors
        stockpot run uniform --top 5 --json
        stockpot run hand-picked --from ft_00,ft_07 -o picked.safetensors
      """)

  @Argument(help: "The recipe.")
  var recipe: RecipeSpec.Name

  @Argument(help: "The sweep's folder (default: this one).")
  var sweep: String?

  @Option(name: .shortAndLong, help: "Write the soup to this .safetensors file.")
  var output: String?

  @Flag(help: "Replace the output file if it is there.")
  var overwrite = false

  @OptionGroup var options: RecipeOptions

  @Flag(help: "End with one JSON document on stdout.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress on stderr.")
  var quiet = false

  func validate() throws {
    if output != nil, recipe == .ensemble || recipe == .greedyEnsemble {
      throw ValidationError("an ensemble has no single set of weights to write; leave -o away")
    }
    if recipe == .handPicked, options.from == nil {
      throw ValidationError("hand-picked needs --from NAME,NAME,...")
    }
  }

  func run() async throws {
    let (path, output, overwrite, json) = (sweep, output, overwrite, json)
    let spec = options.spec(for: recipe)
    let progress = RunProgress(isQuiet: quiet)
    try await Ending.of {
      let kitchen = try SweepOpening.kitchen(at: path)
      SweepOpening.tellNotes(of: kitchen.sweep, quiet: progress.isQuiet)
      if let output, !overwrite { try Self.refuse(toReplace: output) }
      let result = try await kitchen.cook(
        spec, lane: Lane("run", urgency: .recipe), tell: progress.take,
        reporting: progress.report)
      let written = try output.map {
        try kitchen.export(result, to: $0, overwrite: overwrite)
      }
      if json {
        try Console.json(RunDocument(result, output: written))
      } else {
        print(RunSummary(result, output: written).text)
      }
    }
  }

  /// Better now than after an hour of evaluations.
  private static func refuse(toReplace path: String) throws {
    if FileManager.default.fileExists(atPath: path) {
      Console.error("stockpot: \(path): it is there already. Choose another name, or --overwrite.")
      throw Ending.failed
    }
  }
}

extension RecipeSpec.Name: ExpressibleByArgument {}
