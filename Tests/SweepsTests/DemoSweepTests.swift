import Checkpoints
import Evaluation
import Foundation
import OrderedCollections
import Testing

@testable import Sweeps

@Suite struct DemoSweepTests {
  private struct Expected: Decodable {
    struct Metric: Decodable {
      let correct: Int
      let n: Int
      let nll: Double
      let minMargin: Double

      enum CodingKeys: String, CodingKey {
        case correct, n, nll
        case minMargin = "min_margin"
      }
    }
    let individual: [String: [String: Metric]]
  }

  private static let source =
    parentFolder(of: parentFolder(of: parentFolder(of: #filePath)))
    + "/Sources/CDemoSweep/digits-vit"

  @Test func everyFileOfTheFolderIsEmbedded() throws {
    let folder = DemoSweepTests.source
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { !isFolder("\(folder)/\($0)") }
    #expect(DemoSweep.files.map(\.path).sorted() == names.sorted())
    for file in DemoSweep.files {
      let there = try readBytes(of: "\(folder)/\(file.path)")
      #expect(Data(file.bytes) == Data(there), "\(file.path)")
    }
    #expect(DemoSweep.files.reduce(0) { $0 + $1.bytes.count } < 12_000_000)
  }

  @Test func writingRepairsAndKeeps() throws {
    let folder = try TemporaryFolder()
    let demo = folder.path + "/deep/digits-vit"
    try DemoSweep.write(to: demo)
    try folder.write("deep/digits-vit/.stockpot/ledger.sqlite", "mine")
    try folder.write("deep/digits-vit/results.jsonl", "broken")
    try FileManager.default.removeItem(atPath: demo + "/model.onnx")
    try DemoSweep.write(to: demo)
    for file in DemoSweep.files {
      #expect(Data(try readBytes(of: "\(demo)/\(file.path)")) == Data(file.bytes), "\(file.path)")
    }
    #expect(try readBytes(of: demo + "/.stockpot/ledger.sqlite") == Array("mine".utf8))
    let taken = try folder.write("taken")
    let error = try failure { try DemoSweep.write(to: taken) }
    #expect(error.file.hasPrefix(taken))
  }

  @Test func itOpensWithItsManifest() throws {
    let sweep = try Sweep.open(DemoSweepTests.source)
    #expect(sweep.name == "digits-vit")
    #expect(sweep.manifest == DemoSweepTests.source + "/stockpot.toml")
    #expect(sweep.notes == [])
    #expect(
      sweep.ingredients.map(\.name) == (0..<24).map { "ft_" + ($0 < 10 ? "0" : "") + "\($0)" })
    #expect(sweep.initialisation?.name == "theta0")
    #expect(sweep.initialisation?.file == DemoSweepTests.source + "/theta0.safetensors")
    #expect(
      sweep.evaluator
        == EvaluatorSpec(kind: .onnx, file: DemoSweepTests.source + "/model.onnx"))
    #expect(sweep.splits.map(\.name) == ["val", "test", "rotation", "noise", "contrast_occlusion"])
    #expect(sweep.splits.map(\.role) == [.val, .test, .shift, .shift, .shift])
    #expect(sweep.splits.allSatisfy { $0.hasData })
    #expect(sweep.splits[2].labels == DemoSweepTests.source + "/data/shift_rotation_y.npy")
    #expect(
      sweep.ingredients[0].hyperparameters.keys
        == [
          "lr", "weight_decay", "epochs", "augmentation", "label_smoothing", "mixup", "seed",
        ])
    #expect(sweep.ingredients[0].hyperparameters["epochs"] == .number(16))
  }

  /// The results that ship are those of the independent reference, measured on the same files.
  @Test func itsResultsAreTheReference() throws {
    let url = try #require(
      Bundle.module.url(
        forResource: "digits-vit-expected", withExtension: "json", subdirectory: "Fixtures"))
    let expected = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: url))
    let sweep = try Sweep.open(DemoSweepTests.source)
    let all = sweep.ingredients + [try #require(sweep.initialisation)]
    #expect(all.count == expected.individual.count)
    for ingredient in all {
      let splits = try #require(expected.individual[ingredient.name])
      #expect(Set(splits.keys) == Set(sweep.splits.map(\.name)))
      for (split, metric) in splits {
        let known = try #require(ingredient.metrics[split])
        #expect(known.correct == metric.correct)
        #expect(known.n == metric.n)
        #expect(abs((known.nll ?? .nan) - metric.nll) < 1e-8)
        #expect(metric.minMargin > 2e-5)
      }
    }
  }

  /// Without the manifest the same sweep is found, and other formats of it are not mixed in.
  @Test func itOpensWithoutItsManifest() throws {
    let folder = try TemporaryFolder()
    let demo = folder.path + "/digits-vit"
    for file in DemoSweep.files where file.path != "stockpot.toml" {
      let isTable = file.path == "results.jsonl"
      try folder.write(
        "digits-vit/" + file.path, isTable ? String(decoding: file.bytes, as: UTF8.self) : "")
    }
    try folder.touch(
      "digits-vit/pt/ft_00.pt", "digits-vit/onnx/model.a.onnx", "digits-vit/data/train_x.npy",
      "digits-vit/data/train_y.npy", "digits-vit/data/pool_a_x.npy", "digits-vit/data/pool_a_y.npy")
    let plain = try Sweep.open(demo)
    let named = try Sweep.open(DemoSweepTests.source)
    #expect(plain.manifest == nil)
    #expect(plain.name == "digits-vit")
    #expect(plain.ingredients.map(\.name) == named.ingredients.map(\.name))
    #expect(plain.ingredients.map(\.hyperparameters) == named.ingredients.map(\.hyperparameters))
    #expect(plain.ingredients.first?.file == demo + "/ingredients/ft_00.safetensors")
    #expect(plain.initialisation?.name == "theta0")
    #expect(plain.evaluator?.file == demo + "/model.onnx")
    #expect(
      plain.splits.map(\.name)
        == ["val", "test", "shift_rotation", "shift_noise", "shift_contrast_occlusion"])
    #expect(plain.splits.allSatisfy { $0.hasData })
    for (a, b) in zip(plain.ingredients, named.ingredients) {
      for (split, other) in zip(plain.splits, named.splits) {
        #expect(a.metrics[split.name] == b.metrics[other.name])
        #expect(a.metrics[split.name] != nil)
      }
    }
    #expect(plain.split(named: "rotation")?.name == "shift_rotation")
    #expect(plain.split(named: "validation")?.name == "val")
    #expect(plain.notes.map(\.severity) == [.info])
    #expect(plain.notes.first?.message.contains("pool_a, train") == true)
  }
}
