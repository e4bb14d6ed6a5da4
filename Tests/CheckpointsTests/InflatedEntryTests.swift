import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Checkpoints

@Suite struct InflatedEntryTests {
  /// What is mapped at an address, from `/proc/self/maps`.
  private func mapping(at address: UnsafeRawPointer?) throws -> Substring {
    let place = UInt(bitPattern: address)
    let file = try #require(FileHandle(forReadingAtPath: "/proc/self/maps"))
    let maps = try #require(try file.readToEnd())
    let line = String(decoding: maps, as: UTF8.self).split(separator: "\n").first { line in
      let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
      return ends.count == 2 && ends[0] <= place && place < ends[1]
    }
    return try #require(line)
  }

  private func hand(_ bytes: [UInt8], _ take: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    try bytes.withUnsafeBytes { whole in
      for start in stride(from: 0, to: whole.count, by: 1000) {
        try take(UnsafeRawBufferPointer(rebasing: whole[start...].prefix(1000)))
      }
    }
  }

  @Test func manyBytesAreInAFileWithoutAName() throws {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let entry = try InflatedEntry(size: bytes.count) { take in try hand(bytes, take) }
    try entry.withBytes { lent in
      #expect(lent.elementsEqual(bytes))
      let mapping = try mapping(at: lent.baseAddress)
      #expect(mapping.hasSuffix("(deleted)"))
    }
  }

  @Test func fewBytesAreInMemory() throws {
    let bytes = [UInt8](repeating: 5, count: InflatedEntry.mostInMemory)
    let entry = try InflatedEntry(size: bytes.count) { take in try hand(bytes, take) }
    try entry.withBytes { lent in
      #expect(lent.elementsEqual(bytes))
      let mapping = try mapping(at: lent.baseAddress)
      #expect(!mapping.hasSuffix("(deleted)"))
    }
  }

  @Test func aCompressedTensorIsLentFromTheFile() throws {
    let archive = try NumpyArchive(path: fixture("torch/compressed.npz"))
    try archive.withElements(ofTensorAt: 1) { elements in
      let run = elements.run(0..<5000, room: .init(start: nil, count: 0))
      let mapping = try mapping(at: run.baseAddress)
      #expect(mapping.hasSuffix("(deleted)"))
      // Whoever else reads it meanwhile reads the same bytes.
      try archive.withBytes(ofTensorAt: 1) { #expect($0.baseAddress == run.baseAddress) }
    }
  }

  @Test func threadsThatReadAtOnceInflateOnce() throws {
    let shared = SharedEntry()
    let made = Atomic(0)
    let entries = Mutex<[InflatedEntry]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      let entry = try? shared.entry {
        made.add(1, ordering: .relaxed)
        return try InflatedEntry(size: 3) { take in try hand([1, 2, 3], take) }
      }
      entries.withLock { entries in entry.map { entries.append($0) } }
    }
    #expect(made.load(ordering: .relaxed) == 1)
    #expect(entries.withLock { $0.count } == 8)
    entries.withLock { $0 = [] }
    _ = try shared.entry {
      made.add(1, ordering: .relaxed)
      return try InflatedEntry(size: 0) { _ in }
    }
    #expect(made.load(ordering: .relaxed) == 2, "forgotten when nobody reads it any more")
  }

  @Test func aFolderThatCannotBeWrittenToIsNamed() throws {
    let folder = try TemporaryFolder()
    let error = try #require(throws: InputError.self) {
      _ = try TemporaryFile(in: ["\(folder.path)/none"])
    }
    #expect(error.file == "\(folder.path)/none")
    #expect(error.mend?.contains("TMPDIR") == true)
    var file = try TemporaryFile(in: ["\(folder.path)/none", folder.path])
    try [1, 2, 3].withUnsafeBytes { try file.append($0) }
    #expect(folder.contents.isEmpty)
  }
}
