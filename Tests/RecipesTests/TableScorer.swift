import Averaging
import Evaluation
import Foundation
import Recipes
import Synchronization
import Testing

/// Looks the merit of a set up in a table, as if it had been evaluated.
final class TableScorer: Scorer {
  private let soups: [Set<String>: Int]
  private let ensembles: [Set<String>: Int]
  private let examples: Int
  private let asked = Mutex<[[String]]>([])

  init(soups: [Set<String>: Int], ensembles: [Set<String>: Int] = [:], examples: Int = 600) {
    self.soups = soups
    self.ensembles = ensembles
    self.examples = examples
  }

  /// Every set asked for, in order.
  var questions: [[String]] { asked.withLock { $0 } }

  func score(_ blend: Blend, bar: Double?) async throws -> Judgement {
    try judgement(of: blend.ingredients, in: soups)
  }

  func scoreEnsemble(_ ingredients: [String]) async throws -> Judgement {
    try judgement(of: ingredients, in: ensembles)
  }

  private func judgement(of names: [String], in table: [Set<String>: Int]) throws -> Judgement {
    asked.withLock { $0.append(names) }
    guard let correct = table[Set(names)] else { throw NotInTable(names: names) }
    return Judgement(
      score: Score(correct: correct, n: examples), merit: Double(correct),
      evaluatedExamples: examples)
  }
}

struct NotInTable: Error {
  let names: [String]
}

/// Collects what a recipe tells.
final class Listener: Sendable {
  private let events = Mutex<[RecipeEvent]>([])

  func hear(_ event: RecipeEvent) { events.withLock { $0.append(event) } }

  var decisions: [Decision] {
    events.withLock { events in
      events.compactMap { event in
        if case .decided(let decision) = event { decision } else { nil }
      }
    }
  }
}

/// A recorded greedy run as a table: each candidate's count belongs to the soup before it plus it.
func table(
  of sequence: [(candidate: String, correct: Int, accepted: Bool)]
) -> [Set<String>: Int] {
  var soup: Set<String> = []
  var table: [Set<String>: Int] = [:]
  for step in sequence {
    table[soup.union([step.candidate])] = step.correct
    if step.accepted { soup.insert(step.candidate) }
  }
  return table
}

func fixture(_ name: String) throws -> Data {
  let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil))
  return try Data(contentsOf: url)
}
