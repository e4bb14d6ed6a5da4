import Averaging
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Recipes
import Sweeps

/// A sweep of tiny checkpoints whose predictions a `TableEvaluator` draws.
struct TableSweep {
  let made: MadeSweep
  let evaluator: TableEvaluator

  init(seed: UInt64, ingredients: Int = 7, examples: Int = 50) throws {
    made = try MadeSweep()
    var generator = SeededGenerator(seed: seed)
    for number in 0..<ingredients {
      let values = (0..<4).map { _ in Float.random(in: -1...1, using: &generator) }
      let weights = try Weights([TensorInfo(name: "w", dtype: .f32, shape: [4])]) { room in
        values.withUnsafeBytes { room[0].copyMemory(from: $0) }
      }
      try made.write(weights, to: "ingredients/m\(number).safetensors")
    }
    try FileManager.default.createDirectory(
      atPath: made.path("data"), withIntermediateDirectories: true)
    let labels = (0..<examples).map { _ in Int32.random(in: 0..<2, using: &generator) }
    for name in ["val", "test"] {
      try Self.writeNumpy(labels, to: made.path("data/\(name)_x.npy"))
      try Self.writeNumpy(labels, to: made.path("data/\(name)_y.npy"))
    }
    try made.write("any", to: "table")
    evaluator = TableEvaluator(file: made.path("table"))
  }

  func kitchen(
    ledger: String = ".stockpot", logitsLimit: Int = 1 << 30,
    observer: @escaping @Sendable (KitchenEvent) -> Void = { _ in }
  ) throws -> Kitchen {
    try Kitchen(
      sweep: try made.open(), ledgerDirectory: made.path(ledger), logitsLimit: logitsLimit,
      evaluator: { [evaluator] _ in evaluator }, observer: observer)
  }

  private static func writeNumpy(_ values: [Int32], to path: String) throws {
    var header = "{'descr': '<i4', 'fortran_order': False, 'shape': (\(values.count),), }"
    header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    var bytes = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, 118, 0]) + Data(header.utf8)
    values.withUnsafeBytes { bytes.append(contentsOf: $0) }
    try bytes.write(to: URL(fileURLWithPath: path))
  }
}
