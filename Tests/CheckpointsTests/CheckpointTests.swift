import Foundation
import Testing

@testable import Checkpoints

@Suite struct CheckpointTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func error(opening path: String) throws -> InputError {
    try #require(throws: InputError.self) { try Checkpoint.open(path) }
  }

  @Test func opensByContentWhateverTheName() throws {
    let bytes = try [UInt8](
      Data(contentsOf: URL(fileURLWithPath: fixture("reference.safetensors"))))
    let path = try folder.write(bytes, as: "model.weights")
    let checkpoint = try Checkpoint.open(path)
    #expect(checkpoint.format == "safetensors")
    #expect(checkpoint.path == path)
    #expect(checkpoint.tensors.count == 3)
    #expect(checkpoint.metadata.count == 1)
    #expect(checkpoint.ties.isEmpty)
  }

  @Test func aNameThatIsWrong() throws {
    let bytes = try MappedFile(path: fixture("torch/plain.pt")).withBytes { Array($0) }
    let path = try folder.write(bytes, as: "model.safetensors")
    #expect(try Checkpoint.open(path).format == "PyTorch")
  }

  @Test func saysWhatIsInTheWay() throws {
    #expect(try error(opening: "\(folder.path)/none").problem.contains("no such file"))
    #expect(try error(opening: folder.path).problem.contains("folder"))
    let empty = try folder.write([], as: "empty.safetensors")
    #expect(try error(opening: empty).problem == "is empty")
    let text = try folder.write(Array("hello, world, hello".utf8), as: "notes.txt")
    #expect(try error(opening: text).problem.contains("known format"))
    let pointer = try folder.write(
      Array("version https://git-lfs.github.com/spec/v1\noid sha256:0".utf8), as: "model.bin")
    #expect(try error(opening: pointer).problem.contains("LFS"))
    let named = try folder.write(
      Array("version https://git-lfs.github.com/spec/v1\noid sha256:0".utf8),
      as: "model.safetensors")
    #expect(try error(opening: named).problem.contains("LFS"))
    let nothing = try folder.write([], as: "empty.pt")
    #expect(try error(opening: nothing).problem == "is empty")
    try #require(mkfifo("\(folder.path)/pipe.pt", 0o600) == 0)
    #expect(try error(opening: "\(folder.path)/pipe.pt").problem == "is not a regular file")
    #expect(throws: InputError.self) { try MappedFile(path: "/dev/null") }
    #expect(throws: InputError.self) { try MappedFile(path: folder.path) }
  }

  @Test func noticesAFileWrittenToInPlace() throws {
    let path = try folder.write(
      safetensors(#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, data: 4))
    let checkpoint = try Checkpoint.open(path)
    let sum = try checkpoint.withBytes(ofTensorAt: 0) { $0.reduce(0) { $0 + Int($1) } }
    #expect(sum == 28)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    handle.write(Data([1]))
    try handle.close()
    let error = try #require(throws: InputError.self) {
      try checkpoint.withBytes(ofTensorAt: 0) { _ in }
    }
    #expect(error.file == path)
    #expect(error.problem.contains("written to"))
  }

  @Test func keepsTheBytesOfAFileThatWasReplaced() throws {
    let header = #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#
    let path = try folder.write(safetensors(header, data: 4))
    let checkpoint = try Checkpoint.open(path)
    try FileManager.default.removeItem(atPath: path)
    _ = try folder.write([0])
    let bytes = try checkpoint.withBytes(ofTensorAt: 0) { Array($0) }
    #expect(bytes == [7, 7, 7, 7])
  }
}
