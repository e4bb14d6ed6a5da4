import Foundation
import Testing

@testable import Checkpoints

@Suite struct PyTorchWriterTests {
  @Test func everythingComesBack() throws {
    let table = TableInMemory.varied
    let scratch = try TemporaryFolder()
    let file = scratch.path + "/soup.pt"
    let writer = try PyTorchWriter(
      table.tensors, ties: [["scalar", "tied"]], metadata: ["recipe": "greedy"], to: file)
    try writer.write(allOf: table)
    let archive = try PyTorchArchive(path: file)
    #expect(archive.tensors == table.tensors)
    #expect(archive.ties == [["scalar", "tied"]])
    #expect(archive.metadata == ["recipe": "greedy"])
    try expectEqual(archive, table)
    let zip = try ZipArchive(MappedFile(path: file))
    try zip.verify()
    for entry in zip.entries {
      #expect(try zip.range(of: entry).lowerBound.isMultiple(of: 64), "\(entry.name)")
    }
  }

  @Test func piecesMayComeInAnyOrder() throws {
    let table = TableInMemory.varied
    let scratch = try TemporaryFolder()
    let writer = try PyTorchWriter(table.tensors, to: scratch.path + "/a.pt")
    for index in table.tensors.indices.reversed() {
      try table.withBytes(ofTensorAt: index) { bytes in
        for offset in bytes.indices.reversed() {
          try writer.write(
            UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + 1]), toTensorAt: index,
            offset: offset)
        }
      }
    }
    try writer.finish()
    try ZipArchive(MappedFile(path: scratch.path + "/a.pt")).verify()
    try expectEqual(try PyTorchArchive(path: scratch.path + "/a.pt"), table)
  }

  @Test func missingBytesLeaveNoFile() throws {
    let table = TableInMemory.varied
    let scratch = try TemporaryFolder()
    let path = scratch.path + "/a.pt"
    do {
      let writer = try PyTorchWriter(table.tensors, to: path)
      try table.withBytes(ofTensorAt: 0) { try writer.write($0, toTensorAt: 0) }
      let error = #expect(throws: InputError.self) { try writer.finish() }
      #expect(error?.place == "tensor \(table.tensors[1].name)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
  }

  @Test func wideArchivesUseZip64() throws {
    let layout = ZipLayout([
      ("small", .bytes([1, 2, 3])), ("huge", .later(count: 5 << 30)), ("after", .bytes([4])),
    ])
    let scratch = try TemporaryFolder()
    let path = scratch.path + "/sparse.zip"
    let file = try AtomicFile(path: path)
    try layout.write(to: file, checksums: [:])
    try file.commit()
    let archive = try ZipArchive(MappedFile(path: path))
    #expect(archive.entries.map(\.size) == [3, 5 << 30, 1])
    let after = try #require(archive["after"])
    #expect(after.headerOffset > 5 << 30)
    #expect(try archive.contents(of: after) == [4])
    let huge = try #require(archive["huge"])
    #expect(try archive.range(of: huge).count == 5 << 30)
  }
}
