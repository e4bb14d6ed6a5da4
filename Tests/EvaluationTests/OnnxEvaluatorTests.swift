import Checkpoints
import Foundation
import Synchronization
import Testing

@testable import Evaluation

/// ONNX Runtime, when it can be found on this machine.
private let runtime = OnnxRuntime.locate().runtime

@Suite(
  .enabled(
    if: runtime != nil,
    "needs ONNX Runtime: set ORT_DYLIB_PATH, or VIRTUAL_ENV to one with onnxruntime"))
struct OnnxEvaluatorTests {
  private func mlp() throws -> Split {
    try Split.load(
      name: "val", role: .val, inputs: [SplitInput(name: nil, file: fixture("mlp_x.npy"))],
      labelsFile: fixture("mlp_y.npy"))
  }

  private func logits(
    _ evaluator: OnnxEvaluator, _ weights: any TensorTable, _ split: Split, order: [Int]? = nil,
    batch: BatchSize? = nil
  ) async throws -> Logits {
    let collector = LogitCollector(rows: split.count)
    try await evaluator.evaluate(weights, on: split, order: order, batch: batch) {
      collector.add($0)
      return .proceed
    }
    return try #require(collector.logits)
  }

  private func expectClose(_ logits: Logits, to file: String, within tolerance: Float = 1e-5) throws
  {
    let expected = try NumpyArray(path: fixture(file)).floats()
    let worst = logits.withUnsafeBuffer { values in
      zip(values, expected).map { abs($0 - $1) }.max() ?? .infinity
    }
    #expect(logits.rows * logits.classes == expected.count)
    #expect(worst <= tolerance, "\(file) is off by \(worst)")
  }

  private static let models = [
    "mlp.onnx", "mlp_typed.onnx", "mlp_external.onnx", "mlp_fixed.onnx", "mlp_renamed.onnx",
  ]

  @Test(arguments: models, OnnxSwap.allCases)
  func swappedWeightsGiveTheirOwnLogits(_ model: String, _ swap: OnnxSwap) async throws {
    let exported = try SafetensorsFile(path: fixture("mlp_a.safetensors"))
    let found = try OnnxGraph(path: fixture(model)).compare(with: exported)
    let evaluator = try OnnxEvaluator(
      model: fixture(model), options: OnnxOptions(swap: swap),
      correspondence: found.correspondence(checkpoint: "a"))
    let weights = try SafetensorsFile(path: fixture("mlp_b.safetensors"))
    for batch in [nil, 1, 7, 64] as [BatchSize?] {
      try await expectClose(logits(evaluator, weights, mlp(), batch: batch), to: "mlp_b_logits.npy")
    }
  }

  @Test(arguments: OnnxSwap.allCases)
  func halfPrecisionGraphs(_ swap: OnnxSwap) async throws {
    let evaluator = try OnnxEvaluator(
      model: fixture("mlp_f16.onnx"), options: OnnxOptions(swap: swap))
    for name in ["mlp_b.safetensors", "mlp_b_f16.safetensors"] {
      let weights = try SafetensorsFile(path: fixture(name))
      try await expectClose(
        logits(evaluator, weights, mlp()), to: "mlp_b_f16_logits.npy", within: 0.02)
    }
  }

