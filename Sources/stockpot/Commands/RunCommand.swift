import ArgumentParser
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Recipes

/// Cooks a recipe in the terminal.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Cook a recipe: select on val, report the other splits.",
    discussion: """
      Recipes: \(RecipeSpec.Name.allCases.map(\.rawValue).joined(separator: ", ")).

      `all` compares every recipe in one table. A file is a recipe with its options (TOML), or a \
      soup's .soup.json: with -o it is written again to the same bytes, without it its counts are \
      measured again and compared.

      Examples:
        stockpot run greedy sweeps/digits -o soup.safetensors
        stockpot run uniform --top 5 --json
        stockpot run learned --budget 60
        stockpot run hand-picked --from ft_00,ft_07 -o picked.safetensors
        stockpot run recipe.toml
        stockpot run soup.soup.json -o again.safetensors
        stockpot run all --repeats 3
      """)

  @Argument(help: "A recipe, a recipe file, a soup's .soup.json, or all.")
  var recipe: RunTarget

  @Argument(help: "The sweep's folder (default: this one).")
  var sweep: String?

  @Option(
    name: .shortAndLong,
    help: "Write the soup here: .safetensors, .pt, .pth, .bin, .ckpt, or a folder ending in /.")
  var output: String?

  @Option(help: "Element type of what is written (default: the ingredients').")
  var dtype: DType?

  @OptionGroup var writing: WritingOptions

  @Option(help: "Cook so often, with seeds from --seed on, and keep the best on val; all: 3.")
  var repeats: Int?

  @OptionGroup var options: RecipeOptions

  @OptionGroup var choice: CheckpointChoice

  @Flag(help: "End with one JSON document on stdout.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress on stderr.")
  var quiet = false

  func validate() throws {
    if let repeats, repeats < 1 { throw ValidationError("--repeats must be at least 1") }
    if let output { try OutputOptions.check(output) }
    switch recipe {
    case .recipe(let name):
      if output != nil, name == .ensemble || name == .greedyEnsemble {
        throw ValidationError("an ensemble has no single set of weights to write; leave -o away")
      }
      if name == .handPicked, options.from == nil {
        throw ValidationError("hand-picked needs --from NAME,NAME,...")
      }
    case .all:
      if output != nil { throw ValidationError("a comparison has no single soup; leave -o away") }
    case .recipeFile, .provenance: break
    }
  }

  func run() async throws {
    let command = self
    try await Ending.of {
      if let output = command.output {
        try OutputOptions.checkIsFree(output, overwrite: command.writing.overwrite)
      }
      let kitchen = try SweepOpening.kitchen(
        at: command.sweep, opening: try command.opening, choice: command.choice
      ) { event in
        if case .notice(let text) = event { Console.error("note: \(text)") }
      }
      SweepOpening.tellNotes(of: kitchen.sweep, quiet: command.quiet)
      switch command.recipe {
      case .recipe(let name): try await command.cook(command.options.spec(for: name), in: kitchen)
      case .recipeFile(let path): try await command.cook(RecipeFile.read(path), in: kitchen)
      case .provenance(let path): try await command.replay(path, in: kitchen)
      case .all: try await command.compare(in: kitchen)
      }
    }
  }

  /// A soup's ingredients are opened as they were when it was made.
  private var opening: CheckpointOptions? {
    get throws {
      guard case .provenance(let path) = recipe else { return nil }
      return try Provenance.read(path).opening
    }
  }

  private func cook(_ spec: RecipeSpec, in kitchen: Kitchen) async throws {
    let metric = try kitchen.resolved(spec).metric
    let progress = RunProgress(isQuiet: quiet, metric: metric)
    var results: [SoupResult] = []
    for offset in 0..<(repeats ?? 1) {
      var spec = spec
      spec.seed &+= UInt64(offset)
      results.append(
        try await kitchen.cook(
          spec, lane: Lane("run", urgency: .recipe), tell: progress.take,
          reporting: progress.report))
    }
    let row = ComparisonRow(label: spec.title, results: results)
    guard let best = row.bestOnVal else { return }
    let significance = try await kitchen.significance(
      of: best, lane: Lane("run", urgency: .recipe))
    let written = Result {
      try output.map {
        try kitchen.export(
          best, to: $0, dtype: dtype, shardSize: writing.shardSize?.bytes,
          overwrite: writing.overwrite)
      }
    }
    try tell(best, output: try? written.get(), repeats: row, significance: significance)
    do {
      _ = try written.get()
    } catch let error as InputError {
      Console.error("stockpot: \(error)")
      Console.error("What was measured is kept: the same command will only write the soup.")
      throw Ending.failed
    }
  }

  private func tell(
    _ best: SoupResult, output written: [String]?, repeats row: ComparisonRow,
    significance: [Significance]
  ) throws {
    if json {
      try Console.json(
        RunDocument(best, output: written, repeats: row, significance: significance))
    } else {
      Console.print(
        RunSummary(best, output: written, repeats: row, significance: significance).text)
    }
  }

  private func compare(in kitchen: Kitchen) async throws {
    let progress = ComparisonProgress(isQuiet: quiet)
    let table = ComparisonTable(splits: try ComparisonSplits(kitchen))
    let isShown = !json
    if isShown { Console.print(table.header) }
    let plan = try kitchen.comparisonPlan(
      seed: options.seed, repeats: repeats ?? 3, among: RecipeOptions.names(options.among))
    let rows = try await kitchen.compare(plan, lane: Lane("run", urgency: .recipe)) { event in
      progress.take(event)
      guard isShown else { return }
      switch event {
      case .finished(let row, _): Console.print(table.line(row))
      case .skipped(let reason, let row):
        Console.print(table.line(plan.rows[row].label, leftOut: reason))
      default: break
      }
    }
    if json {
      try Console.json(
        ComparisonDocument(rows, splits: table.splits, skipped: progress.skipped))
    }
  }

  /// Without a file to write to, a replay measures again and compares.
  private func verify(
    _ provenance: Provenance, _ path: String, in kitchen: Kitchen
  ) async throws {
    let found = try await kitchen.verify(
      provenance, from: path, lane: Lane("run", urgency: .recipe))
    if json {
      try Console.json(VerificationDocument(provenance, found))
    } else {
      Console.print("\(provenance.ingredients.count) ingredients, each the file that it was")
      for split in found {
        let (recorded, measured) = (split.recorded, split.measured)
        Console.print(
          "  \(split.split): \(measured.correct)/\(measured.n)"
            + (split.agrees ? ", as recorded" : ", recorded \(recorded.correct)/\(recorded.n)"))
      }
    }
    guard found.allSatisfy(\.agrees) else {
      Console.error("stockpot: \(path) was measured otherwise: another evaluator, or other data")
      throw Ending.failed
    }
  }

  private func replay(_ path: String, in kitchen: Kitchen) async throws {
    let provenance = try Provenance.read(path)
    guard let output else { return try await verify(provenance, path, in: kitchen) }
    let written = try kitchen.replay(
      provenance, from: path, to: output, shardSize: writing.shardSize?.bytes,
      overwrite: writing.overwrite)
    if json {
      try Console.json(ReplayDocument(provenance, output: written))
    } else {
      Console.print("written again: \(written.joined(separator: ", "))")
    }
  }
}

/// What `run` is asked to cook.
enum RunTarget: ExpressibleByArgument, Sendable {
  case recipe(RecipeSpec.Name)
  case recipeFile(String)
  case provenance(String)
  case all

  init?(argument: String) {
    if argument == "all" {
      self = .all
    } else if let name = RecipeSpec.Name(rawValue: argument) {
      self = .recipe(name)
    } else if argument.hasSuffix(".toml") {
      self = .recipeFile(argument)
    } else if argument.hasSuffix(".json") {
      self = .provenance(argument)
    } else {
      return nil
    }
  }

  static var allValueStrings: [String] { RecipeSpec.Name.allCases.map(\.rawValue) + ["all"] }
}
