import Foundation
import Testing

@testable import Checkpoints

/// Tensors held in memory, for tests.
struct TableInMemory: TensorTable {
  var tensors: [TensorInfo] = []
  var contents: [[UInt8]] = []

  /// One tensor of each type with bytes that count up, and some of unusual shape.
  static var varied: TableInMemory {
    var table = TableInMemory()
    for dtype in DType.allCases {
      table.add("t.\(dtype.rawValue)", dtype, [2, 3])
    }
    table.add("scalar", .f32, [])
    table.add("empty", .f32, [0, 3])
    table.add("name with \"quotes\" and \u{E9}", .f16, [1, 300, 1])
    table.add("tied", .f32, [])
    table.contents[table.contents.count - 1] = table.contents[table.contents.count - 4]
    return table
  }

  mutating func add(_ name: String, _ dtype: DType, _ shape: [Int]) {
    let info = TensorInfo(name: name, dtype: dtype, shape: shape)
    let limit = dtype == .bool ? 2 : 120
    tensors.append(info)
    contents.append((0..<info.byteCount).map { UInt8(($0 + tensors.count) % limit) })
  }

  func index(of name: String) -> Int? { tensors.firstIndex { $0.name == name } }

  func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try contents[index].withUnsafeBytes(body)
  }
}

/// Fails unless both tables hold the same tensors, in any order.
func expectEqual(_ table: any TensorTable, _ expected: any TensorTable) throws {
  #expect(Set(table.tensors) == Set(expected.tensors))
  for (index, info) in expected.tensors.enumerated() {
    let place = try #require(table.index(of: info.name))
    let bytes = try table.withBytes(ofTensorAt: place) { Array($0) }
    #expect(try expected.withBytes(ofTensorAt: index) { Array($0) } == bytes, "\(info.name)")
  }
}

@Suite struct PyTorchWriterTests {
  @Test func everythingComesBack() throws {
    let table = TableInMemory.varied
    let scratch = try Scratch()
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
    let scratch = try Scratch()
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
    let scratch = try Scratch()
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
    let scratch = try Scratch()
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
