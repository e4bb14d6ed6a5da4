import Checkpoints
import Foundation
import Testing

@testable import Evaluation

/// The path of a fixture.
func fixture(_ name: String) -> String {
  Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name)").path
}

/// A folder that is removed with its contents when the last user lets go.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// SplitMix64: the same numbers everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// Roughly normal: the sum of twelve uniform numbers.
  mutating func normal() -> Float {
    (0..<12).reduce(-6) { sum, _ in sum + Float.random(in: 0..<1, using: &self) }
  }
}

/// A tensor table of f32 tensors in memory.
struct MemoryTable: TensorTable {
  let tensors: [TensorInfo]
  private let bytes: [[UInt8]]

  init(_ entries: [(name: String, shape: [Int], values: [Float])]) {
    tensors = entries.map { TensorInfo(name: $0.name, dtype: .f32, shape: $0.shape) }
    bytes = entries.map { entry in entry.values.withUnsafeBytes { Array($0) } }
  }

  /// Some of another table's tensors, each under a name, or changed.
  init(
    _ table: any TensorTable, dropping dropped: Set<String> = [],
    renaming: [String: String] = [:], adding added: [TensorInfo] = []
  ) throws {
    let kept = table.tensors.indices.filter { !dropped.contains(table.tensors[$0].name) }
    tensors =
      kept.map {
        let info = table.tensors[$0]
        return TensorInfo(
          name: renaming[info.name] ?? info.name, dtype: info.dtype, shape: info.shape)
      } + added
    bytes =
      try kept.map { try table.withBytes(ofTensorAt: $0) { Array($0) } }
      + added.map { [UInt8](repeating: 0, count: $0.byteCount) }
  }

  func index(of name: String) -> Int? { tensors.firstIndex { $0.name == name } }

  func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try bytes[index].withUnsafeBytes(body)
  }
}

extension NumpyArray {
  /// All elements of an array of f32 or f16.
  func floats() -> [Float] {
    withBytes { bytes in
      [Float](unsafeUninitializedCapacity: count) { buffer, initialised in
        if let source = bytes.baseAddress, let target = buffer.baseAddress {
          FloatConversion.convert(source, dtype, to: target, .f32, count: count)
        }
        initialised = count
      }
    }
  }
}

/// The error that `body` throws, as a person would read it.
func message(_ body: () throws -> Void) -> String {
  do { try body() } catch { return "\(error)" }
  return "nothing was thrown"
}

func message(_ body: () async throws -> Void) async -> String {
  do { try await body() } catch { return "\(error)" }
  return "nothing was thrown"
}
