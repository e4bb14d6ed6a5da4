import Averaging
import Evaluation
import Foundation
import Recipes
import Testing

/// Runs that others made, replayed: the decision logic must take the same ingredients in the same order.
struct RecordedRunTests {
  private struct Step: Decodable {
    let candidate: String
    let correct: Int
    let accepted: Bool
  }

  private struct Run: Decodable {
    let ingredients: [String]
    let sequence: [Step]

    var table: [Set<String>: Int] {
      RecipesTests.table(of: sequence.map { ($0.candidate, $0.correct, $0.accepted) })
    }
  }

  private struct Digits: Decodable {
    let individual: [String: Int]
    let rules: [String: Run]
    let greedyEnsemble: [String: Run]

    enum CodingKeys: String, CodingKey {
      case individual, rules
      case greedyEnsemble = "greedy_ensemble"
    }

    var candidates: [Candidate] {
      individual.keys.sorted().map { Candidate(name: $0, merit: Double(individual[$0] ?? 0)) }
    }
  }

  private struct Paper: Decodable {
    let examples: Int
    let first: String
    let individual: [Entry]
    let steps: [Entry]

    struct Entry: Decodable {
      let name: String
      let correct: Int
      let accepted: Bool

      init(from decoder: any Decoder) throws {
        var row = try decoder.unkeyedContainer()
        name = try row.decode(String.self)
        correct = try row.decode(Int.self)
        accepted = try row.decodeIfPresent(Bool.self) ?? true
      }
    }
  }

  private func digits() throws -> Digits {
    try JSONDecoder().decode(Digits.self, from: fixture("digits-greedy.json"))
  }

  @Test(arguments: [
    ("paper_ge", CandidateOrder.val, true), ("order_paper_strict_gt", .val, false),
    ("order_repo_ge", .published, true), ("repo_gt", .published, false),
  ])
  func greedyOnDigits(rule: String, order: CandidateOrder, acceptsTies: Bool) async throws {
    let digits = try digits()
    let run = try #require(digits.rules[rule])
    let listener = Listener()
    let recipe = GreedySoup(order: order, rule: AcceptanceRule(acceptsTies: acceptsTies))
    let outcome = try await recipe.cook(
      digits.candidates, scorer: TableScorer(soups: run.table), tell: listener.hear)
    #expect(outcome.blend.ingredients == run.ingredients)
    #expect(listener.decisions.map(\.candidate) == run.sequence.map(\.candidate))
    #expect(listener.decisions.map(\.judgement.score.correct) == run.sequence.map(\.correct))
    #expect(listener.decisions.map(\.isAccepted) == run.sequence.map(\.accepted))
  }

  @Test func greedyEnsembleOnDigits() async throws {
    let digits = try digits()
    let run = try #require(digits.greedyEnsemble["paper_ge"])
    let listener = Listener()
    let outcome = try await GreedyEnsemble().cook(
      digits.candidates, scorer: TableScorer(soups: [:], ensembles: run.table),
      tell: listener.hear)
    #expect(outcome.kind == .ensemble)
    #expect(outcome.blend.ingredients == run.ingredients)
    #expect(listener.decisions.map(\.isAccepted) == run.sequence.map(\.accepted))
  }

  @Test(arguments: [AcceptanceRule(), AcceptanceRule(acceptsTies: false)])
  func greedyOnThePapersSweep(rule: AcceptanceRule) async throws {
    let paper = try JSONDecoder().decode(Paper.self, from: fixture("paper-72.json"))
    let first = try #require(paper.individual.first { $0.name == paper.first })
    let run =
      [(candidate: first.name, correct: first.correct, accepted: true)]
      + paper.steps.map { ($0.name, $0.correct, $0.accepted) }
    let candidates = paper.individual.map { Candidate(name: $0.name, merit: Double($0.correct)) }
    let outcome = try await GreedySoup(order: .published, rule: rule).cook(
      candidates, scorer: TableScorer(soups: table(of: run), examples: paper.examples),
      tell: { _ in })
    #expect(
      outcome.blend.ingredients == ["model_43", "model_44", "model_32", "model_47", "model_50"])
    #expect(outcome.judgement.score == .init(correct: 21834, n: 26000))
  }
}
