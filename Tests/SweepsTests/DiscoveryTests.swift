import Checkpoints
import Evaluation
import Foundation
import OrderedCollections
import Testing

@testable import Sweeps

@Suite struct DiscoveryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func names() throws -> [String] { try Sweep.open(folder.path).ingredients.map(\.name) }

  /// Files of the form that the model soups paper's repository publishes.
  @Test func thePapersOwnResults() throws {
    func row(_ name: String, _ first: Double) -> String {
      "{\"model_name\": \"\(name)\", \"ImageNet2p\": \(first), \"ImageNet\": 0.5, "
        + "\"ImageNetV2\": 0.25, \"ImageNetSketch\": 0.125, \"ImageNetR\": 0.5, "
        + "\"ObjectNet\": 0.5, \"ImageNetA\": 0.25}\n"
    }
    try folder.write(
      "individual_model_results.jsonl",
      row("model_0", 0.5) + row("model_1", 0.75) + row("model_10", 0.625))
    try folder.write(
      "hparam_info.json",
      """
      {"model_0": {"info": "LP initialization"}, "model_1": {"aug": null, "lr": 1e-05, "mix": 0},
       "model_10": {"aug": "rand-m1-n0", "lr": 3e-05, "mix": 0.5}}
      """)
    for kind in ["uniform_soup", "greedy_soup", "ensemble"] {
      try folder.write("\(kind)_results.jsonl", row(kind, 0.875))
    }
    try folder.write("greedy_log.json", "{\"steps\": [{\"step\": 1}]}")
    let sweep = try Sweep.open(folder.path)
    #expect(sweep.ingredients.map(\.name) == ["model_0", "model_1", "model_10"])
    #expect(sweep.ingredients.allSatisfy { $0.file == nil })
    #expect(
      sweep.splits.map(\.name) == [
        "ImageNet2p", "ImageNet", "ImageNetV2", "ImageNetSketch", "ImageNetR", "ObjectNet",
        "ImageNetA",
      ])
    #expect(sweep.splits.map(\.role) == [.val, .test, .shift, .shift, .shift, .shift, .shift])
    #expect(sweep.splits.allSatisfy { !$0.hasData })
    #expect(
      sweep.ingredients[1].hyperparameters == [
        "aug": .null, "lr": .number(1e-05), "mix": .number(0),
      ])
    #expect(
      sweep.ingredients[1].metrics["ImageNet2p"]
        == KnownMetric(accuracy: 0.75, correct: 19_500, n: 26_000))
    // 50,889 / 8 is no whole number: no count is invented.
    #expect(sweep.ingredients[1].metrics["ImageNetSketch"] == KnownMetric(accuracy: 0.125))
    #expect(sweep.initialisation?.name == "model_0")
    #expect(sweep.references.map(\.name) == ["ensemble", "greedy_soup", "uniform_soup"])
    #expect(sweep.references[0].metrics["ImageNet2p"]?.correct == 22_750)
    #expect(sweep.notes.map(\.message).contains { $0.contains("without checkpoints") })
    let chosen = try Sweep.open(folder.path + "/individual_model_results.jsonl")
    #expect(chosen.ingredients == sweep.ingredients)
  }

  @Test func checkpointsLieInOneOfSeveralPlaces() throws {
    try folder.touch("b.pt", "a10.ckpt", "a9.bin", "notes.txt", "optimizer.pt", "pretrained.pth")
    #expect(try names() == ["a9", "a10", "b"])
    #expect(try Sweep.open(folder.path).initialisation?.name == "pretrained")
    try folder.touch("checkpoints/x.safetensors", "checkpoints/init.safetensors")
    #expect(try names() == ["x"])
    try folder.touch("ingredients/y.safetensors")
    #expect(try names() == ["y"])
  }

  @Test func foldersInHuggingFaceLayout() throws {
    try folder.touch(
      "lr0.1/config.json", "lr0.1/model.safetensors", "lr0.01/pytorch_model.bin",
      "sharded/model-00001-of-00002.safetensors", "sharded/model-00002-of-00002.safetensors",
      "sharded/model.safetensors.index.json", "sharded/optimizer.pt", "logs/x.txt",
      "one/epoch_3.ckpt", "two/a.ckpt", "two/b.ckpt")
    let sweep = try Sweep.open(folder.path)
    #expect(
      sweep.ingredients.compactMap(\.file).map { $0.dropFirst(folder.path.count + 1) } == [
        "lr0.01/pytorch_model.bin", "lr0.1/model.safetensors", "one/epoch_3.ckpt",
        "sharded/model.safetensors.index.json",
      ])
    #expect(sweep.ingredients.map(\.name) == ["lr0.01", "lr0.1", "one", "sharded"])
  }

  @Test func oneNameTwice() throws {
    try folder.touch("a.safetensors", "a.pt", "b.pt")
    let sweep = try Sweep.open(folder.path)
    #expect(sweep.ingredients.map(\.name) == ["a", "b"])
    #expect(sweep.ingredients[0].file == folder.path + "/a.safetensors")
    #expect(sweep.notes.first?.file == folder.path + "/a.pt")
    try folder.touch("x/1.pt", "y/1.pt", "y/2.pt")
    try folder.write("stockpot.toml", "[sweep]\ningredients = [\"x/*\", \"y/*\"]")
    #expect(try names() == ["2", "x/1", "y/1"])
  }

  @Test func resultsAndCheckpointsThatDoNotMeet() throws {
    try folder.touch(
      "ingredients/a.pt", "ingredients/b.pt", "ingredients/c10.pt", "ingredients/c9.pt")
    try folder.write(
      "results.jsonl",
      """
      {"name": "gone", "val": 0.25}
      {"name": "b", "val": 0.5}
      {"name": "renamed", "path": "/elsewhere/runs/a.pt", "val": 0.75}
      {"name": "b", "val": 0.625}
      """)
    let sweep = try Sweep.open(folder.path)
    #expect(sweep.ingredients.map(\.name) == ["gone", "b", "renamed", "c9", "c10"])
    #expect(sweep.ingredients[0].file == nil)
    #expect(sweep.ingredients[1].metrics["val"]?.accuracy == 0.625)
    #expect(sweep.ingredients[2].file == folder.path + "/ingredients/a.pt")
    #expect(sweep.ingredients[3].metrics.isEmpty)
    let messages = sweep.notes.map(\.message)
    #expect(messages.contains("more than one row for b: the last one counts"))
    #expect(messages.contains("no checkpoint for gone"))
    #expect(messages.contains("no row for the checkpoints c9, c10"))
    try folder.write("stockpot.toml", "[sweep]\ningredients = \"ingredients/*\"")
    #expect(try names() == ["b", "renamed", "c9", "c10"])
  }

  @Test func brokenResultsAreNotedAndNotTrusted() throws {
    try folder.touch("ingredients/a.pt")
    try folder.write("results.json", "{\"a\": ")
    let sweep = try Sweep.open(folder.path)
    #expect(sweep.ingredients.map(\.name) == ["a"])
    #expect(sweep.notes.contains { $0.severity == .warning && $0.place == "line 1, column 7" })
    try folder.write("stockpot.toml", "[sweep]\nresults = \"results.json\"")
    #expect(try failure { _ = try Sweep.open(folder.path) }.file == folder.path + "/results.json")
  }

  @Test func splitsAreFoundByTheirFiles() throws {
    try folder.touch(
      "a.pt", "data/valid_x.npy", "data/valid_y.npy", "data/shift_b_x.npy", "data/shift_b_y.npy",
      "data/named_x.npy", "data/named_y.npy", "data/other_x.npy", "data/other_y.npy",
      "data/alone_x.npy", "net.onnx")
    try folder.write("results.csv", "name,named_acc,elsewhere_acc\na,0.5,0.25\n")
    let sweep = try Sweep.open(folder.path)
    #expect(sweep.splits.map(\.name) == ["valid", "named", "shift_b", "elsewhere"])
    #expect(sweep.splits.map(\.role) == [.val, .shift, .shift, .shift])
    #expect(sweep.splits.map(\.hasData) == [true, true, true, false])
    #expect(sweep.evaluator?.file == folder.path + "/net.onnx")
    #expect(sweep.notes.contains { $0.file.hasSuffix("alone_x.npy") && $0.severity == .warning })
    #expect(sweep.notes.contains { $0.message == "not used as splits: other" })
    try folder.touch("net2.onnx")
    #expect(try Sweep.open(folder.path).evaluator == nil)
  }

  @Test func nothingToOpen() throws {
    let missing = try failure { _ = try Sweep.open(folder.path + "/none") }
    #expect(missing.file == folder.path + "/none")
    let empty = try failure { _ = try Sweep.open(folder.path) }
    #expect(empty.mend?.contains("ingredients/") == true)
    let file = try folder.write("picture.png")
    #expect(try failure { _ = try Sweep.open(file) }.problem == "not a sweep")
  }

  @Test func aThousandCheckpoints() throws {
    var rows = ""
    for number in 0..<1000 {
      try folder.write("ingredients/run_\(number).safetensors")
      rows += "{\"name\": \"run_\(999 - number)\", \"lr\": \(number), \"val_acc\": 0.5}\n"
    }
    try folder.write("results.jsonl", rows)
    let sweep = try Sweep.open(folder.path)
    #expect(sweep.ingredients.count == 1000)
    #expect(sweep.ingredients.first?.name == "run_999")
    #expect(sweep.ingredients.allSatisfy { $0.file?.hasSuffix("/\($0.name).safetensors") == true })
  }
}
