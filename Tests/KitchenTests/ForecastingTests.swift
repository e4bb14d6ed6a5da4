import Averaging
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Recipes
import Sweeps
import Synchronization
import Testing

/// Forecasts of sets, tests of soups measured by hand, and verification of a soup's origin.
struct ForecastingTests {
  /// What a kitchen told, in order.
  private final class Told: Sendable {
    private let events = Mutex<[KitchenEvent]>([])

    func take(_ event: KitchenEvent) { events.withLock { $0.append(event) } }

    /// Waits for something that was told from the `count`-th of its kind on.
    func next<Value: Sendable>(
      after count: Int = 0, _ pick: @Sendable (KitchenEvent) -> Value?
    ) async throws -> Value {
      for _ in 0..<5_000 {
        let found = events.withLock { $0.compactMap(pick) }
        if found.count > count { return found[count] }
        try await Task.sleep(for: .milliseconds(1))
      }
      throw CancellationError()
    }

    func all<Value: Sendable>(_ pick: (KitchenEvent) -> Value?) -> [Value] {
      events.withLock { $0.compactMap(pick) }
    }
  }

  private func answer(_ event: KitchenEvent) -> SetForecast? {
    if case .forecast(let answer) = event { answer } else { nil }
  }

  private func isReady(_ event: KitchenEvent) -> Bool? {
    if case .forecasting(.ready) = event { true } else { nil }
  }

