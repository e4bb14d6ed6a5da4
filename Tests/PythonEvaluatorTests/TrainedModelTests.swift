import Averaging
import Checkpoints
import Foundation
import Kitchen
import Recipes
import Sweeps
import Testing

@testable import Evaluation

/// Small models that were really trained, one with BatchNorm and one of two inputs, through both
/// evaluators, against counts by PyTorch (`Fixtures/trained/make.py`).
struct TrainedModelTests {
  /// A sweep of `Fixtures/trained` in a folder of its own.
  struct Trained {
    let folder: TemporaryFolder
    let expected: [String: [String: Int]]

    init(_ name: String, kind: EvaluatorSpec.Kind, std: String = "0.25") throws {
      folder = try TemporaryFolder()
      for part in ["ingredients", "data", "model.onnx", "evaluator.py", "expected.json"] {
        _ = try folder.copy("trained/\(name)/\(part)", as: part)
      }
      expected = try JSONDecoder().decode(
        [String: [String: Int]].self, from: Data(folder.read("expected.json").utf8))
      try write(name, kind: kind, std: std)
    }

    func write(_ name: String, kind: EvaluatorSpec.Kind, std: String = "0.25") throws {
      var text = "[evaluator]\nkind = \"\(kind.rawValue)\"\n"
      switch kind {
      case .python:
        text += "file = \"evaluator.py\"\npython = \"\(TestPython.path ?? "")\"\n"
        text += "[splits.val]\n[splits.test]\n"
      case .onnx:
        text += "model = \"model.onnx\"\n"
        // The model sees (byte / 255 − 0.5) / 0.25.
        if name == "batchnorm" { text += "mean = [0.5]\nstd = [\(std)]\n" }
        for split in ["val", "test"] {
          text += "[splits.\(split)]\n"
          guard name == "text" else { continue }
          text += "inputs = { input_ids = \"data/\(split)_ids.npy\", "
          text += "attention_mask = \"data/\(split)_mask.npy\" }\n"
        }
      }
      _ = try folder.write(text, to: "stockpot.toml")
    }

    func kitchen() throws -> Kitchen { try KitchenTests.kitchen(folder) }
  }

  private let lane = Lane("test", urgency: .recipe)

  private func check(_ name: String, kind: EvaluatorSpec.Kind) async throws {
    let trained = try Trained(name, kind: kind)
    let kitchen = try trained.kitchen()
    for (label, counts) in trained.expected {
      for (split, correct) in counts {
        let blend = Blend.uniform(label == "uniform" ? ["m0", "m1", "m2"] : [label])
        let measured = try await kitchen.measure(blend, on: split, lane: lane)
        #expect(measured.score.correct == correct, "\(label) on \(split)")
      }
    }
  }

  @Test(
    .enabled(if: OnnxRuntime.locate().runtime != nil, "needs ONNX Runtime"),
    arguments: ["batchnorm", "text"])
  func `ONNX Runtime counts what PyTorch counted`(name: String) async throws {
    try await check(name, kind: .onnx)
  }

  @Test(.enabled(if: TestPython.hasTorch, needsTorch), arguments: ["batchnorm", "text"])
  func `the Python evaluator counts the same`(name: String) async throws {
    try await check(name, kind: .python)
  }

  @Test(
    .enabled(if: OnnxRuntime.locate().runtime != nil && TestPython.hasTorch, needsTorch),
    arguments: ["batchnorm", "text"])
  func `recipes end the same with both`(name: String) async throws {
    var results: [SoupResult] = []
    for kind in EvaluatorSpec.Kind.allCases {
      let trained = try Trained(name, kind: kind)
      let kitchen = try trained.kitchen()
      results.append(try await kitchen.cook(RecipeSpec(.greedy), lane: lane, tell: { _ in }))
    }
    #expect(results[0].blend == results[1].blend)
    #expect(results[0].decisions.map(\.isAccepted) == results[1].decisions.map(\.isAccepted))
    for (one, other) in zip(results[0].metrics, results[1].metrics) {
      #expect(one.score.correct == other.score.correct)
      #expect(abs((one.score.nll ?? 0) - (other.score.nll ?? 1)) < 1e-5)
    }
  }

  @Test(.enabled(if: OnnxRuntime.locate().runtime != nil, "needs ONNX Runtime"))
  func `bytes normalised in another way are another split`() async throws {
    let trained = try Trained("batchnorm", kind: .onnx)
    func measure() async throws -> (examples: Int, nll: Double?) {
      let measured = try await trained.kitchen().measure(.uniform(["m1"]), on: "val", lane: lane)
      return (measured.evaluatedExamples, measured.score.nll)
    }
    let right = try await measure()
    #expect(right.examples == 120)
    try trained.write("batchnorm", kind: .onnx, std: "2.5")
    let wrong = try await measure()
    #expect(wrong.examples == 120 && wrong.nll != right.nll)
    try trained.write("batchnorm", kind: .onnx)
    let again = try await measure()
    #expect(again.examples == 0 && again.nll == right.nll)
  }

  @Test(.enabled(if: OnnxRuntime.locate().runtime != nil, "needs ONNX Runtime"))
  func `half a normalisation, or one of numbers, is refused`() async throws {
    let trained = try Trained("text", kind: .onnx)
    let text = trained.folder.read("stockpot.toml")
    let model = "model = \"model.onnx\"\n"
    for (addition, problem) in [
      ("mean = [0.5]\n", "has `mean` but no `std`"), ("std = [0.5]\n", "has `std` but no `mean`"),
      ("mean = [0.5]\nstd = [0.5]\n", "applies to uint8"),
    ] {
      _ = try trained.folder.write(
        text.replacing(model, with: model + addition), to: "stockpot.toml")
      let error = await #expect(throws: InputError.self) {
        try await trained.kitchen().measure(.uniform(["m1"]), on: "val", lane: self.lane)
      }
      #expect(error?.problem.contains(problem) == true)
    }
  }
}
