import Foundation
import Testing

@testable import Checkpoints

@Suite struct CheckpointOutputTests {
  @Test(arguments: [
    ("a.safetensors", CheckpointOutput.Format.safetensors), ("x.y/a.PT", .pytorch),
    ("a.pth", .pytorch), ("a.bin", .pytorch), ("a.ckpt", .pytorch), ("soup", .folder),
    ("a.b/soup", .folder), ("soup.v2/", .folder),
  ])
  func formatsByName(path: String, format: CheckpointOutput.Format) throws {
    #expect(try CheckpointOutput(path: path).format == format)
  }

  @Test(arguments: ["a.onnx", "soup.v2", "a."])
  func unclearNames(path: String) throws {
    #expect(throws: InputError.self) { try CheckpointOutput(path: path) }
    #expect(try CheckpointOutput(path: path, format: .pytorch).format == .pytorch)
  }

  @Test func aLinkToAnEmptyFolderIsFilled() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/there", withIntermediateDirectories: false)
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "there")
    let table = TableInMemory.varied
    try CheckpointOutput(path: link).writer(for: table.tensors).write(allOf: table)
    try expectEqual(try Checkpoint.open(folder.path + "/there"), table)
    #expect(folder.contents.sorted() == ["link", "there"])
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/lost", withDestinationPath: "nowhere")
    #expect(throws: InputError.self) {
      try CheckpointOutput(path: folder.path + "/lost").writer(for: table.tensors)
    }
  }

  @Test func shardsThatHaveNoRoomTogetherAreNotBegun() throws {
    let folder = try TemporaryFolder()
    var output = try CheckpointOutput(path: folder.path + "/soup")
    output.shardSize = 1 << 30
    let tensors = (0..<1 << 12).map {
      TensorInfo(name: "t\($0)", dtype: .f64, shape: [1 << 40])
    }
    let error = #expect(throws: InputError.self) { try output.writer(for: tensors) }
    #expect(error?.file == folder.path + "/soup" && error?.problem.contains("are free") == true)
    #expect(folder.contents.isEmpty)
  }

  @Test(arguments: ["soup.safetensors", "soup.pt", "soup"])
  func everyFormatComesBack(name: String) throws {
    let folder = try TemporaryFolder()
    let table = TableInMemory.varied
    let path = folder.path + "/" + name
    let output = try CheckpointOutput(path: path)
    try output.writer(for: table.tensors, metadata: ["recipe": "greedy"]).write(allOf: table)
    let checkpoint = try Checkpoint.open(path)
    #expect(checkpoint.metadata["recipe"] == "greedy")
    try expectEqual(checkpoint, table)
    #expect(throws: InputError.self) { try output.writer(for: table.tensors) }
  }
}
