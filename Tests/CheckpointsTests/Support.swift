import Foundation
import Testing

@testable import Checkpoints

/// The path of a committed fixture.
func fixture(_ name: String) -> String {
  Bundle.module.resourceURL?.appendingPathComponent("Fixtures/\(name)").path ?? name
}

/// A folder that is removed with this object, which a test must therefore hold on to.
final class Scratch {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/checkpoints-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and says where.
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// A small seeded generator (SplitMix64), so that failures can be repeated.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension UnsafeRawBufferPointer {
  /// The buffer as numbers of one type, whatever its alignment.
  func numbers<Number: BitwiseCopyable>(_ type: Number.Type = Number.self) -> [Number] {
    stride(from: 0, to: count, by: MemoryLayout<Number>.size).map {
      loadUnaligned(fromByteOffset: $0, as: Number.self)
    }
  }
}
