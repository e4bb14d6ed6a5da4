import Checkpoints
import Foundation
import OrderedCollections
import Testing

@testable import Sweeps

/// A folder to lay out a sweep in; it is removed when this goes out of scope.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let folder = NSTemporaryDirectory() + "/stockpot-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    path = absolutePath(folder, in: "/")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes `text` to a file, making the folders on the way.
  @discardableResult
  func write(_ name: String, _ text: String = "") throws -> String {
    let file = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: parentFolder(of: file), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Empty files: opening a sweep must not look into checkpoints and data.
  func touch(_ names: String...) throws {
    for name in names { try write(name) }
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

/// The error that opening must end in.
func failure(_ body: () throws -> Void) throws -> InputError {
  try #require(#expect(throws: InputError.self) { try body() })
}

extension ResultTable {
  /// A table from the text of a file of that name.
  static func reading(
    _ name: String, _ text: String, fractionsAreMetrics: Bool = false
  ) throws -> ResultTable {
    let folder = try TemporaryFolder()
    return ResultTable(
      try ResultsFile(reading: folder.write(name, text)), fractionsAreMetrics: fractionsAreMetrics)
  }

  func row(_ name: String) throws -> Row { try #require(rows.first { $0.name == name }) }
}
