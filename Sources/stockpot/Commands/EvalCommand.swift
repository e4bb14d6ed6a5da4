import ArgumentParser
import Averaging
import Evaluation
import Foundation
import Kitchen
import Sweeps

/// Evaluates ingredients, or a set of them as a soup or an ensemble.
struct EvalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Evaluate ingredients, or a set of them as a soup or an ensemble.",
    discussion: """
      Examples:
        stockpot eval sweeps/digits ft_00 ft_07 --split all
        stockpot eval --soup ft_00,ft_07 --split val --split test --json
        stockpot eval --soup theta0,ft_07 --weights 0.3,0.7
      """)

  @Argument(help: "The sweep's folder (default: this one), then ingredients (default: all).")
  var words: [String] = []

  @Option(help: "val, test, a shift, or all; may be given several times.")
  var split: [String] = []

  @Option(help: "Evaluate these as one soup: NAME,NAME.")
  var soup: String?

  @Option(help: "With --soup: one weight an ingredient: W,W,... (default: equal weights).")
  var weights: String?

  @Option(help: "Evaluate these as one ensemble: NAME,NAME.")
  var ensemble: String?

  @OptionGroup var choice: CheckpointChoice

  @Flag(help: "One JSON document instead of a table.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress on stderr.")
  var quiet = false

  func validate() throws {
    guard let weights else { return }
    guard let soup = RecipeOptions.names(soup) else {
      throw ValidationError("--weights: of a soup; name its ingredients with --soup NAME,NAME")
    }
    _ = try BlendCommand.parse(weights, count: soup.count, of: "ingredients")
  }

  func run() async throws {
    let (words, wanted, choice, json, quiet) = (words, split, choice, json, quiet)
    let (soup, ensemble) = (RecipeOptions.names(soup), RecipeOptions.names(ensemble))
    let weights = try weights.map {
      try BlendCommand.parse($0, count: soup?.count ?? 0, of: "ingredients")
    }
    try await Ending.of {
      let (path, names) = Self.divide(words)
      let kitchen = try SweepOpening.kitchen(at: path, choice: choice)
      SweepOpening.tellNotes(of: kitchen.sweep, quiet: json || quiet)
      let splits = try Self.splits(wanted, of: kitchen)
      try await kitchen.prepare(splits: splits)
      let sets = Self.sets(
        names, soup: soup.map { EvaluationSet(.soup, $0, weights: weights) }, ensemble: ensemble,
        in: kitchen)
      let progress = StepProgress(isQuiet: quiet)
      let total = splits.count * sets.count
      var results: [EvaluationDocument] = []
      for split in splits {
        for set in sets {
          progress.show("\(split) \(set.title)", done: results.count, of: total)
          results.append(try await kitchen.evaluate(set, on: split))
        }
      }
      progress.end()
      if json {
        try Console.json(["results": results])
      } else {
        Console.print(EvaluationDocument.text(results))
      }
    }
  }

  /// The first word is the sweep when there is such a file or folder, unless all words are
  /// ingredients of the sweep that one stands in.
  static func divide(_ words: [String]) -> (path: String?, names: [String]) {
    guard let first = words.first, FileManager.default.fileExists(atPath: first) else {
      return (nil, words)
    }
    // Any folder of folders could be read as a sweep: one that is meant says how it is evaluated.
    if let here = try? Sweep.open("."), here.manifest != nil || here.evaluator != nil,
      words.allSatisfy({ here.ingredient(named: $0) != nil })
    {
      return (nil, words)
    }
    return (first, Array(words.dropFirst()))
  }

  /// What is to be evaluated: the sets that were named, else the ingredients, else all of them.
  private static func sets(
    _ names: [String], soup: EvaluationSet?, ensemble: [String]?, in kitchen: Kitchen
  ) -> [EvaluationSet] {
    let named = [soup, ensemble.map { EvaluationSet(.ensemble, $0) }].compactMap(\.self)
    guard named.isEmpty else { return named }
    let all = kitchen.sweep.ingredients.filter { $0.file != nil }.map(\.name)
    return (names.isEmpty ? all : names).map { EvaluationSet(.ingredient, [$0]) }
  }

  private static func splits(_ wanted: [String], of kitchen: Kitchen) throws -> [String] {
    if wanted.isEmpty { return [try kitchen.selectionSplit()] }
    if wanted.contains("all") { return kitchen.evaluableSplits }
    return try wanted.map { try kitchen.spec(ofSplit: $0).name }
  }
}

extension EvaluationDocument {
  /// For a person: a set is named once, above what it has on every split.
  static func text(_ results: [EvaluationDocument]) -> String {
    guard results.contains(where: { $0.kind != "ingredient" }) else {
      return results.map { $0.line(naming: true) }.joined(separator: "\n")
    }
    var names: [String] = []
    for result in results where !names.contains(result.title) { names.append(result.title) }
    return names.flatMap { title in
      [title] + results.filter { $0.title == title }.map { "  " + $0.line(naming: false) }
    }.joined(separator: "\n")
  }

  /// `soup of 2: a b`.
  private var title: String {
    let members = name.split(separator: "+").map(String.init)
    return "\(kind) of \(members.count): \(members.joined(separator: " "))"
  }

  private func line(naming: Bool) -> String {
    let share = accuracy.map { String(format: "%6.2f %%", $0 * 100) } ?? "–"
    let loss = nll.map { String(format: "  nll %.4f", $0) } ?? ""
    return "\(split)  \(naming ? name + "  " : "")\(share)  \(correct)/\(n)\(loss)"
  }
}

/// Ingredients that are evaluated together.
private struct EvaluationSet {
  enum Kind: String {
    case ingredient
    case soup
    case ensemble
  }

  let kind: Kind
  let names: [String]
  /// One a name; nil: equal.
  let weights: [Double]?

  init(_ kind: Kind, _ names: [String], weights: [Double]? = nil) {
    self.kind = kind
    self.names = names
    self.weights = weights
  }

  var blend: Blend { .of(names, weights: weights) }

  var title: String { names.joined(separator: "+") }
}

extension Kitchen {
  fileprivate func evaluate(
    _ set: EvaluationSet, on split: String
  ) async throws -> EvaluationDocument {
    let lane = Lane("eval", urgency: .recipe)
    let score =
      switch set.kind {
      case .ensemble: try await ensemble(set.names, on: split, lane: lane).score
      case .ingredient, .soup: try await measure(set.blend, on: split, lane: lane).score
      }
    return EvaluationDocument(
      name: set.title, kind: set.kind.rawValue, split: split, correct: score.correct, n: score.n,
      accuracy: score.accuracy, nll: score.nll)
  }
}
