import Averaging
import Checkpoints
import Foundation
import Kitchen
import Ledger
import Sweeps

/// A sweep of small checkpoints in a folder of its own, made for one test.
struct MadeSweep {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/ingredients", withIntermediateDirectories: true)
  }

  /// A model of three tensors: a matrix, a vector, and a vector that may be tied to it.
  ///
  /// - Parameters:
  ///   - seed: of the weights that fine-tuned models share.
  ///   - moved: how far each weight is moved from them, as a fraction.
  static func weights(
    seed: UInt64 = 1, moved: Float = 0, prefix: String = "", rows: Int = 40, tied: Bool = false
  ) throws -> Weights {
    var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    func values(_ count: Int) -> [Float] {
      (0..<count).map { place in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        let value = Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-31
        return value * (1 + moved * Float(place % 3))
      }
    }
    let (matrix, vector) = (values(rows * 30), values(30))
    let infos = [("layer.weight", [rows, 30]), ("head", [30]), ("head_again", [30])].map {
      TensorInfo(name: prefix + $0.0, dtype: .f32, shape: $0.1)
    }
    return try Weights(infos) { room in
      for (index, part) in [matrix, vector, tied ? vector : values(30)].enumerated() {
        part.withUnsafeBytes { room[index].copyMemory(from: $0) }
      }
    }
  }

  func path(_ name: String) -> String { folder.path + "/" + name }

  /// Writes `table` to a file in the sweep's folder, in the format of its name.
  func write(
    _ table: any TensorTable, to name: String, ties: [[String]] = [],
    metadata: [String: String] = [:], shardSize: Int? = nil
  ) throws {
    var output = try CheckpointOutput(path: path(name))
    if let shardSize { output.shardSize = shardSize }
    try output.writer(for: table.tensors, ties: ties, metadata: metadata).write(allOf: table)
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
  }

  func open() throws -> Sweep { try Sweep.open(folder.path) }

  func kitchen(observer: @escaping @Sendable (KitchenEvent) -> Void = { _ in }) throws -> Kitchen {
    try Kitchen(sweep: try open(), ledgerDirectory: path(".stockpot"), observer: observer)
  }
}

/// A file of the fixtures that the tests of formats keep.
func formatFixture(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../CheckpointsTests/Fixtures/torch/\(name)").standardizedFileURL.path
}
