import Foundation
import Testing

@testable import Checkpoints

@Suite struct WritingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bytes(_ path: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
  }

  // MARK: AtomicFile

  @Test func appearsOnlyWhenCommitted() throws {
    let path = "\(folder.path)/soup"
    let file = try AtomicFile(path: path)
    try [1, 2, 3].withUnsafeBytes { try file.write($0, at: 0) }
    #expect(!FileManager.default.fileExists(atPath: path))
    try file.commit()
    #expect(try bytes(path).count == 24)
    #expect(folder.contents == ["soup"])
  }

  @Test func leavesNothingWithoutCommit() throws {
    let path = try folder.write([9], as: "soup")
    do {
      let file = try AtomicFile(path: path, overwrite: true)
      try [1, 2, 3].withUnsafeBytes { try file.write($0, at: 0) }
    }
    #expect(try bytes(path) == [9])
    #expect(folder.contents == ["soup"])
  }

  @Test func overwritesOnlyWhenTold() throws {
    let path = try folder.write([9], as: "soup")
    #expect(throws: InputError.self) { try AtomicFile(path: path) }
    let file = try AtomicFile(path: path, overwrite: true)
    try [UInt8(1)].withUnsafeBytes { try file.write($0, at: 0) }
    try file.commit()
    #expect(try bytes(path) == [1])
    #expect(folder.contents == ["soup"])
  }

  @Test func yieldsToAFileThatAppearedMeanwhile() throws {
    let path = "\(folder.path)/soup"
    let file = try AtomicFile(path: path)
    _ = try folder.write([9], as: "soup")
    #expect(throws: InputError.self) { try file.commit() }
    #expect(try bytes(path) == [9])
  }

  @Test func namesWhatIsWrongWithThePlace() throws {
    let missing = try #require(throws: InputError.self) {
      try AtomicFile(path: "\(folder.path)/none/soup")
    }
    #expect(missing.problem.contains("does not exist"))
    #expect(throws: InputError.self) { try AtomicFile(path: folder.path, overwrite: true) }
  }

  @Test func saysThatTheDiskIsFull() throws {
    let file = try AtomicFile(path: "/dev/shm/stockpot-\(UUID().uuidString)")
    let error = try #require(throws: InputError.self) { try file.checkRoom(for: 1 << 60) }
    #expect(error.problem.contains("free"))
  }

  // MARK: SafetensorsWriter

  @Test func writesWhatItReads() throws {
    let original = try SafetensorsFile(path: fixture("reference.safetensors"))
    let path = "\(folder.path)/copy.safetensors"
    try SafetensorsWriter.write(original, metadata: original.metadata, to: path)
    let copy = try SafetensorsFile(path: path)
    #expect(copy.tensors == original.tensors)
    #expect(copy.metadata == original.metadata)
    for index in copy.tensors.indices {
      let same = try copy.withBytes(ofTensorAt: index) { copied in
        try original.withBytes(ofTensorAt: index) { copied.elementsEqual($0) }
      }
      #expect(same)
    }
    #expect(try bytes(path).count % 8 == 2)
    #expect(throws: InputError.self) { try SafetensorsWriter.write(original, to: path) }
  }

  @Test func alignsEveryTensor() throws {
    let tensors = [
      TensorInfo(name: "flag", dtype: .bool, shape: [3]),
      TensorInfo(name: "a", dtype: .f32, shape: [1]),
      TensorInfo(name: "b", dtype: .f64, shape: []),
      TensorInfo(name: "c", dtype: .f32, shape: [2]),
      TensorInfo(name: "h", dtype: .f16, shape: [1]),
    ]
    let path = "\(folder.path)/aligned.safetensors"
    let writer = try SafetensorsWriter(tensors, to: path)
    #expect(writer.tensors.map(\.name) == ["b", "a", "c", "h", "flag"])
    for (index, tensor) in tensors.enumerated().reversed() {
      let bytes = [UInt8](repeating: UInt8(index), count: tensor.byteCount)
      try bytes.withUnsafeBytes { try writer.write($0, toTensorAt: index) }
    }
    try writer.finish()
    let header = try bytes(path).withUnsafeBytes { try SafetensorsHeader(file: path, bytes: $0) }
    for (tensor, offset) in zip(header.tensors, header.offsets) {
      #expect(offset % tensor.dtype.size == 0)
    }
    let file = try SafetensorsFile(path: path)
    for (index, tensor) in tensors.enumerated() {
      let place = try #require(file.index(of: tensor.name))
      try file.withBytes(ofTensorAt: place) { bytes in
        #expect(bytes.allSatisfy { $0 == UInt8(index) })
      }
    }
  }

  @Test func refusesToFinishWithHoles() throws {
    let path = "\(folder.path)/holes.safetensors"
    let writer = try SafetensorsWriter([TensorInfo(name: "a", dtype: .f32, shape: [4])], to: path)
    try [UInt8](repeating: 0, count: 12).withUnsafeBytes { try writer.write($0, toTensorAt: 0) }
    #expect(throws: InputError.self) { try writer.finish() }
    #expect(folder.contents.isEmpty)
  }

  @Test func refusesNamesTwice() {
    let tensor = TensorInfo(name: "a", dtype: .f32, shape: [])
    #expect(throws: InputError.self) {
      try SafetensorsWriter([tensor, tensor], to: "\(folder.path)/twice")
    }
  }

  @Test func quotesAnyName() throws {
    let name = "a\"\\\n\u{1}é🍲"
    let path = "\(folder.path)/names.safetensors"
    let writer = try SafetensorsWriter(
      [TensorInfo(name: name, dtype: .u8, shape: [0])], metadata: [name: name], to: path)
    try writer.finish()
    let file = try SafetensorsFile(path: path)
    #expect(file.tensors.map(\.name) == [name])
    #expect(file.metadata == [name: name])
  }
}
