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
extension RecipeSpec.Tie: ExpressibleByArgument {}
extension RecipeSpec.Order: ExpressibleByArgument {}

/// What departs from a recipe's defaults.
struct RecipeOptions: ParsableArguments {
  @Option(help: "What becomes of a candidate that changes nothing: accept (≥, paper) or reject.")
  var tie: RecipeSpec.Tie = .accept

  @Option(help: "published: the published code to the letter (strict >, ties in reversed order).")
  var rule: PublishedRule?

  @Option(help: "Least gain of an accepted candidate, in examples.")
  var minGain: Double = 0

  @Option(help: "Order of the candidates: val, published or random.")
  var order: RecipeSpec.Order = .val

  @Option(help: "Seed of a random order.")
  var seed: UInt64 = 0

  @Flag(help: "An accepted candidate may be taken again.")
  var withReplacement = false

  @Option(help: "Stop at so many ingredients.")
  var maxIngredients: Int?

  @Option(help: "Ingredients to start from (greedy), or exactly these (hand-picked): NAME,NAME.")
  var from: String?

  @Option(help: "Only these are candidates: NAME,NAME.")
  var among: String?

  @Option(help: "Only the best so many alone (uniform).")
  var top: Int?

  enum PublishedRule: String, ExpressibleByArgument, CaseIterable { case published }

  func validate() throws {
    if let maxIngredients, maxIngredients < 1 {
      throw ValidationError("--max-ingredients must be at least 1")
    }
    if let top, top < 1 { throw ValidationError("--top must be at least 1") }
    if minGain < 0 || !minGain.isFinite {
      throw ValidationError("--min-gain must be 0 or more examples")
    }
  }

  func spec(for recipe: RecipeSpec.Name) -> RecipeSpec {
    var spec = RecipeSpec(recipe)
    spec.tie = rule == .published ? .reject : tie
    spec.order = rule == .published ? .published : order
    spec.minimumGain = minGain
    spec.seed = seed
    spec.withReplacement = withReplacement
    spec.maximumIngredients = maxIngredients
    spec.start = Self.names(from) ?? []
    spec.among = Self.names(among)
    spec.top = top
    return spec
  }

  static func names(_ list: String?) -> [String]? {
    list?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }
}

/// A recipe's steps on stderr: each decision on a terminal and off it alike, one line each.
final class RunProgress: Sendable {
  let isQuiet: Bool

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  func take(_ event: RecipeEvent) {
    guard !isQuiet else { return }
    switch event {
    case .began(let candidates):
      Console.error("\(candidates.count) candidates")
    case .trying(let candidate, let step, let total):
      guard Console.showsProgress else { return }
      FileHandle.standardError.write(
        Data("\u{1B}[2K\r[\(step + 1)/\(total)] \(candidate) …".utf8))
    case .decided(let decision):
      if Console.showsProgress { FileHandle.standardError.write(Data("\u{1B}[2K\r".utf8)) }
      let score = decision.judgement.score
      let verdict = decision.isAccepted ? "✓" : "✗"
      let bound = decision.judgement.isAbandoned ? " given up after" : ""
      Console.error("\(verdict) \(decision.candidate) \(score.correct) of\(bound) \(score.n)")
    }
  }

  func report(_ split: String) {
    guard !isQuiet else { return }
    Console.error("reporting \(split)")
  }
}

/// What a person reads at the end of a run.
struct RunSummary {
  let text: String

  init(_ result: SoupResult, output: [String]?) {
    var lines = ["\(result.spec.title): \(result.ingredients.count) ingredients"]
    lines.append("  " + result.ingredients.joined(separator: " "))
    for (split, score) in result.metrics {
      let accuracy = score.accuracy.map { String(format: "%6.2f %%", $0 * 100) } ?? "–"
      lines.append("  \(split): \(accuracy)  \(score.correct)/\(score.n)")
    }
    lines.append(
      "  \(result.evaluatedExamples) examples evaluated in "
        + String(format: "%.1f s", result.seconds))
    if let output { lines.append("  written: \(output.joined(separator: ", "))") }
    text = lines.joined(separator: "\n")
  }
}
