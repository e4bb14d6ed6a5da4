import ArgumentParser
import Checkpoints
import Foundation
import Kitchen
import Recipes
import Sweeps

/// Writes down what came of a sweep.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a report of a sweep: recipes compared, plots, ingredients.",
    discussion: """
      Cooks the recipes; what was measured before costs nothing. On stdout it is one document in \
      Markdown. With -o it is a folder: report.md, plots as SVG with their numbers as CSV, \
      recipes.csv, ingredients.csv, and recipe.toml, the recipe that is best on val.

      Examples:
        stockpot report sweeps/digits -o digits-report/
        stockpot report --recipe uniform --recipe greedy > report.md
        stockpot report --all --repeats 5 -o full/
      """)

  @Argument(help: "The sweep's folder (default: this one).", completion: .directory)
  var sweep: String?

  @Option(name: .shortAndLong, help: "A folder to write, which must not be there.")
  var output: String?

  @Option(
    help:
      "A recipe to cook; may be given several times (default: best, uniform, greedy, ensembles).")
  var recipe: [RecipeSpec.Name] = []

  @Flag(help: "Every recipe, as `run all` compares them.")
  var all = false

  @Option(help: "With --all: how often recipes with a random order are cooked.")
  var repeats = 3

  @Flag(help: "One JSON document instead of Markdown.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress on stderr.")
  var quiet = false

  func validate() throws {
    if all, !recipe.isEmpty { throw ValidationError("--all or --recipe, not both") }
    if repeats < 1 { throw ValidationError("--repeats must be at least 1") }
    if recipe.contains(.handPicked) {
      throw ValidationError("hand-picked has no place in a report; use run hand-picked --from")
    }
  }

  func run() async throws {
    let command = self
    try await Ending.of { try await command.work() }
  }

  private func work() async throws {
    if let output, FileManager.default.fileExists(atPath: output) {
      throw InputError(
        file: output, problem: "it is there already", mend: "Choose another name, or move it away")
    }
    let kitchen = try SweepOpening.kitchen(at: sweep)
    SweepOpening.tellNotes(of: kitchen.sweep, quiet: quiet || json)
    let rows = try await rows(in: kitchen)
    let report = try SweepSummary(kitchen, rows: rows, date: Date())
    let written = try output.map { try ReportFolder(report).write(to: $0) }
    if json {
      try Console.json(report.document(written: written))
    } else if let written {
      for path in written { Console.print(path) }
    } else {
      Console.print(report.markdown(plots: []), terminator: "")
    }
  }

  private func rows(in kitchen: Kitchen) async throws -> [ComparisonRow] {
    let lane = Lane("report", urgency: .recipe)
    if all {
      let progress = ComparisonProgress(isQuiet: quiet)
      let plan = try kitchen.comparisonPlan(repeats: repeats)
      return try await kitchen.compare(plan, lane: lane, tell: progress.take)
    }
    let standard: [RecipeSpec.Name] = [.best, .uniform, .greedy, .ensemble, .greedyEnsemble]
    var rows: [ComparisonRow] = []
    for name in recipe.isEmpty ? standard : recipe {
      if !quiet { Console.error("\(name.rawValue):") }
      let spec = RecipeSpec(name)
      let progress = RunProgress(isQuiet: quiet, metric: try kitchen.resolved(spec).metric)
      let result = try await kitchen.cook(
        spec, lane: lane, tell: progress.take, reporting: progress.report)
      rows.append(ComparisonRow(label: name.label, results: [result]))
    }
    return rows
  }
}

extension RecipeSpec.Name {
  /// What a table calls the recipe.
  var label: String {
    switch self {
    case .best: "best single"
    case .wiseFT: "WiSE-FT"
    default: rawValue.replacing("-", with: " ")
    }
  }
}
