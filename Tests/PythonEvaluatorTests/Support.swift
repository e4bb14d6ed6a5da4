import Averaging
import Checkpoints
import Foundation
import Synchronization
import Testing

@testable import Evaluation

/// The Python that tests run: `STOCKPOT_TEST_PYTHON`, else `python3`.
enum TestPython {
  static let path: String? = {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["STOCKPOT_TEST_PYTHON"], !named.isEmpty { return named }
    return (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/python3" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  static let isThere = path != nil

  static let hasTorch: Bool = (try? run(["-c", "import torch, numpy"])) != nil

  /// What a program prints.
  static func run(_ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    return data
  }
}

let needsPython: Comment = "needs Python 3: set STOCKPOT_TEST_PYTHON"
let needsTorch: Comment = "needs a Python with torch and numpy: set STOCKPOT_TEST_PYTHON"

func fixture(_ name: String) -> String {
  Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name)").path
}

/// A folder that is removed when the last user lets go.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func copy(_ fixtureName: String, as name: String? = nil) throws -> String {
    let target = "\(path)/\(name ?? fixtureName)"
    try FileManager.default.copyItem(atPath: fixture(fixtureName), toPath: target)
    return target
  }

  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }

  func read(_ name: String) -> String {
    (try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)) ?? ""
  }
}

/// An evaluator with its files in a folder of its own.
struct Bench {
  let folder: TemporaryFolder
  let evaluator: PythonEvaluator

  init(_ fixtureName: String, _ change: (inout PythonOptions) -> Void = { _ in }) throws {
    folder = try TemporaryFolder()
    var options = PythonOptions()
    options.python = TestPython.path
    options.logFolder = folder.path
    change(&options)
    evaluator = try PythonEvaluator(file: folder.copy(fixtureName), options: options)
  }

  /// The file that a fixture makes once it has misbehaved.
  var once: String { folder.path + "/once" }

  var log: String { folder.read("python-0.log") }

  func split(_ name: String) async throws -> Split {
    let description = try await evaluator.describe(split: name)
    return Split(
      name: name, role: .val, inputs: [], labelsFile: evaluator.file,
      labels: description.labels ?? [])
  }

  /// Logits by example, and the batches in the order in which they came.
  func evaluate(
    _ weights: any TensorTable, on split: Split, order: [Int]? = nil, batch: BatchSize? = nil
  ) async throws -> (rows: [Int: [Float]], order: [Int]) {
    let seen = Mutex<(rows: [Int: [Float]], order: [Int])>(([:], []))
    try await evaluator.evaluate(weights, on: split, order: order, batch: batch) { batch in
      seen.withLock { seen in
        for (row, example) in batch.examples.enumerated() {
          let range = row * batch.classes..<(row + 1) * batch.classes
          seen.rows[example] = Array(batch.logits[range])
          seen.order.append(example)
        }
      }
      return .proceed
    }
    return seen.withLock { $0 }
  }

  func correct(_ weights: any TensorTable, on split: Split) async throws -> Int {
    let rows = try await evaluate(weights, on: split).rows
    return split.labels.indices.count { index in
      guard let row = rows[index], let best = row.max() else { return false }
      return row.firstIndex(of: best) == Int(split.labels[index])
    }
  }
}

/// Tensors made from numbers.
func table(_ tensors: [(name: String, shape: [Int], values: [Double])], dtype: DType = .f32)
  throws -> Weights
{
  let infos = tensors.map {
    TensorInfo(name: $0.name, dtype: $0.values.isEmpty ? .i64 : dtype, shape: $0.shape)
  }
  return try Weights(infos) { room in
    for (index, tensor) in tensors.enumerated() where !tensor.values.isEmpty {
      switch dtype {
      case .f64: tensor.values.withUnsafeBytes { room[index].copyMemory(from: $0) }
      case .bf16:
        let halves = tensor.values.map { UInt16(Float($0).bitPattern >> 16) }
        halves.withUnsafeBytes { room[index].copyMemory(from: $0) }
      default:
        tensor.values.map { Float($0) }.withUnsafeBytes { room[index].copyMemory(from: $0) }
      }
    }
  }
}

/// Waits for something that another process does; false when it takes unreasonably long.
func eventually(_ condition: () -> Bool) async throws -> Bool {
  for _ in 0..<600 {
    if condition() { return true }
    try await Task.sleep(for: .milliseconds(50))
  }
  return false
}
