import Averaging
import Checkpoints
import Foundation
import Sweeps
import Testing

@testable import Evaluation

/// PyTorch models, against references made by other means.
@Suite(.enabled(if: TestPython.hasTorch, needsTorch))
struct TorchTests {
  /// The demo sweep in a folder of its own.
  private struct Digits {
    let folder: TemporaryFolder
    let sweep: Sweep
    let evaluator: PythonEvaluator

    init(workers: Int = 1) throws {
      folder = try TemporaryFolder()
      try DemoSweep.write(to: folder.path)
      sweep = try Sweep.open(folder.path)
      var options = PythonOptions()
      options.python = TestPython.path
      options.workers = workers
      options.folder = folder.path
      options.logFolder = folder.path + "/logs"
      evaluator = try PythonEvaluator(file: fixture("digits_vit.py"), options: options)
    }

    func split(_ name: String) async throws -> Split {
      let labels = try await evaluator.describe(split: name).labels
      return Split(
        name: name, role: .val, inputs: [], labelsFile: evaluator.file,
        labels: try #require(labels))
    }

    func table(_ name: String) throws -> Checkpoint {
      try Checkpoint.open(#require(sweep.ingredient(named: name)?.file))
    }

    func logits(_ weights: any TensorTable, on split: Split) async throws -> Logits {
      let collector = LogitCollector(rows: split.count)
      try await evaluator.evaluate(weights, on: split, order: nil, batch: nil) { batch in
        collector.add(batch)
        return .proceed
      }
      return try #require(collector.logits)
    }
  }

  @Test(arguments: [1, 2])
  func `every ingredient has its known counts on every split`(workers: Int) async throws {
    let digits = try Digits(workers: workers)
    let ingredients = workers == 1 ? digits.sweep.ingredients : [digits.sweep.ingredients[3]]
    for spec in digits.sweep.splits {
      let split = try await digits.split(spec.name)
      for ingredient in ingredients {
        let known = try #require(ingredient.metrics[spec.name])
        let logits = try await digits.logits(digits.table(ingredient.name), on: split)
        #expect(logits.correct(split.labels) == known.correct, "\(ingredient.name) \(spec.name)")
        #expect(split.count == known.n)
        #expect(abs(logits.nll(split.labels) - (known.nll ?? 0)) < 1e-4)
      }
    }
  }

  @Test(.enabled(if: OnnxRuntime.locate().runtime != nil, "needs ONNX Runtime"))
  func `ONNX Runtime counts the same on every ingredient and split`() async throws {
    let digits = try Digits()
    let model = digits.folder.path + "/model.onnx"
    let onnx = try OnnxEvaluator(model: model)
    for spec in digits.sweep.splits {
      let split = try await digits.split(spec.name)
      let files = try Split.load(
        name: spec.name, role: .val,
        inputs: spec.inputs.map { SplitInput(name: $0.name, file: $0.file) },
        labelsFile: #require(spec.labels))
      #expect(files.labels == split.labels)
      for ingredient in digits.sweep.ingredients {
        let table = try digits.table(ingredient.name)
        let collector = LogitCollector(rows: files.count)
        try await onnx.evaluate(table, on: files, order: nil, batch: nil) { batch in
          collector.add(batch)
          return .proceed
        }
        let theirs = try #require(collector.logits).correct(files.labels)
        #expect(try await digits.logits(table, on: split).correct(split.labels) == theirs)
      }
    }
  }

  private struct ReferenceGradient: Decodable {
    let names: [String]
    let loss: Double
    let beta: Double
    let weights: [[Double]]
  }

  @Test(arguments: [1, 2])
  func `gradients are those of autograd through the whole blend`(workers: Int) async throws {
    let digits = try Digits(workers: workers)
    let split = try await digits.split("val")
    let names = ["ft_00", "ft_07", "ft_11"]
    let examples = [5, 0, 599, 123, 77, 300, 301]
    let files = try names.map { try #require(digits.sweep.ingredient(named: $0)?.file) }
    // The reference runs where its data are, as Stockpot runs the file.
    let script = """
      import os, runpy, sys
      os.chdir(\(quoted(digits.folder.path)))
      sys.argv = sys.argv[1:]
      runpy.run_path(sys.argv[0], run_name="__main__")
      """
    let output = try TestPython.run(
      [
        "-c", script, fixture("reference.py"), "gradient", fixture("digits_vit.py"), "val", "1.3",
        examples.map(String.init).joined(separator: ","),
      ] + files)
    let reference = try JSONDecoder().decode(ReferenceGradient.self, from: output)
    let source = digits.evaluator.gradients(on: split) { try digits.table($0) }
    #expect(source.examples == 600)
    let row = Array(repeating: 1 / 3.0, count: 3)
    let byTensor = try await source.gradient(
      ingredients: names, weights: reference.names.map { _ in row },
      tensors: .byTensor(reference.names), beta: 1.3, examples: examples)
    expectClose(byTensor.loss, reference.loss)
    expectClose(byTensor.beta, reference.beta)
    for (ours, theirs) in zip(byTensor.weights, reference.weights) {
      for (one, other) in zip(ours, theirs) { expectClose(one, other) }
    }
    let all = try await source.gradient(
      ingredients: names, weights: [row], tensors: .all, beta: 1.3, examples: examples)
    for column in 0..<3 {
      expectClose(all.weights[0][column], reference.weights.map { $0[column] }.reduce(0, +))
    }
    // The model held the blend; an evaluation afterwards must not.
    let known = digits.sweep.ingredient(named: "ft_00")?.metrics["val"]?.correct
    #expect(
      try await digits.logits(digits.table("ft_00"), on: split).correct(split.labels) == known)
  }

  @Test func `gradients need a row for every tensor and files that can be mapped`() async throws {
    let digits = try Digits()
    let split = try await digits.split("val")
    let source = digits.evaluator.gradients(on: split) { name in
      // Tensors in memory have no place in a file, so that a copy is made.
      try Averager.average([AverageTerm(name, digits.table(name), weight: 1)]).weights
    }
    let error = await #expect(throws: InputError.self) {
      try await source.gradient(
        ingredients: ["ft_00"], weights: [[1]], tensors: .byTensor(["head.weight"]), beta: 1,
        examples: [1])
    }
    // Six are named; one has a row.
    let unnamed = try digits.table("ft_00").tensors.count - 1 - 6
    #expect(
      error?.problem.contains("and \(unnamed) more") == true, "\(String(describing: error))")
    let whole = try await source.gradient(
      ingredients: ["ft_00"], weights: [[1]], tensors: .all, beta: 1,
      examples: Array(0..<600))
    let nll = try await digits.logits(digits.table("ft_00"), on: split).nll(split.labels)
    expectClose(whole.loss, nll)
  }

