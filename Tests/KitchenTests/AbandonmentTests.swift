import Averaging
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Ledger
import Recipes
import Sweeps
import Testing

/// Giving candidates up early, through the kitchen and its ledger.
struct AbandonmentTests {
  private let lane = Lane("test", urgency: .recipe)

  private func cook(
    _ kitchen: Kitchen, _ name: RecipeSpec.Name = .greedy,
    _ change: (inout RecipeSpec) -> Void = { _ in }
  ) async throws -> SoupResult {
    var spec = RecipeSpec(name)
    change(&spec)
    return try await kitchen.cook(spec, lane: lane, tell: { _ in })
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func decisionsAreTheSame(seed: UInt64) async throws {
    let sweep = try TableSweep(seed: seed)
    let (early, whole) = (try sweep.kitchen(ledger: "early"), try sweep.kitchen(ledger: "whole"))
    var abandoned = 0
    // RADIN's hundreds of ensembles take their time.
    for name in [RecipeSpec.Name.greedy, .pruned] + (seed == 1 ? [.radin] : []) {
      for tie in RecipeSpec.Tie.allCases {
        func change(_ spec: inout RecipeSpec) {
          spec.tie = tie
          spec.seed = seed
          spec.order = seed.isMultiple(of: 2) ? .val : .random
          spec.minimumGain = seed.isMultiple(of: 3) ? 1.5 : 0
          spec.withReplacement = seed.isMultiple(of: 5)
          spec.maximumIngredients = name == .greedy ? 9 : nil
        }
        let one = try await cook(early, name, change)
        let other = try await cook(whole, name) {
          change(&$0)
          $0.abandon = false
        }
        #expect(one.blend == other.blend)
        #expect(one.metrics.map(\.score) == other.metrics.map(\.score))
        #expect(one.decisions.map(\.candidate) == other.decisions.map(\.candidate))
        #expect(one.decisions.map(\.isAccepted) == other.decisions.map(\.isAccepted))
        for (decision, reference) in zip(one.decisions, other.decisions) {
          #expect(!reference.judgement.isAbandoned)
          guard let most = decision.judgement.mostCorrect else { continue }
          #expect(reference.judgement.score.correct <= most)
          abandoned += 1
        }
      }
    }
    #expect(abandoned > 0)
  }

  @Test func aRerunEvaluatesNothingAndSaysTheSame() async throws {
    let sweep = try TableSweep(seed: 3)
    let first = try await cook(try sweep.kitchen())
    #expect(first.decisions.contains { $0.judgement.isAbandoned })
    let count = sweep.evaluator.evaluations.count
    let again = try await cook(try sweep.kitchen())
    #expect(sweep.evaluator.evaluations.count == count)
    #expect(again.evaluatedExamples == 0 && again.passes == first.passes)
    #expect(again.decisions.map(\.judgement.merit) == first.decisions.map(\.judgement.merit))
    #expect(again.decisions.map(\.isAccepted) == first.decisions.map(\.isAccepted))
  }

  /// What a selection costs is the same whatever is known, and is what was said before.
  @Test func passesDoNotDependOnWhatTheLedgerKnows() async throws {
    let sweep = try TableSweep(seed: 3)
    let first = try await cook(try sweep.kitchen())
    #expect(first.decisions.contains { $0.judgement.isAbandoned })
    let count = sweep.evaluator.evaluations.count
    let names = try sweep.kitchen().sweep.ingredients.count
    // With whole evaluations of the same candidates in the ledger, none is given up.
    let known = try sweep.kitchen(ledger: "whole")
    _ = try await cook(known) { $0.abandon = false }
    let again = try await cook(known)
    #expect(sweep.evaluator.evaluations.count > count)
    #expect(again.evaluatedExamples == 0)
    #expect(!again.decisions.contains { $0.judgement.isAbandoned })
    let cost = RecipeSpec(.greedy).cost(candidates: names, hasGradients: false)
    #expect(first.passes == again.passes && first.passes == Double(cost.evaluations))
  }

  @Test func aBoundIsNeverTakenForAMeasurement() async throws {
    let sweep = try TableSweep(seed: 3)
    let kitchen = try sweep.kitchen()
    let pair = Blend.uniform(["m0", "m1"])
    let hard = try await kitchen.measure(
      pair, on: "val", lane: lane, abandonment: Abandonment(bar: 50))
    #expect(hard.isAbandoned && hard.score.n < 50)
    #expect(hard.mostCorrect == hard.score.correct + 50 - hard.score.n)
    #expect(sweep.evaluator.evaluations == [hard.score.n])
    // The bar is as far out of reach as before, or farther.
    let same = try await kitchen.measure(
      pair, on: "val", lane: lane, abandonment: Abandonment(bar: 51))
    #expect(same.isAbandoned && same.mostCorrect == hard.mostCorrect)
    #expect(same.evaluatedExamples == 0)
    // A lower bar is another question, and a measurement needs every example.
    let easy = try await kitchen.measure(
      pair, on: "val", lane: lane, abandonment: Abandonment(bar: 1))
    #expect(!easy.isAbandoned && easy.evaluatedExamples == 50)
    let whole = try await kitchen.measure(pair, on: "val", lane: lane)
    #expect(whole.score == easy.score && whole.evaluatedExamples == 0)
    #expect(whole.score.correct <= hard.mostCorrect)
    let known = try await kitchen.measure(
      pair, on: "val", lane: lane, abandonment: Abandonment(bar: 50))
    #expect(!known.isAbandoned && known.score == whole.score)
  }

  @Test func logitsOfAGivenUpBlendAreEvaluated() async throws {
    let sweep = try TableSweep(seed: 3)
    let kitchen = try sweep.kitchen()
    let pair = Blend.uniform(["m0", "m1"])
    _ = try await kitchen.measure(pair, on: "val", lane: lane, abandonment: Abandonment(bar: 50))
    let (logits, evaluated) = try await kitchen.logits(of: pair, on: "val", lane: lane)
    #expect(logits.rows == 50 && evaluated == 50)
    #expect(logits.withUnsafeBuffer { $0.allSatisfy { !$0.isNaN } })
  }

  @Test func anotherMetricThanAccuracyIsNeverGivenUp() async throws {
    let sweep = try TableSweep(seed: 5)
    try sweep.made.write("[sweep]\nmetric = \"nll\"\n", to: "stockpot.toml")
    let result = try await cook(try sweep.kitchen())
    #expect(sweep.evaluator.evaluations.allSatisfy { $0 == 50 })
    var best = Double.infinity
    for decision in result.decisions {
      let nll = try #require(decision.judgement.score.nll)
      #expect(decision.judgement.merit == -nll)
      #expect(decision.isAccepted == (nll <= best))
      if decision.isAccepted { best = nll }
    }
    // The best alone comes first.
    let singles = try await cook(try sweep.kitchen(), .best)
    #expect(singles.ingredients[0] == result.decisions[0].candidate)
    let ensembles = try await cook(try sweep.kitchen(), .greedyEnsemble)
    #expect(ensembles.decisions[0].judgement.merit == result.decisions[0].judgement.merit)
  }
}

/// What it saves on the sweep that comes with the program, with batches as the evaluator makes them.
@Suite(
  .enabled(if: OnnxRuntime.locate().runtime != nil, "needs ONNX Runtime: run `stockpot setup`"))
struct AbandonmentSavingTests {
  @Test func greedyEvaluatesLessThanHalf() async throws {
    let folder = try TemporaryFolder()
    try DemoSweep.write(to: folder.path)
    let sweep = try Sweep.open(folder.path)
    let lane = Lane("test", urgency: .recipe)
    func cook(ledger: String, abandon: Bool) async throws -> SoupResult {
      let kitchen = try Kitchen(sweep: sweep, ledgerDirectory: folder.path + "/" + ledger)
      var spec = RecipeSpec(.greedy)
      spec.abandon = abandon
      return try await kitchen.cook(spec, lane: lane, tell: { _ in })
    }
    let whole = try await cook(ledger: "whole", abandon: false)
    let early = try await cook(ledger: "early", abandon: true)
    #expect(early.decisions.map(\.isAccepted) == whole.decisions.map(\.isAccepted))
    #expect(early.decisions.count { $0.isAccepted } == 10)
    #expect(early.metrics.map(\.score) == whole.metrics.map(\.score))
    let full = Double(Sparing(over: whole.decisions).seen)
    #expect(full == 24 * 600)
    #expect(Double(Sparing(over: early.decisions).seen) <= 0.5 * full)
    let rejected = early.decisions.filter { !$0.isAccepted }.map(\.judgement.score.n)
    #expect(Double(rejected.reduce(0, +)) <= 0.15 * 600 * Double(rejected.count))
  }
}
