import Averaging
import Evaluation
import Foundation
import Kitchen
import Ledger
import Recipes
import Testing

/// Every recipe, cut off at random points and started again, ends where an uninterrupted run does.
struct ResumptionTests {
  /// Every recipe, and the variants that take other ways through the kitchen.
  static let specs: [RecipeSpec] = {
    func spec(
      _ name: RecipeSpec.Name, _ change: (inout RecipeSpec) -> Void = { _ in }
    ) -> RecipeSpec {
      var spec = RecipeSpec(name)
      change(&spec)
      return spec
    }
    return [
      spec(.best), spec(.uniform), spec(.uniform) { $0.top = 3 }, spec(.greedy),
      spec(.greedy) {
        $0.tie = .reject
        $0.order = .published
      },
      spec(.greedy) {
        $0.order = .random
        $0.seed = 7
      },
      spec(.greedy) {
        $0.withReplacement = true
        $0.maximumIngredients = 9
      },
      spec(.greedy) {
        $0.metric = .nll
        $0.start = ["m2"]
      },
      spec(.greedy) { $0.confirmSplit = true }, spec(.greedy) { $0.order = .predicted },
      spec(.pruned), spec(.learned) { $0.method = .adamw },
      spec(.learned) {
        $0.method = .linearise
        $0.budget = 30
      },
      spec(.learnedByLayer),
      spec(.learnedByLayer) {
        $0.by = .module
        $0.epochs = 2
      },
      spec(.linearisedSearch) { $0.budget = 25 }, spec(.linearisedSearch) { $0.metric = .f1 },
      spec(.wiseFT), spec(.modelStock), spec(.radin) { $0.tries = 5 }, spec(.ensemble),
      spec(.greedyEnsemble),
      spec(.handPicked) {
        $0.start = ["m1", "m3"]
        $0.weights = [0.3, 0.7]
      },
    ]
  }()

  /// What has to be the same, as text that shows where it is not.
  private static func account(of result: SoupResult) throws -> [String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let blend = result.blend.terms.map { "\($0.ingredient) \($0.weight.bitPattern)" }
    let tensors = (result.blend.tensors ?? []).map { "\($0.name) \($0.weights)" }
    let decisions = result.decisions.map {
      "\($0.candidate) \($0.isAccepted) \($0.judgement.score.correct) \($0.judgement.merit) "
        + "\(String(describing: $0.margin)) \($0.ingredients)"
    }
    let metrics = result.metrics.map { "\($0.split) \($0.score.correct) \($0.score.nll ?? 0)" }
    return blend + tensors + decisions + metrics
      + ["\(result.calibrations["val"]?.beta ?? 0)", "\(result.passes)", "\(result.merit)"]
  }

  private static func cook(_ spec: RecipeSpec, in kitchen: Kitchen) async throws -> SoupResult {
    try await kitchen.cook(spec, lane: Lane("test", urgency: .recipe), tell: { _ in })
  }

  @Test(arguments: specs.indices)
  func aCancelledRecipeEndsWhereAnUninterruptedOneDoes(index: Int) async throws {
    let spec = Self.specs[index]
    let whole = try ToySweep()
    let counting = ToyEvaluator()
    let expected = try await Self.cook(
      spec, in: ToySweep.kitchen(at: whole.folder.path, evaluator: counting))
    let total = counting.begun
    var generator = SeededGenerator(seed: UInt64(index) + 1)

    let cut = try ToySweep()
    var (begun, interruptions) = (0, 0)
    while true {
      // Before or half-way through an evaluation or a gradient; always further than last time.
      let stop = Int.random(in: 2...max(2, total / 3), using: &generator)
      let evaluator = ToyEvaluator { number in
        if number == stop { withUnsafeCurrentTask { $0?.cancel() } }
      }
      let kitchen = try ToySweep.kitchen(at: cut.folder.path, evaluator: evaluator)
      let task = Task { try await Self.cook(spec, in: kitchen) }
      let outcome = await task.result
      begun += evaluator.begun
      if case .success(let result) = outcome {
        #expect(try Self.account(of: result) == Self.account(of: expected), "\(spec.title)")
        break
      }
      #expect(throws: CancellationError.self) { try outcome.get() }
      #expect(try kitchen.ledger.runs().first?.status == .cancelled)
      interruptions += 1
      try #require(interruptions <= total + 1, "\(spec.title) makes no headway")
    }
    // Only what was cut off was begun twice.
    #expect(begun <= total + interruptions, "\(spec.title)")
    #expect(interruptions > 0 || total < 4, "\(spec.title) was never cut off")
  }

  /// The process itself dies, without a word.
  @Test(arguments: specs.indices)
  func aKilledRecipeEndsWhereAnUninterruptedOneDoes(index: Int) async throws {
    let spec = Self.specs[index]
    let whole = try ToySweep()
    let counting = ToyEvaluator()
    let expected = try await Self.cook(
      spec, in: ToySweep.kitchen(at: whole.folder.path, evaluator: counting))
    let cut = try ToySweep()
    let path = cut.folder.path
    var generator = SeededGenerator(seed: UInt64(index) + 100)
    let moment = Int.random(in: 1...max(1, counting.begun - 1), using: &generator)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, index = index as Int, moment = moment as Int] in
      let evaluator = ToyEvaluator { number in
        if number == moment { kill(getpid(), SIGKILL) }
      }
      _ = try await ResumptionTests.cook(
        ResumptionTests.specs[index], in: ToySweep.kitchen(at: path, evaluator: evaluator))
    }
    let evaluator = ToyEvaluator()
    let kitchen = try ToySweep.kitchen(at: path, evaluator: evaluator)
    #expect(try kitchen.ledger.runs().first?.status == .interrupted)
    let result = try await Self.cook(spec, in: kitchen)
    #expect(try Self.account(of: result) == Self.account(of: expected), "\(spec.title)")
    #expect(evaluator.begun + moment <= counting.begun + 1, "\(spec.title)")
  }

  /// Paused between two steps, a recipe does nothing, and goes on as if nothing had been.
  @Test func aPausedRecipeGoesOnWhereItWas() async throws {
    let sweep = try ToySweep()
    let expected = try await Self.cook(
      RecipeSpec(.greedy), in: ToySweep.kitchen(at: sweep.folder.path))
    let other = try ToySweep()
    let gate = PauseGate()
    let evaluator = ToyEvaluator { number in if number == 4 { gate.pause() } }
    let kitchen = try ToySweep.kitchen(at: other.folder.path, evaluator: evaluator)
    let task = Task {
      try await kitchen.cook(
        RecipeSpec(.greedy), lane: Lane("test", urgency: .recipe), gate: gate, tell: { _ in })
    }
    while !gate.isPaused { try await Task.sleep(for: .milliseconds(1)) }
    try await Task.sleep(for: .milliseconds(50))
    #expect(evaluator.begun == 4)
    gate.resume()
    #expect(try await Self.account(of: task.value) == Self.account(of: expected))
  }
}
