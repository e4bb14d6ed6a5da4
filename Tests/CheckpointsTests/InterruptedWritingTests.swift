import Foundation
import Testing

@testable import Checkpoints

/// Writing that is killed, or that the disk has no room for, in every format.
@Suite struct InterruptedWritingTests {
  /// Each format, and a name for it.
  private static let names = ["soup.safetensors", "soup.pt", "soup"]

  /// Some megabytes, in shards where the format has them.
  private static func output(_ path: String) throws -> CheckpointOutput {
    var output = try CheckpointOutput(path: path)
    output.shardSize = 2 << 20
    return output
  }

  private static var table: TableInMemory {
    var table = TableInMemory()
    for number in 0..<6 { table.add("layer.\(number)", .f32, [1 << 18]) }
    return table
  }

  /// The process kills itself between two pieces of a tensor.
  @Test(arguments: names) func aWriterKilledInTheMiddleLeavesNoName(name: String) async throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/\(name)"
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let table = Self.table
      let writer = try Self.output(path).writer(for: table.tensors)
      for index in 0..<3 {
        try table.withBytes(ofTensorAt: index) {
          try writer.write($0, toTensorAt: index, offset: 0)
        }
      }
      kill(getpid(), SIGKILL)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
    // What is left, if anything, is no obstacle, and the next to write there takes it away; but not
    // what another is just writing.
    let other = try Self.output(path).writer(for: Self.table.tensors)
    try Self.output(path).writer(for: Self.table.tensors).write(allOf: Self.table)
    withExtendedLifetime(other) {
      let hidden = folder.contents.filter { $0.hasPrefix(".") }
      #expect(hidden.count == (name == "soup" ? 1 : 0))
    }
    try expectEqual(try Checkpoint.open(path), Self.table)
  }

  /// The process is killed at a moment of chance while it writes again and again.
  @Test(arguments: names, 0..<2)
  func aNameThatAppearedIsOfACompleteFile(name: String, round: Int) async throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, name = name as String, round = round as Int] in
      let table = Self.table
      Thread {
        usleep(UInt32(9_000 + 17_000 * round))
        kill(getpid(), SIGKILL)
      }.start()
      for number in 0..<1_000_000 {
        try Self.output("\(path)/\(number)-\(name)").writer(for: table.tensors).write(allOf: table)
      }
    }
    for found in folder.contents where !found.hasPrefix(".") {
      try expectEqual(try Checkpoint.open("\(path)/\(found)"), Self.table)
    }
  }

  /// The file that had the name stays as it was.
  @Test(arguments: names.prefix(2)) func whatWasThereStays(name: String) async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([1, 2, 3], as: name)
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let table = Self.table
      let writer = try Self.output(path).writer(for: table.tensors, overwrite: true)
      try table.withBytes(ofTensorAt: 0) { try writer.write($0, toTensorAt: 0, offset: 0) }
      kill(getpid(), SIGKILL)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1, 2, 3]))
  }

  /// The system takes a megabyte of each file and refuses the rest, as a full disk does.
  @Test(arguments: names) func aFullDiskIsToldAndLeavesNothing(name: String) async throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/\(name)"
    await #expect(processExitsWith: .success) { [path = path as String] in
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1 << 20, rlim_max: 1 << 20)
      try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let error = try #require(throws: InputError.self) {
        try Self.output(path).writer(for: Self.table.tensors).write(allOf: Self.table)
      }
      try #require(error.file.contains("soup") && !error.file.contains(".partial"))
    }
    #expect(folder.contents.isEmpty)
  }
}
