import Averaging
import Recipes
import Synchronization
import Testing

@testable import Evaluation

/// Early abandonment over random tables of predictions: decisions are those of whole evaluations.
struct AbandonmentTests {
  /// Predictions of any blend of some ingredients, correlated as those of one family of models are.
  private struct Predictions {
    let seed: UInt64
    let names: [String]
    let labels: [Int32]
    private let difficulties: [Float]

    init(seed: UInt64) {
      self.seed = seed
      var generator = SeededGenerator(seed: seed)
      names = (0..<Int.random(in: 1...7, using: &generator)).map { "m\($0)" }
      let examples = Int.random(in: 1...60, using: &generator)
      labels = (0..<examples).map { _ in Int32.random(in: 0..<3, using: &generator) }
      difficulties = labels.map { _ in Float.random(in: -1...1, using: &generator) }
    }

    func logits(of blend: Blend) -> Logits {
      var hash = seed
      for byte in blend.terms.map({ "\($0.ingredient) \($0.weight)" }).sorted().joined().utf8 {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      }
      var generator = SeededGenerator(seed: hash)
      let strength = Float.random(in: 0...0.5, using: &generator)
      var values: [Float] = []
      for (difficulty, label) in zip(difficulties, labels) {
        let noise = Float.random(in: -0.3...0.3, using: &generator)
        let nothing = Int.random(in: 0..<80, using: &generator) == 0
        for column in 0..<Int32(3) {
          let value = column == label ? strength - difficulty + noise : 0
          values.append(nothing ? .nan : value)
        }
      }
      return Logits(rows: labels.count, classes: 3, values: values)
    }
  }

  /// Judges by counting, and gives up where it may and is let.
  private final class Counter: Scorer {
    private let predictions: Predictions
    private let abandons: Bool
    private let state = Mutex<(current: Logits?, seen: Int)>((nil, 0))

    init(_ predictions: Predictions, abandons: Bool) {
      self.predictions = predictions
      self.abandons = abandons
    }

    var seen: Int { state.withLock { $0.seen } }

    func score(_ blend: Blend, bar: Double?) async throws -> Judgement {
      let logits = predictions.logits(of: blend)
      let labels = predictions.labels
      let current = state.withLock { $0.current }
      let order = current?.orderByMargin(labels) ?? Array(labels.indices)
      let least = bar.flatMap { Int(exactly: $0.rounded(.up)) }
      let plan = BatchPlan(
        count: labels.count, size: least.map { .deciding(after: labels.count - $0 + 1) }, most: 16,
        workers: 2)
      var tally = RunningTally(total: labels.count)
      for range in plan.ranges {
        let examples = order[range]
        let values = logits.only(Array(examples)).withUnsafeBuffer { Array($0) }
        tally.add(LogitBatch(examples: examples, classes: 3, logits: values), labels: labels)
        if abandons, let least, tally.cannotReach(bar: least) { break }
      }
      let most = Double(tally.correct + tally.total - tally.seen)
      state.withLock { state in
        state.seen += tally.seen
        if tally.isComplete, bar.map({ most >= $0 }) ?? true { state.current = logits }
      }
      return Judgement(
        score: tally.score, merit: most, isAbandoned: !tally.isComplete,
        evaluatedExamples: tally.seen)
    }

    func scoreEnsemble(_ ingredients: [String]) async throws -> Judgement {
      try await score(.uniform(ingredients), bar: nil)
    }
  }

  private func recipes(seed: UInt64) -> [any Recipe] {
    var recipes: [any Recipe] = []
    for ties in [true, false] {
      for gain in [0, 0.5, 2] {
        let rule = AcceptanceRule(acceptsTies: ties, minimumGain: gain)
        recipes.append(GreedySoup(rule: rule))
        recipes.append(GreedySoup(order: .random(seed: seed), rule: rule))
        recipes.append(GreedySoup(rule: rule, withReplacement: true, maximumIngredients: 12))
        recipes.append(PrunedSoup(rule: rule))
      }
    }
    return recipes + [GreedySoup(order: .published), RadinRanking(seed: seed, randomSets: 9)]
  }

  @Test func decisionsAreThoseOfWholeEvaluations() async throws {
    var (cases, abandoned) = (0, 0)
    var (whole, early) = (0, 0)
    for seed in 0..<120 as Range<UInt64> {
      let predictions = Predictions(seed: seed)
      let candidates = predictions.names.map { name in
        Candidate(
          name: name,
          merit: Double(predictions.logits(of: .uniform([name])).correct(predictions.labels)))
      }
      for recipe in recipes(seed: seed) {
        let (full, short) = (Listener(), Listener())
        let counters = [false, true].map { Counter(predictions, abandons: $0) }
        let expected = try await recipe.cook(candidates, scorer: counters[0], tell: full.hear)
        let outcome = try await recipe.cook(candidates, scorer: counters[1], tell: short.hear)
        #expect(outcome.blend == expected.blend)
        #expect(outcome.judgement.score == expected.judgement.score)
        #expect(short.decisions.count == full.decisions.count)
        // One expectation for many, since there are tens of thousands.
        let areSame = zip(short.decisions, full.decisions).allSatisfy { decision, reference in
          let isBounded =
            decision.judgement.mostCorrect.map {
              !decision.isAccepted && reference.judgement.score.correct <= $0
            } ?? (decision.judgement.score == reference.judgement.score)
          return isBounded && decision.candidate == reference.candidate
            && decision.isAccepted == reference.isAccepted
            && decision.ingredients == reference.ingredients
        }
        #expect(areSame, "seed \(seed), \(recipe.name)")
        abandoned += short.decisions.count { $0.judgement.isAbandoned }
        let sparing = Sparing(over: short.decisions)
        #expect(sparing.seen + sparing.spared == Sparing(over: full.decisions).seen)
        cases += 1
        whole += counters[0].seen
        early += counters[1].seen
      }
    }
    #expect(cases > 3000)
    #expect(abandoned > 3000)
    #expect(early < whole)
  }
}
