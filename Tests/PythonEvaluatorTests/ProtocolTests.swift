import Checkpoints
import Foundation
import Synchronization
import Testing

@testable import Evaluation

/// What the worker does for any model, shown with one in plain Python.
@Suite(.enabled(if: TestPython.isThere, needsPython))
struct ProtocolTests {
  static let weight = (0..<12).map { Double(($0 * 5) % 7) - 3 }
  static let bias = [0.5, -1, 0.25, 0]

  static func weights(scale: Double = 1, dtype: DType = .f32) throws -> any TensorTable {
    try table(
      [
        ("weight", [4, 3], weight.map { $0 * scale }), ("bias", [4], bias.map { $0 * scale }),
      ], dtype: dtype)
  }

  /// The logits that `linear.py` gives, computed here.
  static func expected(_ index: Int, scale: Double = 1) -> [Float] {
    let inputs = (0..<3).map { Double((index * 7 + $0 * 3) % 11) - 5 }
    return (0..<4).map { row in
      Float(scale * (zip(weight[row * 3..<row * 3 + 3], inputs).map(*).reduce(0, +) + bias[row]))
    }
  }

  @Test(arguments: [1, 2, 3])
  func `logits come in the order that was asked for`(workers: Int) async throws {
    let bench = try Bench("linear.py") { $0.workers = workers }
    let split = try await bench.split("val")
    #expect(split.labels == (0..<41).map { Int32($0 % 4) })
    let ways: [([Int]?, BatchSize?)] = [
      (nil, nil), (nil, 1), (Array((0..<41).reversed()), 6), ([3, 40, 7], 2),
      (nil, .deciding(after: 5)),
    ]
    for (order, batch) in ways {
      let seen = try await bench.evaluate(Self.weights(), on: split, order: order, batch: batch)
      #expect(seen.order == order ?? Array(0..<41))
      for (example, row) in seen.rows { #expect(row == Self.expected(example)) }
    }
  }

  @Test func `weights are exchanged, whatever their layout and type`() async throws {
    let bench = try Bench("linear.py")
    let split = try await bench.split("test")
    for (scale, dtype) in [(1.0, DType.f32), (2, .f32), (4, .f64), (0.5, .bf16), (8, .f32)] {
      let rows = try await bench.evaluate(Self.weights(scale: scale, dtype: dtype), on: split).rows
      #expect(
        rows
          == Dictionary(
            uniqueKeysWithValues: (0..<7).map {
              ($0, Self.expected($0, scale: scale))
            }))
    }
    let padded = try table([
      ("before", [5000], Array(repeating: 1, count: 5000)), ("weight", [4, 3], Self.weight),
      ("bias", [4], Self.bias),
    ])
    #expect(try await bench.evaluate(padded, on: split).rows[6] == Self.expected(6))
  }

  @Test func `a receiver's stop ends an evaluation and not the next one`() async throws {
    let bench = try Bench("linear.py") { $0.workers = 2 }
    let split = try await bench.split("val")
    let received = Mutex(0)
    try await bench.evaluator.evaluate(Self.weights(), on: split, order: nil, batch: 2) { _ in
      received.withLock { $0 += 1 }
      return .stop
    }
    #expect(received.withLock { $0 } == 1)
    let after = try await bench.evaluate(Self.weights(scale: 2), on: split)
    #expect(after.rows[40] == Self.expected(40, scale: 2) && after.order.count == 41)
  }

  @Test func `cancelling returns though the worker is busy, and another evaluation works`()
    async throws
  {
    let bench = try Bench("linear.py") { $0.timeout = 60 }
    let sleepy = try Bench("linear.py") {
      $0.arguments = "sleep"
      $0.logFolder = bench.folder.path + "/logs"
    }
    let split = try await sleepy.split("val")
    let task = Task { try await sleepy.evaluate(Self.weights(), on: split).order }
    try await Task.sleep(for: .milliseconds(300))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    sleepy.evaluator.close()
    await #expect(throws: CancellationError.self) { try await sleepy.split("test") }
    let here = try await bench.split("test")
    #expect(try await bench.evaluate(Self.weights(), on: here).order.count == 7)
  }

  @Test func `a metric that nobody waits for any more is broken off`() async throws {
    let bench = try Bench("scalar.py") {
      $0.arguments = "sleep"
      $0.grace = 0.1
    }
    let split = Split(
      name: "val", role: .val, inputs: [], labelsFile: bench.evaluator.file, labels: [])
    let task = Task { try await bench.evaluator.metrics(of: Self.weights(), on: split) }
    #expect(try await eventually { bench.log.contains("asleep") })
    let worker = try #require(bench.evaluator.slots[0].worker)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await eventually { worker.isDead })
  }

