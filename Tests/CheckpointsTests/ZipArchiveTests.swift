import Foundation
import Testing

@testable import Checkpoints

@Suite struct ZipArchiveTests {
  private let folder: TemporaryFolder
  private let bytes: [UInt8]
  /// Where the entries of the directory begin.
  private let directory: [Int]

  init() throws {
    folder = try TemporaryFolder()
    let bytes = try MappedFile(path: fixture("torch/views.pt")).withBytes { Array($0) }
    self.bytes = bytes
    directory = bytes.indices.filter { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) }
  }

  private func error(_ change: (inout [UInt8]) -> Void) throws -> InputError {
    var copy = bytes
    change(&copy)
    let path = try folder.write(copy, as: "a.pt")
    return try #require(throws: InputError.self) { try Checkpoint.open(path) }
  }

  @Test func overlappingEntries() throws {
    let error = try error { bytes in
      bytes.replaceSubrange(directory[1] + 42..<directory[1] + 46, with: [1, 0, 0, 0])
    }
    #expect(error.problem.contains("overlaps"))
    #expect(error.place?.hasPrefix("entry ") == true)
  }

  @Test func twoEntriesOfOneName() throws {
    // `views/data/0` and `views/data/1` differ in their last byte only.
    let names = directory.map { $0 + 46..<$0 + 46 + Int(bytes[$0 + 28]) }
    let last = try #require(names.first { bytes[$0].elementsEqual("views/data/1".utf8) }?.last)
    let error = try error { $0[last] = UInt8(ascii: "0") }
    #expect(error.problem.contains("given twice"))
  }

  @Test func encryptedEntries() throws {
    let error = try error { $0[directory[0] + 8] |= 1 }
    #expect(error.problem.contains("encrypted"))
  }

  @Test func unknownCompression() throws {
    let error = try error { bytes in
      for start in directory { bytes[start + 10] = 12 }
    }
    #expect(error.problem.contains("bzip2 (method 12)"))
    #expect(error.mend?.contains("torch.save") == true)
  }

  @Test func aNameThatDiffersFromTheDirectory() throws {
    let error = try error { $0[30] ^= 0x20 }
    #expect(error.problem.contains("another name"))
  }

  @Test func cutShort() throws {
    let error = try error { $0.removeLast(40) }
    #expect(error.problem.contains("lacks the directory"))
    #expect(error.mend != nil)
  }

  @Test func aSizeThatNoStreamCanHold() throws {
    let claim = TorchBytes.ZipEntry(
      name: "archive/data/0", method: ZipArchive.deflated, bytes: [3, 0], size: 1 << 31)
    let path = try folder.write(TorchBytes.zip([claim]), as: "bomb.pt")
    let error = try #require(throws: InputError.self) { try Checkpoint.open(path) }
    #expect(error.problem.contains("more than 2 compressed bytes can hold"))
  }
}