  @Test func `weights that do not fit are listed by name`() async throws {
    let bench = try Bench("batchnorm.py") { $0.python = TestPython.path }
    let split = try await bench.split("val")
    let misfit = try table([
      ("conv.weight", [4, 1, 3, 3], Array(repeating: 0.1, count: 36)),
      ("conv.bias", [5], [1, 1, 1, 1, 1]),
      ("extra.weight", [1], [1]), ("head.weight", [3, 4], Array(repeating: 0.1, count: 12)),
    ])
    let error = await #expect(throws: InputError.self) {
      try await bench.evaluate(misfit, on: split)
    }
    let problem = try #require(error?.problem)
    #expect(problem.contains("missing: norm.weight, norm.bias, norm.running_mean"))
    #expect(!problem.contains("num_batches_tracked"))
    #expect(problem.contains("unexpected: extra.weight"))
    #expect(problem.contains("conv.bias [5] against the model's [4]"))
    #expect(error?.place == "model()")
  }

  @Test func `named inputs of different lengths are collated`() async throws {
    let bench = try Bench("text.py")
    let split = try await bench.split("val")
    #expect(split.labels == (0..<30).map { Int32($0 % 3) })
    let embedding = (0..<160).map { Double(($0 * 13) % 17) / 8 - 1 }
    let head = (0..<24).map { Double(($0 * 7) % 11) / 4 - 1 }
    // Halves, which the model's single precision takes as they are; and a wrapper's prefix.
    let weights = try table(
      [
        ("module.embedding.weight", [20, 8], embedding), ("module.head.weight", [3, 8], head),
        ("module.head.bias", [3], [0.5, 0, -0.5]),
      ], dtype: .bf16)
    let rows = try await bench.evaluate(weights, on: split, order: [4, 29, 0], batch: 2).rows
    for (index, row) in rows {
      let ids = (0..<1 + index % 6).map { (index * 5 + $0 * 3) % 20 }
      let pooled = (0..<8).map { column in
        ids.map { embedding[$0 * 8 + column] }.reduce(0, +) / Double(ids.count)
      }
      for (place, logit) in row.enumerated() {
        let sum = zip(pooled, head[place * 8..<place * 8 + 8]).map(*).reduce(0, +)
        #expect(abs(Double(logit) - (sum + [0.5, 0, -0.5][place])) < 1e-5)
      }
    }
    #expect(rows.count == 3)
  }
}

// MARK: - BatchNorm

