import Averaging
import Evaluation
import Recipes
import Testing

/// What must hold for any table of merits.
struct SelectionPropertyTests {
  private static let names = ["a", "b", "c", "d", "e"]

  /// A merit for every subset, from a seeded generator, with many ties.
  private func randomTable(_ seed: UInt64) -> [Set<String>: Int] {
    var generator = SeededGenerator(seed: seed)
    var table: [Set<String>: Int] = [:]
    for bits in 1..<(1 << Self.names.count) {
      let subset = Self.names.indices.filter { bits >> $0 & 1 == 1 }.map { Self.names[$0] }
      table[Set(subset)] = Int.random(in: 0...6, using: &generator)
    }
    return table
  }

  private func candidates(_ table: [Set<String>: Int]) -> [Candidate] {
    Self.names.map { Candidate(name: $0, merit: Double(table[[$0]] ?? 0)) }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func greedyNeverEndsBelowTheBestSingle(seed: UInt64) async throws {
    let table = randomTable(seed)
    let outcome = try await GreedySoup().cook(
      candidates(table), scorer: TableScorer(soups: table), tell: { _ in })
    let best = candidates(table).map(\.merit).max() ?? 0
    #expect(outcome.judgement.merit >= best)
    #expect(table[Set(outcome.blend.ingredients)].map(Double.init) == outcome.judgement.merit)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func prunedNeverEndsBelowEverything(seed: UInt64) async throws {
    let table = randomTable(seed)
    let outcome = try await PrunedSoup().cook(
      candidates(table), scorer: TableScorer(soups: table), tell: { _ in })
    let all = Double(table[Set(Self.names)] ?? 0)
    #expect(outcome.judgement.merit >= all)
    // Nothing that is left can go without hurting.
    for name in outcome.blend.ingredients where outcome.blend.terms.count > 1 {
      let rest = Set(outcome.blend.ingredients).subtracting([name])
      #expect(Double(table[rest] ?? 0) < outcome.judgement.merit)
    }
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func replacementEndsAndWeightsSumToOne(seed: UInt64) async throws {
    let table = randomTable(seed)
    let outcome = try await GreedySoup(withReplacement: true).cook(
      candidates(table), scorer: TableScorer(soups: table), tell: { _ in })
    #expect(abs(outcome.blend.terms.map(\.weight).reduce(0, +) - 1) < 1e-12)
  }

  @Test func aMinimumGainIsAsked() async throws {
    let table: [Set<String>: Int] = [["a"]: 10, ["b"]: 9, ["a", "b"]: 12]
    let two = [Candidate(name: "a", merit: 10), Candidate(name: "b", merit: 9)]
    for (gain, size) in [(2.0, 2), (3.0, 1)] {
      let outcome = try await GreedySoup(rule: AcceptanceRule(minimumGain: gain)).cook(
        two, scorer: TableScorer(soups: table), tell: { _ in })
      #expect(outcome.blend.terms.count == size)
    }
  }

  @Test func aStartIsKeptAndNotTriedAgain() async throws {
    let table = randomTable(7)
    let scorer = TableScorer(soups: table)
    let outcome = try await GreedySoup(start: ["d", "b"]).cook(
      candidates(table), scorer: scorer, tell: { _ in })
    #expect(outcome.blend.ingredients.prefix(2) == ["d", "b"])
    #expect(scorer.questions.count == 4)
    await #expect(throws: RecipeError.unknownIngredient("z")) {
      try await GreedySoup(start: ["z"]).cook(candidates(table), scorer: scorer, tell: { _ in })
    }
  }

  @Test func aCeilingStopsTheRun() async throws {
    let table = Dictionary(
      uniqueKeysWithValues: randomTable(3).map { ($0.key, $0.key.count) })
    let outcome = try await GreedySoup(maximumIngredients: 3).cook(
      candidates(table), scorer: TableScorer(soups: table), tell: { _ in })
    #expect(outcome.blend.terms.count == 3)
  }

  @Test func bestSingleTakesTheFirstOfATie() async throws {
    let table: [Set<String>: Int] = [["a"]: 1, ["b"]: 5, ["c"]: 5]
    let outcome = try await BestSingle().cook(
      ["a", "b", "c"].map { Candidate(name: $0, merit: 0) }, scorer: TableScorer(soups: table),
      tell: { _ in })
    #expect(outcome.blend.ingredients == ["b"])
  }

  @Test func uniformOfTheTopKeepsSweepOrder() async throws {
    let scorer = TableScorer(soups: [["a", "c"]: 3])
    let outcome = try await UniformSoup(top: 2).cook(
      [("a", 2.0), ("b", 1.0), ("c", 3.0)].map { Candidate(name: $0, merit: $1) },
      scorer: scorer, tell: { _ in })
    #expect(outcome.blend.ingredients == ["a", "c"])
    #expect(outcome.blend.terms.map(\.weight) == [0.5, 0.5])
  }

  @Test func nothingToChooseFromIsAnError() async {
    for recipe: any Recipe in [GreedySoup(), UniformSoup(), PrunedSoup(), BestSingle()] {
      await #expect(throws: RecipeError.noCandidates) {
        try await recipe.cook([], scorer: TableScorer(soups: [:]), tell: { _ in })
      }
    }
  }

  @Test func ordersAreStableAndSeeded() {
    let tied = ["a", "b", "c"].map { Candidate(name: $0, merit: 1) }
    let nan = [Candidate(name: "n", merit: .nan)]
    #expect(CandidateOrder.val.sorted(nan + tied).map(\.name) == ["a", "b", "c", "n"])
    #expect(CandidateOrder.published.sorted(tied).map(\.name) == ["c", "b", "a"])
    let once = CandidateOrder.random(seed: 4).sorted(tied).map(\.name)
    #expect(once == CandidateOrder.random(seed: 4).sorted(tied).map(\.name))
    #expect(Set(once) == ["a", "b", "c"])
  }
}
