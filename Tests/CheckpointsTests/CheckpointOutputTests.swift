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
