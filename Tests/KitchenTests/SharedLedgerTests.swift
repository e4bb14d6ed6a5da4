import Averaging
import Evaluation
import Foundation
import Ledger
import Recipes
import Synchronization
import Testing

@testable import Kitchen

/// Several kitchens on one sweep, and a cache of logits that is too small.
struct SharedLedgerTests {
  private let lane = Lane("test", urgency: .recipe)

  @Test func twoKitchensCookAtOnce() async throws {
    let sweep = try TableSweep(seed: 11)
    let alone = try await sweep.kitchen(ledger: "alone").cook(
      RecipeSpec(.greedy), lane: lane, tell: { _ in })
    let kitchens = [try sweep.kitchen(), try sweep.kitchen()]
    let results = try await withThrowingTaskGroup(of: SoupResult.self) { group in
      for kitchen in kitchens {
        for recipe in [RecipeSpec.Name.greedy, .pruned, .greedyEnsemble] {
          group.addTask {
            try await kitchen.cook(RecipeSpec(recipe), lane: lane, tell: { _ in })
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for recipe in [RecipeSpec.Name.greedy, .pruned, .greedyEnsemble] {
      let pair = results.filter { $0.spec.recipe == recipe }
      #expect(pair.count == 2 && pair[0].blend == pair[1].blend)
      #expect(pair[0].metrics.map(\.score) == pair[1].metrics.map(\.score))
    }
    #expect(results.first { $0.spec.recipe == .greedy }?.blend == alone.blend)
    #expect(try kitchens[0].ledger.problems().isEmpty)
    #expect(try kitchens[1].ledger.runs().allSatisfy { $0.status == .finished })
  }

  @Test func aCacheThatIsTooSmallDropsNothingThatIsNeeded() async throws {
    let sweep = try TableSweep(seed: 12)
    let large = try await sweep.kitchen(ledger: "large").cook(
      RecipeSpec(.greedyEnsemble), lane: lane, tell: { _ in })
    // Room for the logits of two of seven ingredients.
    let kitchen = try sweep.kitchen(logitsLimit: 2 * 50 * 2 * 4)
    let small = try await kitchen.cook(RecipeSpec(.greedyEnsemble), lane: lane, tell: { _ in })
    #expect(small.blend == large.blend)
    #expect(small.metrics.map(\.score) == large.metrics.map(\.score))
    #expect(small.evaluatedExamples == large.evaluatedExamples)
    // Afterwards the cap holds again, and what is gone is evaluated when it is needed.
    _ = try await kitchen.measure(.uniform(["m0", "m1"]), on: "val", lane: lane)
    #expect(try kitchen.ledger.logitsSize() <= 2 * (50 * 2 * 4 + 64))
    let again = try await kitchen.ensemble(small.ingredients, on: "val", lane: lane)
    #expect(again.score == small.metrics[0].score)
  }

  @Test func whatWasEvictedIsNotTakenForKnown() async throws {
    let sweep = try TableSweep(seed: 12)
    let readings = Mutex<[Reading]>([])
    // Room for the logits of two of seven ingredients.
    let kitchen = try sweep.kitchen(logitsLimit: 2 * 50 * 2 * 4) { event in
      if case .reading(let reading) = event { readings.withLock { $0.append(reading) } }
    }
    let names = (0..<7).map { "m\($0)" }
    let blends = LinearisedTables.blends(of: names)
    for blend in blends { _ = try await kitchen.logits(of: blend, on: "val", lane: lane) }
    let val = try kitchen.split(named: "val")
    #expect(
      try blends.allSatisfy {
        try kitchen.ledger.evaluation(for: kitchen.key(of: $0, on: val)) != nil
      })
    try kitchen.startForecastingWhereKnown()
    #expect(kitchen.forecasts.withLock { $0.making == nil })
    let source = try await BlendLogits(kitchen, split: "val", lane: lane)
    kitchen.pace.withLock { $0 = 1 }
    #expect(try kitchen.secondsMissing(blends, on: source) > 0)
    // The ensemble of a set whose scores alone are known shows all the same.
    kitchen.measureByHand(["m0", "m1"])
    var ensemble: Reading?
    for _ in 0..<5_000 where ensemble == nil {
      ensemble = readings.withLock { $0.first { $0.subject == .ensemble && $0.split == "test" } }
      try await Task.sleep(for: .milliseconds(1))
    }
    #expect(ensemble?.members == ["m0", "m1"])
    await kitchen.close()
  }

  @Test func filesWithoutAnEntryAreRemovedInTheEnd() async throws {
    let sweep = try TableSweep(seed: 12)
    let kitchen = try sweep.kitchen()
    let folder = sweep.made.path(".stockpot/logits/ab")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, age) in [("abc.f32", 7_200.0), ("abd.f32", 60)] {
      #expect(FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: Data()))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: "\(folder)/\(name)")
    }
    kitchen.tellWhatIsKnown()
    await kitchen.welcome.withLock { $0 }?.value
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["abd.f32"])
  }

  /// What can be hashed but not opened is left out, and nothing else is.
  @Test func aDamagedCheckpointHindersNoOther() async throws {
    let sweep = try TableSweep(seed: 14)
    let path = sweep.made.path("ingredients/m3.safetensors")
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try whole.dropLast(3).write(to: URL(fileURLWithPath: path))
    let missing = Mutex<[String]>([])
    let kitchen = try sweep.kitchen { event in
      if case .evaluatorMissing(let text) = event { missing.withLock { $0.append(text) } }
    }
    kitchen.tellWhatIsKnown()
    await kitchen.welcome.withLock { $0 }?.value
    #expect(missing.withLock { $0 } == [])
    let result = try await kitchen.cook(RecipeSpec(.uniform), lane: lane, tell: { _ in })
    #expect(result.blend.ingredients == ["m0", "m1", "m2", "m4", "m5", "m6"])
    await kitchen.close()
  }

  @Test func anInterruptedRunIsToldAndTakenUp() async throws {
    let sweep = try TableSweep(seed: 13)
    var encoded = RecipeSpec(.greedy)
    encoded.metric = nil
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let options = String(decoding: try encoder.encode(encoded), as: UTF8.self)
    do {
      // A process that ends without a word: its session is gone, its run is not finished.
      let dead = try Ledger(directory: sweep.made.path(".stockpot"))
      let run = try dead.beginRun(
        recipe: "greedy", options: options, members: (0..<7).map { "m\($0)" })
      try dead.append(
        RunDecision(
          sequence: 0, candidate: "m0", correct: 1, n: 50, accepted: true, margin: nil), to: run)
    }
    let heard = Notices()
    let kitchen = try sweep.kitchen(observer: heard.hear)
    let result = try await kitchen.cook(RecipeSpec(.greedy), lane: lane, tell: { _ in })
    #expect(heard.texts == ["greedy was interrupted after 1 decision: going on from there"])
    let runs = try kitchen.ledger.runs()
    #expect(runs.map(\.status) == [.finished])
    let decisions = try kitchen.ledger.decisions(of: runs[0].id)
    #expect(decisions.map(\.candidate) == result.decisions.map(\.candidate))
    #expect(decisions.map(\.accepted) == result.decisions.map(\.isAccepted))
  }
}

/// What a kitchen gives notice of.
private final class Notices: Sendable {
  private let heard = Mutex<[String]>([])

  var texts: [String] { heard.withLock { $0 } }

  @Sendable func hear(_ event: KitchenEvent) {
    if case .notice(let text) = event { heard.withLock { $0.append(text) } }
  }
}