  @Test func theTablesAnswerAndAMeasurementTakesTheAnswersPlace() async throws {
    let sweep = try ToySweep()
    let told = Told()
    let evaluator = ToyEvaluator()
    let kitchen = try ToySweep.kitchen(at: sweep.folder.path, evaluator: evaluator) {
      told.take($0)
    }
    let cost = 6
    // Without tables there is no answer.
    kitchen.forecast(HandPickedSet(["m0"]), cursor: nil)
    kitchen.startForecasting()
    _ = try await told.next { isReady($0) }
    #expect(evaluator.begun == cost)
    #expect(told.all { answer($0) }.isEmpty)

    kitchen.forecast(HandPickedSet(["m0", "m1"]), cursor: "m3")
    let first = try await told.next { answer($0) }
    #expect(evaluator.begun == cost)
    #expect(first.set.members == ["m0", "m1"] && first.own?.isMeasured == false)
    #expect(first.atCursor?.ingredient == "m3" && first.atCursor?.isAddition == true)
    #expect(first.bestAddition.map { !["m0", "m1"].contains($0.ingredient) } == true)
    #expect(first.bestRemoval.map { ["m0", "m1"].contains($0.ingredient) } == true)
    #expect(first.checks == 0 && first.error == nil)

    kitchen.measureByHand(["m0", "m1"])
    let reading = try await told.next { event -> Reading? in
      guard case .reading(let reading) = event, reading.split == "val", reading.score != nil,
        reading.subject == .soup
      else { return nil }
      return reading
    }
    kitchen.forecast(HandPickedSet(["m0", "m1"]), cursor: "m0")
    let second = try await told.next(after: 1) { answer($0) }
    #expect(
      second.own
        == Expectation(
          accuracy: try #require(reading.score?.accuracy), isMeasured: true))
    #expect(second.checks == 1)
    #expect(second.atCursor?.isAddition == false)
    await kitchen.close()

    // Opened again, what the ledger knows is enough for the tables: nothing is evaluated.
    let again = ToyEvaluator()
    let later = Told()
    let reopened = try ToySweep.kitchen(at: sweep.folder.path, evaluator: again) {
      later.take($0)
    }
    reopened.tellWhatIsKnown()
    _ = try await later.next { isReady($0) }
    #expect(again.begun == 0)
    await reopened.close()
  }

  @Test func aWeightedSoupIsForecastAsItWouldBeMeasured() async throws {
    let sweep = try ToySweep()
    let told = Told()
    let kitchen = try ToySweep.kitchen(at: sweep.folder.path) { told.take($0) }
    kitchen.startForecasting()
    _ = try await told.next { isReady($0) }
    let set = HandPickedSet(["m0", "m1"], weights: [0.75, 0.25])
    kitchen.forecast(set, cursor: "m1")
    let first = try await told.next { answer($0) }
    let predictor = try await kitchen.makePredictor(lane: Lane("test", urgency: .recipe))
    let blend = Blend([.init("m0", weight: 0.75), .init("m1", weight: 0.25)])
    let own = try #require(predictor.tables.predict(blend))
    #expect(first.set == set && first.own?.isMeasured == false)
    #expect(first.own?.accuracy == Double(own.correct) / Double(own.n))
    #expect(first.atCursor?.isAddition == false)

    // The best change is the best of all that there are.
    func correct(_ name: String) -> Int {
      predictor.tables.predict(blend.toggling(name))?.correct ?? -1
    }
    let found = try #require(try predictor.tables.neighbours(of: blend))
    #expect(found.map(\.ingredient) == predictor.tables.ingredients)
    #expect(found.map(\.correct) == predictor.tables.ingredients.map(correct))
    func share(_ names: [String]) -> Double? {
      names.map(correct).max().map { Double($0) / Double(own.n) }
    }
    #expect(first.bestAddition?.expectation.accuracy == share(["m2", "m3", "m4"]))
    #expect(first.bestRemoval?.expectation.accuracy == share(["m0", "m1"]))

    kitchen.measureByHand(set.members, weights: set.weights)
    let reading = try await told.next { event -> Reading? in
      guard case .reading(let reading) = event, reading.split == "val", reading.score != nil,
        reading.subject == .soup
      else { return nil }
      return reading
    }
    kitchen.forecast(set, cursor: nil)
    let second = try await told.next(after: 1) { answer($0) }
    #expect(second.own?.isMeasured == true && second.own?.accuracy == reading.score?.accuracy)
    #expect(second.checks == 1)
    await kitchen.close()
  }

  @Test func aWeightedSoupIsTestedToo() async throws {
    let sweep = try ToySweep()
    let told = Told()
    let kitchen = try ToySweep.kitchen(at: sweep.folder.path) { told.take($0) }
    let lane = Lane("test", urgency: .recipe)
    let best = try await kitchen.cook(RecipeSpec(.best), lane: lane, tell: { _ in })
    let set = HandPickedSet(["m0", "m1"], weights: [0.9, 0.1])
    kitchen.measureByHand(set.members, weights: set.weights)
    let test = try await told.next { event -> SoupTest? in
      guard case .soupTest(let test) = event, test.split == "test" else { return nil }
      return test
    }
    func right(_ blend: Blend) async throws -> [Bool] {
      let (logits, _) = try await kitchen.logits(of: blend, on: "test", lane: lane)
      return logits.correctness(try kitchen.split(named: "test").labels)
    }
    #expect(test.soup == set && test.rival == .bestSingle(best.ingredients[0]))
    let soup = try await right(Blend([.init("m0", weight: 0.9), .init("m1", weight: 0.1)]))
    let single = try await right(.uniform(best.ingredients))
    #expect(test.test == McNemarTest(soup, single))
    await kitchen.close()
  }

  @Test func whatWasMeasuredOfAKeptSoupAfterwardsIsKnownTheNextTime() async throws {
    let sweep = try ToySweep()
    let kitchen = try ToySweep.kitchen(at: sweep.folder.path)
    let blend = Blend.uniform(["m0", "m1"])
    kitchen.keep([KeptSoup(name: "A", blend: blend, origin: "by hand", scores: [:], date: .now)])
    let lane = Lane("test", urgency: .recipe)
    let val = try await kitchen.logits(of: blend, on: "val", lane: lane)
    await kitchen.close()
    let told = Told()
    let again = try ToySweep.kitchen(at: sweep.folder.path) { told.take($0) }
    again.tellWhatIsKnown()
    let (soup, scores) = try await told.next { event -> (Blend, [String: Score])? in
      if case .knownSoup(let soup, let scores) = event { (soup, scores) } else { nil }
    }
    #expect(soup == blend && scores.keys.sorted() == ["val"])
    let labels = try again.split(named: "val").labels
    #expect(scores["val"]?.correct == val.logits.correctness(labels).count { $0 })
    await again.close()
  }

  @Test func allNeighboursArePredictedAtOnceAsOneByOne() async throws {
    let sweep = try ToySweep()
    let kitchen = try ToySweep.kitchen(at: sweep.folder.path)
    let tables = try await kitchen.makePredictor(lane: Lane("test", urgency: .recipe)).tables
    let names = tables.ingredients
    for set in [[], ["m0"], ["m1", "m2"], names] {
      let found = try #require(tables.neighbours(of: set, beta: 1))
      #expect(found.map(\.ingredient) == names.filter { set != [$0] })
      for neighbour in found {
        let name = neighbour.ingredient
        let toggled = set.contains(name) ? set.filter { $0 != name } : set + [name]
        #expect(neighbour.correct == tables.predict(toggled)?.correct)
      }
    }
    #expect(tables.neighbours(of: ["other"], beta: 1) == nil)
  }

  /// What is shown as best is not below anything that is shown beside it as the cursor moves, measured
  /// or expected.
  @Test func nothingShownIsBetterThanTheBest() async throws {
    let sweep = try ToySweep()
    let told = Told()
    let kitchen = try ToySweep.kitchen(at: sweep.folder.path) { told.take($0) }
    kitchen.startForecasting()
    _ = try await told.next { isReady($0) }
    let lane = Lane("test", urgency: .recipe)
    let names = kitchen.sweep.ingredients.map(\.name)
    var answers = 0
    // First with nothing measured, then with more and more.
    for measured in [[], names.map { [$0] }, names.dropFirst().map { ["m0", $0] }] {
      for set in measured { _ = try await kitchen.measure(.uniform(set), on: "val", lane: lane) }
      for set in [[], ["m0"], ["m0", "m1"]] {
        for cursor in names {
          kitchen.forecast(HandPickedSet(set), cursor: cursor)
          let told = try await told.next(after: answers) { answer($0) }
          answers += 1
          guard let change = told.atCursor else { continue }
          let best = try #require(change.isAddition ? told.bestAddition : told.bestRemoval)
          #expect(best.expectation.accuracy >= change.expectation.accuracy)
        }
      }
    }
    await kitchen.close()
  }

  @Test func aSoupIsTestedAgainstTheBestSingleAndTheOneBefore() async throws {
    let sweep = try ToySweep()
    let told = Told()
    let kitchen = try ToySweep.kitchen(at: sweep.folder.path) { told.take($0) }
    let lane = Lane("test", urgency: .recipe)
    let best = try await kitchen.cook(RecipeSpec(.best), lane: lane, tell: { _ in })
    let sets = [["m0", "m1"], ["m0", "m1", "m2"]]
    func tests(of set: [String]) -> [SoupTest] {
      told.all { event in
        guard case .soupTest(let test) = event, test.soup.members == set, test.split == "test"
        else {
          return nil
        }
        return test
      }
    }
    for (place, set) in sets.enumerated() {
      kitchen.measureByHand(set)
      for _ in 0..<5_000 where tests(of: set).count < place + 1 {
        try await Task.sleep(for: .milliseconds(1))
      }
    }
    func right(_ names: [String]) async throws -> [Bool] {
      let (logits, _) = try await kitchen.logits(of: .uniform(names), on: "test", lane: lane)
      return logits.correctness(try kitchen.split(named: "test").labels)
    }
    let (first, second) = (try await right(sets[0]), try await right(sets[1]))
    let single = try await right(best.ingredients)
    #expect(tests(of: sets[0]).map(\.rival) == [.bestSingle(best.ingredients[0])])
    #expect(tests(of: sets[0]).map(\.test) == [McNemarTest(first, single)])
    #expect(tests(of: sets[1]).map(\.rival) == [.bestSingle(best.ingredients[0]), .previous])
    #expect(
      tests(of: sets[1]).map(\.test) == [McNemarTest(second, single), McNemarTest(second, first)])
    await kitchen.close()
  }