  @Test(arguments: ["die", "die-loading"], [1, 2])
  func `a worker that dies once is replaced and nothing is lost or given twice`(
    how: String, workers: Int
  ) async throws {
    let flag = try TemporaryFolder()
    let bench = try Bench("linear.py") {
      $0.arguments = "\(how) '\(flag.path)/once'"
      $0.workers = workers
    }
    let split = try await bench.split("val")
    let seen = try await bench.evaluate(Self.weights(), on: split, batch: 3)
    #expect(seen.order == Array(0..<41))
    for (example, row) in seen.rows { #expect(row == Self.expected(example)) }
  }

  @Test func `a worker that dies again is reported with its signal and its log`() async throws {
    let bench = try Bench("linear.py") { $0.arguments = "die" }
    let split = try await bench.split("val")
    let error = await #expect(throws: InputError.self) {
      try await bench.evaluate(Self.weights(), on: split)
    }
    #expect(error?.problem.contains("SIGKILL") == true)
    #expect(error?.mend?.contains(bench.folder.path + "/python-0.log") == true)
    #expect(bench.log.contains("raw words on standard output"))
  }

  @Test func `a worker killed from outside is replaced`() async throws {
    let bench = try Bench("linear.py")
    let split = try await bench.split("val")
    _ = try await bench.evaluate(Self.weights(), on: split)
    for _ in 0..<3 {
      let pid = try #require(bench.evaluator.slots[0].worker?.pid)
      #expect(kill(pid, SIGKILL) == 0)
      let seen = try await bench.evaluate(Self.weights(), on: split)
      #expect(seen.order.count == 41)
      #expect(bench.evaluator.slots[0].worker?.pid != pid)
    }
  }

  @Test func `a hanging worker is ended, and the place where it hung is named`() async throws {
    let bench = try Bench("linear.py") {
      $0.arguments = "hang"
      $0.timeout = 1
    }
    let split = try await bench.split("val")
    let error = await #expect(throws: InputError.self) {
      try await bench.evaluate(Self.weights(), on: split)
    }
    #expect(error?.problem.contains("no sign of life for 1 s") == true)
    #expect(error?.place?.hasSuffix("in hang") == true)
    #expect(error?.mend?.contains("timeout = SECONDS") == true)
  }

  @Test func `a worker that hangs once is replaced`() async throws {
    let flag = try TemporaryFolder()
    let bench = try Bench("linear.py") {
      $0.arguments = "hang \(flag.path)/once"
      $0.timeout = 2
    }
    let split = try await bench.split("val")
    #expect(try await bench.evaluate(Self.weights(), on: split).order == Array(0..<41))
  }

  @Test(arguments: [
    ("fail", "ValueError: the seventh seal", "in fail"), ("exit", "SystemExit: 3", "in <lambda>"),
  ])
  func `an exception is shown with its line, kept whole, and costs no worker`(
    what: String, problem: String, place: String
  ) async throws {
    let flag = try TemporaryFolder()
    let bench = try Bench("linear.py") { $0.arguments = "\(what) \(flag.path)/once" }
    let split = try await bench.split("val")
    let pid = bench.evaluator.slots[0].worker?.pid
    let error = await #expect(throws: InputError.self) {
      try await bench.evaluate(Self.weights(), on: split)
    }
    #expect(error?.problem == problem)
    #expect(error?.place?.hasSuffix(place) == true)
    #expect(bench.log.contains("Traceback (most recent call last)"))
    #expect(bench.log.contains("misbehave(\"\(what)\""))
    #expect(try await bench.evaluate(Self.weights(), on: split).order.count == 41)
    #expect(bench.evaluator.slots[0].worker?.pid == pid)
  }

  @Test func `rows that are missing are an error`() async throws {
    let bench = try Bench("linear.py") { $0.arguments = "short" }
    let split = try await bench.split("test")
    let error = await #expect(throws: InputError.self) {
      try await bench.evaluate(Self.weights(), on: split)
    }
    #expect(error?.problem.contains("6 rows") == true)
  }

  @Test func `gradients and statistics of other frameworks are refused clearly`() async throws {
    let bench = try Bench("linear.py")
    let split = try await bench.split("test")
    let weights = try Self.weights()
    await #expect(throws: InputError.self) {
      try await bench.evaluator.batchNormStatistics(of: weights, from: split)
    }
    let source = bench.evaluator.gradients(on: split) { _ in weights }
    let error = await #expect(throws: InputError.self) {
      try await source.gradient(
        ingredients: ["a"], weights: [[1]], tensors: .all, beta: 1, examples: [0])
    }
    #expect(error?.problem.contains("torch.nn.Module") == true)
  }

  @Test func `metrics in place of logits`() async throws {
    let bench = try Bench("scalar.py")
    let description = try await bench.evaluator.describe(split: "val")
    #expect(description == SplitDescription(count: 0, labels: nil))
    let weights = try table([("a", [2], [1, 2]), ("b", [1], [4])])
    let (val, test) = (try await bench.split("val"), try await bench.split("test"))
    #expect(try await bench.evaluator.metrics(of: weights, on: val) == ["score": 7])
    #expect(try await bench.evaluator.metrics(of: weights, on: test) == ["score": 107])
  }
}
