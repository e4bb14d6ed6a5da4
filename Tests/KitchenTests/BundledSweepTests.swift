import Averaging
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Recipes
import Sweeps
import Testing

/// The sweep that comes with the program, against counts that another program measured on the same
/// files: NumPy averages, ONNX Runtime's own Python session.
@Suite(
  .enabled(if: OnnxRuntime.locate().runtime != nil, "needs ONNX Runtime: run `stockpot setup`"))
struct BundledSweepTests {
  private struct Expected: Decodable {
    struct Count: Decodable {
      let correct: Int
      let n: Int
      let nll: Double
    }
    struct Step: Decodable {
      let candidate: String
      let correct: Int
      let accepted: Bool
    }
    struct Run: Decodable {
      let ingredients: [String]
      let decisions: [Step]
      let metrics: [String: Count]
    }

    let individual: [String: [String: Count]]
    let uniform: [String: Count]
    let greedy: Run
    let ensemble: [String: Count]
    let greedyEnsemble: Run

    enum CodingKeys: String, CodingKey {
      case individual, uniform, greedy, ensemble
      case greedyEnsemble = "greedy_ensemble"
    }
  }

  private let expected: Expected
  private let folder: TemporaryFolder
  private let kitchen: Kitchen
  private let lane = Lane("test", urgency: .recipe)

  init() throws {
    // One file serves the tests of the sweep and these.
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../SweepsTests/Fixtures/digits-vit-expected.json")
    expected = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: url))
    folder = try TemporaryFolder()
    try DemoSweep.write(to: folder.path)
    kitchen = try Kitchen(
      sweep: try Sweep.open(folder.path), ledgerDirectory: folder.path + "/.stockpot")
  }

  private func check(_ score: Score, _ count: Expected.Count, _ what: Comment) throws {
    #expect(score.correct == count.correct, what)
    #expect(score.n == count.n, what)
    // A weight of a soup may be rounded to the other of two neighbouring halves.
    #expect(abs(try #require(score.nll) - count.nll) < 1e-4 * count.nll, what)
  }

  private func cook(_ name: RecipeSpec.Name) async throws -> SoupResult {
    try await kitchen.cook(RecipeSpec(name), lane: lane, tell: { _ in })
  }

  @Test func everyIngredientOnEverySplit() async throws {
    #expect(kitchen.evaluableSplits == ["val", "test", "rotation", "noise", "contrast_occlusion"])
    for (name, counts) in expected.individual {
      for (split, count) in counts {
        let measured = try await kitchen.measure(.uniform([name]), on: split, lane: lane)
        try check(measured.score, count, "\(name) on \(split)")
      }
    }
  }

  @Test func uniformSoup() async throws {
    let result = try await cook(.uniform)
    #expect(result.metrics.count == 5)
    for (split, score) in result.metrics {
      try check(score, try #require(expected.uniform[split]), "uniform on \(split)")
    }
  }

  @Test func greedySoup() async throws {
    let result = try await cook(.greedy)
    #expect(result.ingredients == expected.greedy.ingredients)
    #expect(result.decisions.map(\.candidate) == expected.greedy.decisions.map(\.candidate))
    #expect(result.decisions.map(\.isAccepted) == expected.greedy.decisions.map(\.accepted))
    for (decision, step) in zip(result.decisions, expected.greedy.decisions)
    where !decision.judgement.isAbandoned {
      #expect(decision.judgement.score.correct == step.correct, "\(step.candidate)")
    }
    for (split, score) in result.metrics {
      try check(score, try #require(expected.greedy.metrics[split]), "greedy on \(split)")
    }
  }

  @Test func aSecondRunEvaluatesNothing() async throws {
    let first = try await cook(.greedy)
    #expect(first.evaluatedExamples > 0)
    let second = try await cook(.greedy)
    #expect(second.evaluatedExamples == 0)
    #expect(second.blend == first.blend)
    #expect(second.metrics.map(\.score) == first.metrics.map(\.score))
  }

  @Test func ensembles() async throws {
    let all = try await cook(.ensemble)
    for (split, score) in all.metrics {
      try check(score, try #require(expected.ensemble[split]), "ensemble on \(split)")
    }
    let greedy = try await cook(.greedyEnsemble)
    #expect(greedy.ingredients == expected.greedyEnsemble.ingredients)
    #expect(greedy.decisions.map(\.isAccepted) == expected.greedyEnsemble.decisions.map(\.accepted))
    for (split, score) in greedy.metrics {
      let count = try #require(expected.greedyEnsemble.metrics[split])
      try check(score, count, "greedy ensemble on \(split)")
    }
  }

  @Test func anExportedSoupIsTheMeasuredOne() async throws {
    let result = try await cook(.greedy)
    let path = folder.path + "/soup.safetensors"
    let written = try kitchen.export(result, to: path, overwrite: false)
    #expect(written == [path, folder.path + "/soup.soup.json"])
    #expect(throws: InputError.self) {
      try kitchen.export(result, to: path, overwrite: false)
    }
    let soup = try Checkpoint.open(path)
    let first = try Checkpoint.open(folder.path + "/ingredients/ft_00.safetensors")
    #expect(soup.tensors == first.tensors)
    let provenance = try JSONDecoder().decode(
      Provenance.self, from: Data(contentsOf: URL(fileURLWithPath: written[1])))
    #expect(provenance.ingredients.map(\.name) == result.ingredients)
    #expect(provenance.ingredients.allSatisfy { $0.sha256.count == 64 && $0.weight == 0.1 })
    #expect(provenance.metrics["val"]?.correct == expected.greedy.metrics["val"]?.correct)
    // The file itself, put back into a sweep, has the counts that were reported for it.
    try FileManager.default.copyItem(
      atPath: path, toPath: folder.path + "/ingredients/soup.safetensors")
    let again = try Kitchen(
      sweep: try Sweep.open(folder.path), ledgerDirectory: folder.path + "/.again")
    let measured = try await again.measure(.uniform(["soup"]), on: "val", lane: lane)
    #expect(measured.score.correct == expected.greedy.metrics["val"]?.correct)
    #expect(measured.evaluatedExamples == 600)
  }
}
