import Averaging
import Checkpoints
import Foundation
import Testing

/// A folder that is removed with this object.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("stockpot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var contents: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  }
}

func fixture(_ name: String) throws -> Checkpoint {
  try Checkpoint.open(#require(Bundle.module.path(forResource: "Fixtures/\(name)", ofType: nil)))
}

/// SplitMix64: the same numbers every time.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Tensors of f32, or of bytes, made from values.
func table(
  _ tensors: [(name: String, values: [Float])], shapes: [[Int]] = [], integers: [Int64]? = nil
) throws -> Weights {
  var infos = tensors.enumerated().map { index, tensor in
    TensorInfo(
      name: tensor.name, dtype: .f32,
      shape: index < shapes.count ? shapes[index] : [tensor.values.count])
  }
  if let integers {
    infos.append(TensorInfo(name: "steps", dtype: .i64, shape: [integers.count]))
  }
  return try Weights(infos) { room in
    for (index, tensor) in tensors.enumerated() {
      tensor.values.withUnsafeBytes { room[index].copyMemory(from: $0) }
    }
    integers?.withUnsafeBytes { room[tensors.count].copyMemory(from: $0) }
  }
}

func bytes(_ table: any TensorTable, _ name: String) throws -> [UInt8] {
  let index = try #require(table.index(of: name))
  return try table.withBytes(ofTensorAt: index) { Array($0) }
}

func floats(_ table: any TensorTable, _ name: String) throws -> [Float] {
  let index = try #require(table.index(of: name))
  return try table.withBytes(ofTensorAt: index) { bytes in
    (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
  }
}

/// Random weights: two matrices and a vector, the larger of two pieces.
func randomTable(seed: UInt64, around center: [[Float]]? = nil, scale: Float = 1) throws -> Weights
{
  var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
  let values = [270_000, 35, 7].enumerated().map { tensor, count in
    var values = center?[tensor] ?? [Float](repeating: 0, count: count)
    // Xorshift, inline: the generators of the library are slow in a debug build.
    values.withUnsafeMutableBufferPointer { values in
      for index in 0..<count {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        values[index] += scale * (Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-31)
      }
    }
    return values
  }
  return try table(
    [("big", values[0]), ("small", values[1]), ("vector", values[2])],
    shapes: [[270, 1000], [5, 7], [7]])
}
