import Evaluation
import Foundation
import Testing

@testable import Ledger

/// A folder that is removed when this goes out of scope.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/stockpot-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// SplitMix64: the same numbers in every run.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

func address(_ number: Int) -> ContentAddress { ContentAddress(hashing: "test \(number)") }

func key(_ number: Int) -> EvaluationKey {
  EvaluationKey(weights: address(number), split: address(-1), evaluator: address(-2))
}

extension Ledger {
  func run(_ id: RunID) throws -> Run? { try runs().first { $0.id == id } }

  func record(
    _ record: EvaluationRecord, for key: EvaluationKey, logits: [Float], classes: Int
  ) throws {
    try self.record(
      record, for: key,
      logits: Logits(rows: logits.count / classes, classes: classes, values: logits))
  }

  func store(_ floats: [Float], classes: Int, for key: EvaluationKey) throws {
    try floats.withUnsafeBufferPointer { try store($0, classes: classes, for: key) }
  }

  func floats(for key: EvaluationKey) throws -> [Float]? {
    try logits(for: key)?.withLogits { Array($0) }
  }
}
