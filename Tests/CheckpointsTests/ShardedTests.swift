import Foundation
import Testing

@testable import Checkpoints

@Suite struct ShardedTests {
  private let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  private func write(_ text: String, _ name: String) throws -> String {
    try scratch.write(Array(text.utf8), as: name)
  }

  private func copy(_ name: String, to target: String) throws {
    try FileManager.default.copyItem(
      atPath: try fixture(name), toPath: scratch.path + "/" + target)
  }

  @Test func foldersComeBackInShards() throws {
    let table = TableInMemory.varied
    let source = scratch.path + "/source"
    try FileManager.default.createDirectory(
      atPath: source, withIntermediateDirectories: true)
    for name in [
      "config.json", "tokenizer.json", "vocab.txt", "model.safetensors.index.json",
      "trainer_state.json", "optimizer.pt", ".hidden.json",
    ] {
      _ = try write(name, "source/" + name)
    }
    let folder = scratch.path + "/soup"
    let writer = try ModelFolderWriter(
      table.tensors, metadata: ["recipe": "uniform"], companionsFrom: source, to: folder,
      shardSize: 100)
    #expect(!FileManager.default.fileExists(atPath: folder))
    try writer.write(allOf: table)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let shards = names.filter { $0.hasSuffix(".safetensors") }
    #expect(shards.count > 2)
    #expect(shards.first == "model-00001-of-0000\(shards.count).safetensors")
    #expect(
      names.filter { !$0.hasSuffix(".safetensors") }
        == ["config.json", "model.safetensors.index.json", "tokenizer.json", "vocab.txt"])
    let checkpoint = try Checkpoint.open(folder)
    #expect(checkpoint.metadata == ["recipe": "uniform", "format": "pt"])
    try expectEqual(checkpoint, table)
    #expect(throws: InputError.self) { try ModelFolderWriter(table.tensors, to: folder) }
  }

  @Test func smallModelsNeedNoIndex() throws {
    let table = TableInMemory.varied
    let folder = scratch.path + "/soup"
    try ModelFolderWriter(table.tensors, to: folder).write(allOf: table)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["model.safetensors"])
    try expectEqual(try Checkpoint.open(folder), table)
  }

  @Test func anUnfinishedFolderIsRemoved() throws {
    do { _ = try ModelFolderWriter(TableInMemory.varied.tensors, to: scratch.path + "/soup") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
  }

  @Test func pytorchShards() throws {
    try copy("torch/small.pt", to: "pytorch_model-00001-of-00002.bin")
    try copy("torch/views.pt", to: "pytorch_model-00002-of-00002.bin")
    _ = try write(
      """
      {"metadata": {"total_size": 1}, "weight_map": {
        "a": "pytorch_model-00001-of-00002.bin", "base": "pytorch_model-00002-of-00002.bin",
        "first": "pytorch_model-00002-of-00002.bin", "second": "pytorch_model-00002-of-00002.bin"}}
      """, "pytorch_model.bin.index.json")
    let sharded = try ShardedCheckpoint(index: scratch.path + "/pytorch_model.bin.index.json")
    #expect(sharded.tensors.map(\.name) == ["a", "base", "first", "second"])
    #expect(sharded.ties == [["first", "second"]])
    #expect(
      sharded.notes.map { $0.contains("left out 9 tensors of pytorch_model-00002") } == [true])
    let index = try #require(sharded.index(of: "first"))
    #expect(try sharded.withBytes(ofTensorAt: index) { $0.numbers(Float.self) } == [1, 2])
  }

  @Test(arguments: [
    (#"{"weight_map": {"a": "../a.safetensors"}}"#, "../a.safetensors"),
    (#"{"weight_map": {"a": "/etc/passwd"}}"#, "/etc/passwd"),
    (#"{"weight_map": {"a": ".."}}"#, "'..'"), (#"{"weight_map": {"a": ""}}"#, "''"),
    (#"{"weight_map": {"a": "gone.safetensors"}}"#, "gone.safetensors, which is missing"),
    (#"{"weight_map": {"b": "small.pt"}}"#, "small.pt, where"),
    (#"{"weight_map": {}}"#, "names no tensors"), (#"{"weight_map": {"a": 1}}"#, "a string"),
    (#"{"map": {}}"#, "no index"), ("[]", "an object"), ("{", "a string"),
    (#"{"weight_map": {"a": "x/../../y.pt"}}"#, "not a file beside"),
    (#"{"weight_map": {"a": "x//y.pt"}}"#, "not a file beside"),
    ("{\"weight_map\": {\"a\": \"../\u{301}y.pt\"}}", "not a file beside"),
    (#"{"weight_map": {"a": "small.pt", "a": "small.pt"}}"#, "given twice"),
    (
      #"{"weight_map": {"\u00e9": "small.pt", "e\u0301": "small.pt"}}"#,
      "another form of Unicode"
    ),
  ])
  func badIndices(text: String, words: String) throws {
    try copy("torch/small.pt", to: "small.pt")
    let path = try write(text, "model.safetensors.index.json")
    let error = #expect(throws: InputError.self) { try ShardedCheckpoint(index: path) }
    #expect(error?.file == path && error?.place != nil)
    #expect(error?.problem.contains(words) == true, "\(error?.problem ?? "")")
  }

  @Test(arguments: [
    ("torch/plain.pt", "PyTorch"), ("torch/legacy.pt", "PyTorch"),
    ("torch/arrays.npz", "NumPy archive"),
  ])
  func formatsAreDetected(file: String, format: String) throws {
    #expect(try Checkpoint.open(fixture(file)).format == format)
  }

  @Test func shardsInFoldersBesideTheIndex() throws {
    try FileManager.default.createDirectory(
      atPath: scratch.path + "/part", withIntermediateDirectories: false)
    try copy("torch/small.pt", to: "part/a.bin")
    _ = try write(
      #"{"weight_map": {"a": "part/a.bin"}}"#, "diffusion_pytorch_model.bin.index.json")
    let checkpoint = try Checkpoint.open(scratch.path)
    #expect(checkpoint.tensors.map(\.name) == ["a"])
    #expect(checkpoint.files.last == scratch.path + "/part/a.bin")
  }

  @Test func shardsWithoutAnIndex() throws {
    for number in 1...2 {
      try copy("reference.safetensors", to: "model-0000\(number)-of-00002.safetensors")
    }
    let error = #expect(throws: InputError.self) { try Checkpoint.open(scratch.path) }
    #expect(error?.problem.contains("model-00001-of-00002.safetensors, model-00002") == true)
    #expect(error?.mend?.contains(".index.json") == true)
  }

  @Test func foldersThatLeadToThemselvesAreNoLoop() throws {
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/model.safetensors", withDestinationPath: scratch.path)
    #expect(throws: InputError.self) { try Checkpoint.open(scratch.path) }
  }
}