  @Test func anOriginIsVerifiedByMeasuringAgain() async throws {
    let sweep = try ToySweep()
    let kitchen = try ToySweep.kitchen(at: sweep.folder.path)
    let lane = Lane("test", urgency: .recipe)
    let result = try await kitchen.cook(RecipeSpec(.greedy), lane: lane, tell: { _ in })
    let written = try kitchen.export(
      result, to: sweep.folder.path + "/soup.safetensors", overwrite: false)
    let origin = try Provenance.read(written[1])
    let evaluator = ToyEvaluator()
    // With an empty ledger everything is measured anew.
    try FileManager.default.removeItem(atPath: sweep.folder.path + "/.stockpot")
    let fresh = try ToySweep.kitchen(at: sweep.folder.path, evaluator: evaluator)
    let found = try await fresh.verify(origin, from: written[1], lane: lane)
    #expect(found.map(\.split) == ["val", "test"] && evaluator.begun == 2)
    #expect(found.allSatisfy { $0.agrees })
    var changed = origin
    changed.ingredients[0] = Provenance.Member(
      name: origin.ingredients[0].name, file: origin.ingredients[0].file,
      sha256: origin.ingredients[0].sha256, weight: origin.ingredients[0].weight + 3)
    let other = try await fresh.verify(changed, from: written[1], lane: lane)
    #expect(!other.allSatisfy { $0.agrees })
  }

