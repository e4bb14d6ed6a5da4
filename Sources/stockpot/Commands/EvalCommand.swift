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
      """)

  @Argument(help: "The sweep's folder (default: this one), then ingredients (default: all).")
  var words: [String] = []

  @Option(help: "val, test, a shift, or all; may be given several times.")
  var split: [String] = []

  @Option(help: "Evaluate these as one soup: NAME,NAME.")
  var soup: String?

  @Option(help: "Evaluate these as one ensemble: NAME,NAME.")
  var ensemble: String?

  @Flag(help: "One JSON document instead of a table.")
  var json = false

  func run() async throws {
    let (words, wanted, json) = (words, split, json)
    let (soup, ensemble) = (RecipeOptions.names(soup), RecipeOptions.names(ensemble))
    try await Ending.of {
      let (path, names) = Self.divide(words)
      let kitchen = try SweepOpening.kitchen(at: path)
      SweepOpening.tellNotes(of: kitchen.sweep, quiet: json)
      let splits = try Self.splits(wanted, of: kitchen)
      var results: [EvaluationDocument] = []
      let lane = Lane("eval", urgency: .recipe)
      for split in splits {
        if let soup {
          results.append(try await kitchen.evaluateSoup(soup, on: split, lane: lane))
        }
        if let ensemble {
          results.append(try await kitchen.evaluateEnsemble(ensemble, on: split, lane: lane))
        }
        if soup == nil, ensemble == nil {
          let all = kitchen.sweep.ingredients.filter { $0.file != nil }.map(\.name)
          for name in names.isEmpty ? all : names {
            results.append(try await kitchen.evaluateAlone(name, on: split, lane: lane))
          }
        }
      }
      if json {
        try Console.json(["results": results])
      } else {
        for result in results { print(result.line) }
      }
    }
  }

  /// The first word is the sweep when there is such a file or folder.
  static func divide(_ words: [String]) -> (path: String?, names: [String]) {
    guard let first = words.first, FileManager.default.fileExists(atPath: first) else {
      return (nil, words)
    }
    return (first, Array(words.dropFirst()))
  }

  private static func splits(_ wanted: [String], of kitchen: Kitchen) throws -> [String] {
    if wanted.isEmpty { return [try kitchen.selectionSplit()] }
    if wanted.contains("all") { return kitchen.evaluableSplits }
    return try wanted.map { try kitchen.split(named: $0).name }
  }
}

extension EvaluationDocument {
  /// A line for a person.
  var line: String {
    let share = accuracy.map { String(format: "%6.2f %%", $0 * 100) } ?? "–"
    let loss = nll.map { String(format: "  nll %.4f", $0) } ?? ""
    return "\(split)  \(name)  \(share)  \(correct)/\(n)\(loss)"
  }
}

extension Kitchen {
  fileprivate func evaluateAlone(
    _ name: String, on split: String, lane: Lane
  ) async throws -> EvaluationDocument {
    try await document(name, kind: "ingredient", [name], on: split, lane: lane)
  }

  fileprivate func evaluateSoup(
    _ names: [String], on split: String, lane: Lane
  ) async throws -> EvaluationDocument {
    try await document(
      names.joined(separator: "+"), kind: "soup", names, on: split, lane: lane)
  }

  fileprivate func evaluateEnsemble(
    _ names: [String], on split: String, lane: Lane
  ) async throws -> EvaluationDocument {
    let score = try await ensemble(names, on: split, lane: lane).score
    return EvaluationDocument(
      name: names.joined(separator: "+"), kind: "ensemble", split: split,
      correct: score.correct, n: score.n, accuracy: score.accuracy, nll: score.nll)
  }

  private func document(
    _ name: String, kind: String, _ names: [String], on split: String, lane: Lane
  ) async throws -> EvaluationDocument {
    let score = try await measure(.uniform(names), on: split, lane: lane).score
    return EvaluationDocument(
      name: name, kind: kind, split: split, correct: score.correct, n: score.n,
      accuracy: score.accuracy, nll: score.nll)
  }
}
