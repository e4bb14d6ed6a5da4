import Averaging
import Evaluation
import Foundation
import Testing

@testable import Recipes

/// Recipes that mix with the initialisation, rank by ensembles, and the options that describe them.
struct MixingRecipeTests {
  private let model = ToyModel(seed: 15, ingredients: 4, examples: 90)
  private var scorer: LogitScorer { model.scorer() }

  @Test func wiseFTTakesTheBestPointOfItsPath() async throws {
    let listener = Listener()
    let outcome = try await WiseFT(of: ["i1", "i2"], alphas: [0, 0.25, 0.5, 1]).cook(
      model.candidates, scorer: scorer, tell: listener.hear)
    #expect(listener.decisions.map(\.candidate) == ["α 0.0", "α 0.25", "α 0.5", "α 1.0"])
    #expect(outcome.judgement.merit == listener.decisions.map(\.judgement.merit).max())
    let last = listener.decisions.last { $0.isAccepted }
    #expect(last?.tried == outcome.blend)
    #expect(abs(outcome.blend.terms.map(\.weight).reduce(0, +) - 1) < 1e-12)
    await #expect(throws: RecipeError.unknownIngredient("z")) {
      try await WiseFT(of: ["z"]).cook(model.candidates, scorer: scorer, tell: { _ in })
    }
  }

  @Test func pathsStartAndEndAtTheirModels() {
    let soup = Blend.uniform(["a", "b"])
    #expect(soup.interpolated(from: "0", at: 0) == .uniform(["0"]))
    #expect(soup.interpolated(from: "0", at: 1) == soup)
    #expect(
      soup.interpolated(from: "0", at: 0.5)
        == Blend([.init("0", weight: 0.5), .init("a", weight: 0.25), .init("b", weight: 0.25)]))
  }

  @Test func modelStockWeighsTensorsByTheirAngles() async throws {
    let outcome = try await ModelStock().cook(
      model.candidates, scorer: scorer, tell: { _ in })
    let tensors = try #require(outcome.blend.tensors)
    #expect(tensors.map(\.name) == ToyModel.sizes.map(\.name))
    for tensor in tensors {
      #expect(abs(tensor.weights.reduce(0, +) - 1) < 1e-12)
      #expect(tensor.weights.allSatisfy { (0...1).contains($0) })
    }
    #expect(Set(tensors.map(\.weights)).count > 1)
  }

  @Test func modelStockRatios() {
    func gram(_ values: [Double]) -> Gram { Gram(count: 2, lowerTriangle: values) }
    // Two fine-tunes at a right angle leave the initialisation; alike, the mean; 60°: 2 · ½ / 1½.
    #expect(ModelStock.ratio(gram([1, 0, 0, 1])) == 0)
    #expect(ModelStock.ratio(gram([1, 0, 1, 1])) == 1)
    #expect(abs(ModelStock.ratio(gram([1, 0, 0.5, 1])) - 2.0 / 3) < 1e-12)
    #expect(ModelStock.ratio(gram([1, 0, -0.5, 1])) == 0)
    #expect(ModelStock.ratio(gram([0, 0, 0, 0])) == 1)
    #expect(ModelStock.ratio(Gram(count: 1, lowerTriangle: [2])) == 1)
  }

  @Test func radinEvaluatesTheBestRankedOnly() async throws {
    let listener = Listener()
    let outcome = try await RadinRanking(seed: 2, tries: 3, randomSets: 20).cook(
      model.candidates, scorer: scorer, tell: listener.hear)
    #expect(listener.decisions.count == 3)
    #expect(outcome.judgement.merit == listener.decisions.map(\.judgement.merit).max())
  }

  @Test func optionsSurviveTheirText() throws {
    var spec = RecipeSpec(.learnedByLayer)
    spec.by = .module
    spec.learningRate = 0.02
    spec.epochs = 2
    spec.among = ["a", "b"]
    spec.alphas = [0, 0.5]
    spec.seed = 7
    let text = try JSONEncoder().encode(spec)
    #expect(try JSONDecoder().decode(RecipeSpec.self, from: text) == spec)
    let short = Data(#"{"recipe": "greedy", "tie": "reject"}"#.utf8)
    var expected = RecipeSpec(.greedy)
    expected.tie = .reject
    #expect(try JSONDecoder().decode(RecipeSpec.self, from: short) == expected)
    let misspelt = Data(#"{"recipe": "greedy", "ties": "reject"}"#.utf8)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(RecipeSpec.self, from: misspelt)
    }
  }
}