  @Test func aSoupSaysHowItsIngredientsWereOpened() async throws {
    let table = try TableSweep(seed: 3, ingredients: 0)
    try FileManager.default.copyItem(
      atPath: formatFixture("ema.pt"), toPath: table.made.path("ingredients/run.pt"))
    try table.made.write("[sweep]\nweights = \"ema\"\n", to: "stockpot.toml")
    let kitchen = try table.kitchen()
    let lane = Lane("test", urgency: .recipe)
    let result = try await kitchen.cook(RecipeSpec(.uniform), lane: lane, tell: { _ in })
    let written = try kitchen.export(
      result, to: table.made.path("soup.safetensors"), overwrite: false)
    #expect(try Provenance.read(written[1]).opening.weights == .ema)
  }

  @Test func greedyInAPredictedOrderTakesEveryCandidateOnce() async throws {
    let sweep = try ToySweep()
    let kitchen = try ToySweep.kitchen(at: sweep.folder.path)
    var spec = RecipeSpec(.greedy)
    spec.order = .predicted
    let lane = Lane("test", urgency: .recipe)
    let result = try await kitchen.cook(spec, lane: lane, tell: { _ in })
    let order = result.decisions.map(\.candidate)
    #expect(Set(order) == Set((0..<5).map { "m\($0)" }) && order.count == 5)
    // The first is the best alone as the tables see it, the second its best addition.
    let predictor = try await kitchen.makePredictor(lane: lane)
    for place in 0..<4 {
      let found = predictor.tables.neighbours(
        of: Array(order.prefix(place)), beta: predictor.beta)
      let left = found?.filter { !order.prefix(place).contains($0.ingredient) }
      #expect(left?.max { $0.likelihood < $1.likelihood }?.ingredient == order[place])
    }
    spec.recipe = .pruned
    await #expect(throws: RecipeError.self) {
      try await kitchen.cook(spec, lane: lane, tell: { _ in })
    }
  }
}
