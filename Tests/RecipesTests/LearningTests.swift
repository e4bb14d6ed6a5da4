import Averaging
import Evaluation
import Testing

@testable import Recipes

/// Learned soups, by gradients and by linearisation, on a model small enough to check by hand.
struct LearningTests {
  private func nll(_ model: ToyModel, _ blend: Blend, beta: Double) async throws -> Double {
    try await model.logits(of: blend).nll(model.labels, beta: beta)
  }

  @Test(arguments: [TensorGrouping.all, .byTensor(ToyModel.sizes.map(\.name))])
  func theToysGradientIsItsSlope(grouping: TensorGrouping) async throws {
    let model = ToyModel(seed: 2, ingredients: 3)
    var rows = (0..<grouping.rows).map { [0.2 + 0.1 * Double($0), 0.5, 0.3 - 0.05 * Double($0)] }
    let all = Array(0..<model.examples)
    func loss() async throws -> Double {
      try await model.gradient(
        ingredients: model.ingredients, weights: rows, tensors: grouping, beta: 1.3, examples: all
      ).loss
    }
    let gradient = try await model.gradient(
      ingredients: model.ingredients, weights: rows, tensors: grouping, beta: 1.3, examples: all)
    for row in rows.indices {
      for column in 0..<3 {
        let value = rows[row][column]
        rows[row][column] = value + 1e-5
        let above = try await loss()
        rows[row][column] = value - 1e-5
        let below = try await loss()
        rows[row][column] = value
        #expect(abs((above - below) / 2e-5 - gradient.weights[row][column]) < 1e-6)
      }
    }
  }

  @Test func theSoftmaxIsPulledBack() {
    let raw = [0.3, -1.0, 0.8]
    let gradient = [2.0, -1, 0.5]
    let slopes = Softmax.pullBack(gradient, at: Softmax.of(raw))
    for place in raw.indices {
      var (above, below) = (raw, raw)
      above[place] += 1e-6
      below[place] -= 1e-6
      let value = { (raw: [Double]) in
        zip(Softmax.of(raw), gradient).reduce(0) { $0 + $1.0 * $1.1 }
      }
      #expect(abs((value(above) - value(below)) / 2e-6 - slopes[place]) < 1e-6)
    }
  }