extension TorchTests {
  /// Weights of `batchnorm.py`; `seed` tells them apart.
  private func network(_ seed: Int) throws -> Weights {
    func values(_ count: Int, _ step: Int, _ base: Double = 0) -> [Double] {
      (0..<count).map { base + Double(($0 * step + seed * 3) % 13) / 20 - 0.3 }
    }
    return try table(
      [
        ("conv.weight", [4, 1, 3, 3], values(36, 5)), ("conv.bias", [4], values(4, 3)),
        ("norm.weight", [4], values(4, 7, 1)), ("norm.bias", [4], values(4, 2)),
        ("norm.running_mean", [4], values(4, 4)), ("norm.running_var", [4], values(4, 6, 1)),
        ("norm.num_batches_tracked", [], []),
        ("head.weight", [3, 4], values(12, 11)), ("head.bias", [3], values(3, 5)),
        ("norm_out.weight", [3], values(3, 8, 1)), ("norm_out.bias", [3], values(3, 4)),
        ("norm_out.running_mean", [3], values(3, 9)),
        ("norm_out.running_var", [3], values(3, 3, 1)), ("norm_out.num_batches_tracked", [], []),
      ], dtype: .f64)
  }

  @Test func `BatchNorm is differentiated by its statistics too`() async throws {
    let bench = try Bench("batchnorm.py") { $0.batch = 7 }
    let split = try await bench.split("val")
    let networks = ["a": try network(1), "b": try network(2)]
    let source = bench.evaluator.gradients(on: split) { try #require(networks[$0]) }
    let statistics = [
      "norm.running_mean", "norm.running_var", "norm_out.running_mean",
      "norm_out.running_var",
    ]
    let rest = try network(1).tensors.filter(\.dtype.isFloatingPoint).map(\.name)
      .filter { !statistics.contains($0) }
    let groups = TensorGrouping.groups([rest, statistics])
    func loss(_ weights: [[Double]], _ beta: Double) async throws -> BlendGradient {
      try await source.gradient(
        ingredients: ["a", "b"], weights: weights, tensors: groups, beta: beta,
        examples: Array(3..<40))
    }
    let weights = [[0.7, 0.4], [0.2, 0.9]]
    let gradient = try await loss(weights, 1.5)
    let step = 1e-5
    for row in 0..<2 {
      for column in 0..<2 {
        var (up, down) = (weights, weights)
        up[row][column] += step
        down[row][column] -= step
        let difference = try await loss(up, 1.5).loss - loss(down, 1.5).loss
        #expect(abs(gradient.weights[row][column] - difference / (2 * step)) < 1e-6)
      }
    }
    // Beta is in single precision, which a smaller step would feel.
    let stride = 1e-2
    let difference = try await loss(weights, 1.5 + stride).loss - loss(weights, 1.5 - stride).loss
    #expect(abs(gradient.beta - difference / (2 * stride)) < 1e-5)
  }

  @Test func `BatchNorm statistics are those of PyTorch's own re-estimation`() async throws {
    let bench = try Bench("batchnorm.py") { $0.batch = 10 }
    let train = try await bench.split("train")
    let weights = try network(3)
    let file = bench.folder.path + "/weights.safetensors"
    try SafetensorsWriter.write(weights, to: file)
    let output = try TestPython.run([
      fixture("reference.py"), "statistics", bench.evaluator.file, "train", "10", file,
    ])
    let reference = try JSONDecoder().decode([String: [Double]].self, from: output)
    let statistics = try await bench.evaluator.batchNormStatistics(of: weights, from: train)
    #expect(Set(statistics.tensors.map(\.name)) == Set(reference.keys))
    for (index, info) in statistics.tensors.enumerated() where info.dtype == .f64 {
      let values = try statistics.withBytes(ofTensorAt: index) { bytes in
        (0..<info.count).map { bytes.loadUnaligned(fromByteOffset: $0 * 8, as: Double.self) }
      }
      for (ours, theirs) in zip(values, try #require(reference[info.name])) {
        #expect(abs(ours - theirs) < 1e-12)
      }
    }
    // As a patch they change what the model says, and its own buffers are put back for others.
    let before = try await bench.evaluate(weights, on: train).rows
    let patched = PatchedTable(weights, with: statistics)
    #expect(patched.tensors.map(\.name) == weights.tensors.map(\.name))
    let after = try await bench.evaluate(patched, on: train).rows
    #expect(before != after)
    #expect(try await bench.evaluate(weights, on: train).rows == before)
  }
}

/// To single precision's accuracy.
private func expectClose(
  _ ours: Double, _ theirs: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(abs(ours - theirs) <= 2e-5 * max(1, abs(theirs)), sourceLocation: sourceLocation)
}

/// As a string literal of Python.
private func quoted(_ text: String) -> String { "\"\(text)\"" }
