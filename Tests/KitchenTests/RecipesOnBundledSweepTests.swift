import Averaging
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Recipes
import Sweeps
import Testing

/// Recipes that look at logits, on the sweep that comes with the program, in half precision.
@Suite(
  .enabled(if: OnnxRuntime.locate().runtime != nil, "needs ONNX Runtime: run `stockpot setup`"))
struct RecipesOnBundledSweepTests {
  private let folder: TemporaryFolder
  private let kitchen: Kitchen
  private let lane = Lane("test", urgency: .recipe)

  init() throws {
    folder = try TemporaryFolder()
    try DemoSweep.write(to: folder.path)
    kitchen = try Kitchen(
      sweep: try Sweep.open(folder.path), ledgerDirectory: folder.path + "/.stockpot")
  }

  private func cook(
    _ name: RecipeSpec.Name, _ change: (inout RecipeSpec) -> Void = { _ in }
  ) async throws -> SoupResult {
    var spec = RecipeSpec(name)
    change(&spec)
    return try await kitchen.cook(spec, lane: lane, tell: { _ in })
  }

  @Test func oneLinearisationLearnsMoreThanThePapersGradients() async throws {
    let result = try await cook(.learned) { $0.budget = 30 }
    #expect(result.passes <= 30)
    let val = try #require(result.calibrations["val"])
    // AdamW with exact gradients and the paper's settings ends at 0.288.
    #expect(val.nll <= 0.27)
    #expect(result.calibrations.keys.sorted() == kitchen.evaluableSplits.sorted())
    #expect(abs(result.weights.values.reduce(0, +) - 1) < 1e-9)
  }

  @Test func oneLinearisationFindsAsGoodASetAsGreedy() async throws {
    let result = try await cook(.linearisedSearch) { $0.budget = 30 }
    #expect(result.passes <= 30)
    #expect((result.metrics.first?.score.correct ?? 0) >= 556)
  }

  @Test func predictionsRankRandomSets() async throws {
    let predictor = try await kitchen.makePredictor(lane: lane)
    let check = try await kitchen.check(predictor, sets: 30, seed: 4, lane: lane)
    let correlation = try #require(check.linearised.correlation)
    #expect(correlation >= 0.8)
    #expect(correlation > (check.ensembles.correlation ?? -1))
    let forecast = try #require(predictor.forecast(of: ["ft_00", "ft_03"]))
    #expect(forecast.record.pairs.count == 30)
  }

  @Test func wiseFTWalksFromTheInitialisation() async throws {
    let result = try await cook(.wiseFT)
    #expect(result.decisions.count == 11)
    let counts = result.decisions.map(\.judgement.score.correct)
    // Measured by PyTorch on the single-precision originals; rounding to halves may flip one or two.
    let reference = [528, 534, 534, 535, 539, 538, 544, 542, 542, 541, 542]
    #expect(zip(counts, reference).allSatisfy { abs($0 - $1) <= 2 })
  }

  @Test func aReplayWritesTheSameBytes() async throws {
    for name in [RecipeSpec.Name.modelStock, .uniform] {
      let result = try await cook(name)
      let first = folder.path + "/\(name.rawValue).safetensors"
      let written = try kitchen.export(result, to: first, overwrite: false)
      let provenance = try Provenance.read(written[1])
      let again = folder.path + "/\(name.rawValue)-again.safetensors"
      _ = try kitchen.replay(provenance, from: written[1], to: again, overwrite: false)
      #expect(
        FileManager.default.contentsEqual(atPath: first, andPath: again), "\(name.rawValue)")
      // Another file in an ingredient's place is noticed.
      let other = Provenance.Member(
        name: "ft_00", file: "ingredients/ft_00.safetensors",
        sha256: String(repeating: "0", count: 64), weight: 1)
      var changed = provenance
      changed.ingredients[0] = other
      #expect(throws: InputError.self) {
        try kitchen.replay(changed, from: written[1], to: again, overwrite: true)
      }
    }
  }

  @Test func halfOfValIsHeldBack() async throws {
    let result = try await cook(.greedy) { $0.confirmSplit = true }
    let confirmation = try #require(result.confirmation)
    #expect(confirmation.selected.n == 300 && confirmation.confirmed.n == 300)
    let whole = try #require(result.metrics.first?.score)
    #expect(whole.correct == confirmation.selected.correct + confirmation.confirmed.correct)
    #expect(result.decisions.allSatisfy { $0.judgement.score.n == 300 })
  }

  @Test func theTestOfASoupAgainstItselfIsCertain() async throws {
    let best = try await cook(.best)
    let same = try await kitchen.significance(of: best, lane: lane)
    #expect(same.allSatisfy { $0.test.pValue == 1 && $0.against == best.ingredients[0] })
    #expect(same.count == best.metrics.count)
    let greedy = try await kitchen.significance(of: try await cook(.greedy), lane: lane)
    let val = try #require(greedy.first)
    #expect(val.test.onlyFirst > val.test.onlySecond)
    #expect(val.test.pValue < 0.1)
  }

  @Test func recipeFilesSayWhatTheCommandLineSays() throws {
    let path = folder.path + "/recipe.toml"
    func read(_ text: String) throws -> RecipeSpec {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      return try RecipeFile.read(path)
    }
    var expected = RecipeSpec(.greedy)
    expected.order = .random
    expected.seed = 3
    expected.maximumIngredients = 4
    #expect(
      try read("recipe = \"greedy\"\norder = \"random\"\nseed = 3\nmax-ingredients = 4\n")
        == expected)
    for text in [
      "recipe = \"gredy\"", "recipe = \"greedy\"\nordr = \"val\"", "order = \"val\"", "recipe = ",
      "recipe = \"greedy\"\nseed = \"x\"", "[=]", "recipe = \"radin\"\nmax_ingredients = 0",
      "recipe = \"radin\"\ntries = -1", "recipe = \"learned\"\nepochs = -1",
    ] {
      #expect(throws: InputError.self) { try read(text) }
    }
    #expect(throws: InputError.self) { try RecipeFile.read(path + ".not") }
  }
}