  @Test(arguments: OnnxSwap.allCases)
  func fusedConvolutionsTakeTheNewWeights(_ swap: OnnxSwap) async throws {
    let split = try Split.load(
      name: "val", role: .val,
      inputs: [
        SplitInput(
          name: "image", file: fixture("conv_x.npy"),
          normalisation: Normalisation(mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]))
      ], labelsFile: fixture("conv_y.npy"))
    let evaluator = try OnnxEvaluator(model: fixture("conv.onnx"), options: OnnxOptions(swap: swap))
    let weights = try SafetensorsFile(path: fixture("conv_b.safetensors"))
    try await expectClose(logits(evaluator, weights, split), to: "conv_b_logits.npy")
  }

  @Test(arguments: OnnxSwap.allCases)
  func severalInputsOfIntegers(_ swap: OnnxSwap) async throws {
    let split = try Split.load(
      name: "val", role: .val,
      inputs: [
        SplitInput(name: "mask", file: fixture("text_mask.npy")),
        SplitInput(name: "ids", file: fixture("text_ids.npy")),
      ], labelsFile: fixture("text_y.npy"))
    let exported = try SafetensorsFile(path: fixture("text_a.safetensors"))
    let found = try OnnxGraph(path: fixture("text.onnx")).compare(with: exported)
    let evaluator = try OnnxEvaluator(
      model: fixture("text.onnx"), options: OnnxOptions(swap: swap),
      correspondence: found.correspondence(checkpoint: "a"))
    let weights = try SafetensorsFile(path: fixture("text_b.safetensors"))
    try await expectClose(logits(evaluator, weights, split, batch: 4), to: "text_b_logits.npy")
  }

  @Test func batchesComeInTheOrderAskedFor() async throws {
    let split = try mlp()
    let order = Array((0..<split.count).reversed())
    let evaluator = try OnnxEvaluator(
      model: fixture("mlp.onnx"), options: OnnxOptions(parallelBatches: 4))
    let weights = try SafetensorsFile(path: fixture("mlp_b.safetensors"))
    let seen = Mutex<[Int]>([])
    try await evaluator.evaluate(weights, on: split, order: order, batch: 3) { batch in
      seen.withLock { $0 += batch.examples }
      return .proceed
    }
    #expect(seen.withLock { $0 } == order)
    try await expectClose(
      logits(evaluator, weights, split, order: order, batch: 3), to: "mlp_b_logits.npy")
  }

  @Test func stoppingEndsAfterTheBatch() async throws {
    let split = try mlp()
    let evaluator = try OnnxEvaluator(
      model: fixture("mlp.onnx"), options: OnnxOptions(parallelBatches: 4))
    let weights = try SafetensorsFile(path: fixture("mlp_b.safetensors"))
    for _ in 0..<20 {
      let batches = Mutex(0)
      try await evaluator.evaluate(weights, on: split, order: nil, batch: 2) { _ in
        batches.withLock { count in
          count += 1
          return count == 3 ? .stop : .proceed
        }
      }
      #expect(batches.withLock { $0 } == 3)
    }
    try await expectClose(logits(evaluator, weights, split), to: "mlp_b_logits.npy")
  }

  @Test func cancellingThrows() async throws {
    let split = try mlp()
    let evaluator = try OnnxEvaluator(model: fixture("mlp.onnx"))
    let weights = try SafetensorsFile(path: fixture("mlp_b.safetensors"))
    let task = Task {
      try await evaluator.evaluate(weights, on: split, order: nil, batch: 1) { _ in
        withUnsafeCurrentTask { $0?.cancel() }
        return .proceed
      }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    try await expectClose(logits(evaluator, weights, split), to: "mlp_b_logits.npy")
  }

  @Test func evaluationsAskedForTogetherAllFinish() async throws {
    let split = try mlp()
    let evaluator = try OnnxEvaluator(model: fixture("mlp.onnx"))
    let b = try SafetensorsFile(path: fixture("mlp_b.safetensors"))
    let a = try SafetensorsFile(path: fixture("mlp_a.safetensors"))
    let ownOfA = try await logits(evaluator, a, split).correct(split.labels)
    let ownOfB = try await logits(evaluator, b, split).correct(split.labels)
    #expect(ownOfA != ownOfB)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<24 {
        group.addTask {
          let logits = try await logits(evaluator, index.isMultiple(of: 2) ? a : b, split, batch: 5)
          #expect(logits.correct(split.labels) == (index.isMultiple(of: 2) ? ownOfA : ownOfB))
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func whatDoesNotFitIsNamed() async throws {
    let evaluator = try OnnxEvaluator(model: fixture("mlp.onnx"))
    let weights = try SafetensorsFile(path: fixture("mlp_b.safetensors"))
    let split = try mlp()
    func said(_ split: Split, _ weights: any TensorTable) async -> String {
      await message { _ = try await logits(evaluator, weights, split) }
    }
    let lacking = try MemoryTable(weights, dropping: ["fc2.bias"])
    #expect(await said(split, lacking).contains("the checkpoint lacks 1 tensor (fc2.bias)"))
    let images = Split(
      name: "val", role: .val, inputs: [SplitInput(name: nil, file: fixture("conv_x.npy"))],
      labelsFile: fixture("conv_y.npy"), labels: [Int32](repeating: 0, count: 20))
    #expect(await said(images, weights).contains("[20, 3, 6, 6], but the input x of"))
    let other = Split(
      name: "val", role: .val, inputs: [SplitInput(name: "y", file: fixture("mlp_x.npy"))],
      labelsFile: split.labelsFile, labels: split.labels)
    #expect(await said(other, weights).contains("has the inputs x, but the split gives y"))
    let large = Split(
      name: "val", role: .val, inputs: split.inputs, labelsFile: split.labelsFile,
      labels: split.labels.dropLast() + [4])
    let text = await said(large, weights)
    #expect(text.contains("element 36: has the label 4, but the model's output logits has 4"))
  }

  @Test func optionsAreChecked() throws {
    let cuda = message {
      _ = try OnnxEvaluator(
        model: fixture("mlp.onnx"), options: OnnxOptions(provider: "NoSuchExecutionProvider"))
    }
    #expect(cuda.contains("provider NoSuchExecutionProvider: is not in this ONNX Runtime"))
    let output = message {
      _ = try OnnxEvaluator(
        model: fixture("mlp.onnx"), options: OnnxOptions(output: "probabilities"))
    }
    #expect(output.contains("is not an output of the model, which has logits"))
  }

  @Test func nonFiniteWeightsAreCountedAsWrong() async throws {
    let weights = try SafetensorsFile(path: fixture("mlp_b.safetensors"))
    let broken = MemoryTable(
      try weights.tensors.enumerated().map { index, info in
        let values = try weights.withBytes(ofTensorAt: index) {
          Array($0.bindMemory(to: Float.self))
        }
        return (
          info.name, info.shape, info.name == "fc2.bias" ? values.map { _ in .nan } : values
        )
      })
    let split = try mlp()
    let evaluator = try OnnxEvaluator(model: fixture("mlp.onnx"))
    let tally = Mutex(RunningTally(total: split.count))
    try await evaluator.evaluate(broken, on: split, order: nil, batch: nil) { batch in
      tally.withLock { $0.add(batch, labels: split.labels) }
      return .proceed
    }
    let result = tally.withLock { $0 }
    #expect(result.score == Score(correct: 0, n: 37, nll: nil))
  }
}

struct OnnxRuntimeTests {
  @Test func placesAreTriedInOrder() {
    let search = OnnxRuntimeSearch(
      environment: [
        "ORT_DYLIB_PATH": "/a/b.so", "VIRTUAL_ENV": "/venv", "HOME": "/home/cook",
      ], folder: "/sweep")
    #expect(
      search.places.map(\.source) == [
        "ORT_DYLIB_PATH", "the loader's path", "the loader's path", "VIRTUAL_ENV", "./.venv",
        "Stockpot's data folder",
      ])
    #expect(search.places[0].pattern == "/a/b.so")
    let tail = "/lib/python3*/site-packages/onnxruntime/capi/libonnxruntime.so*"
    #expect(
      search.places.suffix(3).map(\.pattern) == [
        "/venv" + tail, "/sweep/.venv" + tail,
        "/home/cook/.local/share/stockpot/python" + tail,
      ])
    let data = OnnxRuntimeSearch(
      environment: ["XDG_DATA_HOME": "/data", "HOME": "/home/cook"], folder: "/")
    #expect(data.places.last?.pattern == "/data/stockpot/python" + tail)
  }

  @Test func patternsFindTheNewestLibrary() throws {
    let folder = try TemporaryFolder()
    for python in ["python3.9", "python3.11"] {
      let capi = "\(folder.path)/lib/\(python)/site-packages/onnxruntime/capi"
      try FileManager.default.createDirectory(atPath: capi, withIntermediateDirectories: true)
      try Data().write(to: URL(fileURLWithPath: capi + "/libonnxruntime.so.1.20.0"))
    }
    let found = OnnxRuntimeSearch.expand(
      folder.path + "/lib/python3*/site-packages/onnxruntime/capi/libonnxruntime.so*")
    #expect(found.map { $0.contains("python3.11") } == [true, false])
  }

  @Test func everyAttemptIsReported() throws {
    let folder = try TemporaryFolder()
    let empty = try folder.write([1, 2, 3], to: "libonnxruntime.so")
    let location = OnnxRuntime.locate(
      environment: ["ORT_DYLIB_PATH": empty, "HOME": folder.path], folder: folder.path)
    #expect(location.attempts.first?.path == empty)
    #expect(location.attempts.first?.problem?.isEmpty == false)
  }
}