  @Test func adamWTakesTheStepsOfItsPaper() {
    // torch.optim.AdamW(lr=0.1, weight_decay=0.01), parameters 1 and −2, gradients (1, 2) then (0.5, −1).
    var optimiser = AdamW(count: 2, learningRate: 0.1, weightDecay: 0.01)
    var parameters = [1.0, -2.0]
    optimiser.step(&parameters, against: [1, 2])
    #expect(zip(parameters, [0.899, -2.098]).allSatisfy { abs($0 - $1) < 1e-6 })
    optimiser.step(&parameters, against: [0.5, -1])
    #expect(
      zip(parameters, [0.804_883_0, -2.122_535_7]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func groupingFollowsModules() {
    let names = ["a.w", "a.b", "b.c.w", "a.s", "scale"]
    #expect(LayerGrouping.tensor.rows(names) == names.map { [$0] })
    #expect(LayerGrouping.module.rows(names) == [["a.w", "a.b", "a.s"], ["b.c.w"], ["scale"]])
  }

  @Test func batchesAreThePapersWhereValIsLarge() {
    #expect(LearningSettings.learned.batchSize(examples: 26_000) == 256)
    #expect(LearningSettings.learned.batchSize(examples: 600) == 120)
    #expect(LearningSettings.learned.batchSize(examples: 3) == 3)
    var settings = LearningSettings.byLayer
    settings.batch = 7
    #expect(settings.batchSize(examples: 600) == 7)
  }

  @Test(arguments: [RecipeSpec.Name.learned, .learnedByLayer])
  func gradientsLowerTheLoss(name: RecipeSpec.Name) async throws {
    let model = ToyModel(seed: 8, ingredients: 5, examples: 200)
    var spec = RecipeSpec(name)
    spec.seed = 3
    let scorer = model.scorer()
    let listener = Listener()
    let outcome = try await spec.makeRecipe().cook(
      model.candidates, scorer: scorer, tell: listener.hear)
    let learned = try #require(outcome.judgement.calibration)
    let uniform = try await nll(model, .uniform(model.ingredients), beta: 1)
    #expect(learned.nll < uniform)
    #expect(abs(try await nll(model, outcome.blend, beta: learned.beta) - learned.nll) < 1e-6)
    #expect(outcome.blend.tensors?.count == (name == .learned ? nil : ToyModel.sizes.count))
    #expect(listener.decisions.count == (name == .learned ? 3 : 5))
    let again = try await spec.makeRecipe().cook(
      model.candidates, scorer: scorer, tell: { _ in })
    #expect(again.blend == outcome.blend)
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func linearisationEndsNoWorseThanUniformAndWithinItsBudget(seed: UInt64) async throws {
    let model = ToyModel(seed: seed, ingredients: 5, examples: 120)
    let scorer = model.scorer(givesGradients: false)
    let uniform = Calibration(
      of: try await model.logits(of: .uniform(model.ingredients)), labels: model.labels)
    let before = model.asked.value
    let outcome = try await LearnedSoup(budget: 12).cook(
      model.candidates, scorer: scorer, tell: { _ in })
    // One more for the finished soup, which the ledger would know.
    #expect(model.asked.value - before <= 13)
    let learned = try #require(outcome.judgement.calibration)
    #expect(learned.nll <= uniform.nll)
    #expect(abs(outcome.blend.terms.map(\.weight).reduce(0, +) - 1) < 1e-9)
  }

  @Test func linearisationBeatsTheGradientsOfThePaper() async throws {
    let model = ToyModel(seed: 8, ingredients: 5, examples: 200)
    let outcomes = try await [RecipeSpec.Method.adamw, .linearise].asyncMap { method in
      var spec = RecipeSpec(.learned)
      spec.method = method
      let scorer = model.scorer()
      return try await spec.makeRecipe().cook(
        model.candidates, scorer: scorer, tell: { _ in })
    }
    let losses = outcomes.compactMap(\.judgement.calibration?.nll)
    #expect(losses[1] < losses[0])
  }

  @Test func whatTheEvaluatorLacksIsSaid() async throws {
    let model = ToyModel(seed: 1, ingredients: 2)
    let scorer = model.scorer(givesGradients: false)
    for spec in [RecipeSpec(.learnedByLayer)] {
      await #expect(throws: RecipeError.unavailable("gradients")) {
        try await spec.makeRecipe().cook(model.candidates, scorer: scorer, tell: { _ in })
      }
    }
    await #expect(throws: RecipeError.unavailable("logits")) {
      try await LinearisedSearch().cook(
        model.candidates, scorer: TableScorer(soups: [:]), tell: { _ in })
    }
  }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func searchEndsNoWorseThanUniform(seed: UInt64) async throws {
    let model = ToyModel(seed: seed + 60, ingredients: 6, examples: 150)
    let scorer = model.scorer()
    let listener = Listener()
    let outcome = try await LinearisedSearch(seed: seed).cook(
      model.candidates, scorer: scorer, tell: listener.hear)
    let first = try #require(listener.decisions.first)
    #expect(outcome.judgement.merit >= first.judgement.merit)
    #expect(outcome.judgement.merit == listener.decisions.map(\.judgement.merit).max())
    #expect(listener.decisions.dropFirst().allSatisfy { $0.prediction != nil })
  }

  @Test func cancelledAnywhereAndRunAgainEverythingEndsTheSame() async throws {
    for name in [RecipeSpec.Name.learned, .learnedByLayer, .linearisedSearch, .wiseFT, .radin] {
      let spec = RecipeSpec(name)
      let whole = ToyModel(seed: 30, ingredients: 4, examples: 80)
      let outcome = try await cook(spec, whole)
      var generator = SeededGenerator(seed: 5)
      for _ in 0..<4 {
        let model = ToyModel(seed: 30, ingredients: 4, examples: 80)
        model.asked.cancel(at: Int.random(in: 1...whole.asked.value, using: &generator))
        await #expect(throws: CancellationError.self) { try await cook(spec, model) }
        model.asked.cancel(at: nil)
        let again = try await cook(spec, model)
        #expect(again.blend == outcome.blend, "\(name)")
      }
    }
  }

  private func cook(_ spec: RecipeSpec, _ model: ToyModel) async throws -> Outcome {
    let scorer = model.scorer()
    return try await spec.makeRecipe().cook(
      model.candidates, scorer: scorer, tell: { _ in })
  }
}

extension Sequence {
  fileprivate func asyncMap<Result>(
    _ body: (Element) async throws -> Result
  ) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await body(element)) }
    return results
  }
}
