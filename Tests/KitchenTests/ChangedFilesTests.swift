import Averaging
import Checkpoints
import Evaluation
import Foundation
import Ledger
import Recipes
import Testing

@testable import Kitchen

/// Files that change under an open sweep: what is measured and what it is called belong together.
@Suite struct ChangedFilesTests {
  static let lane = Lane("test", urgency: .recipe)

  private static func values(_ logits: Logits) -> [Float] { logits.withUnsafeBuffer { Array($0) } }

  /// As trainers save their best model: written beside, then renamed.
  private func replace(_ name: String, by other: String, in sweep: TableSweep) throws {
    let beside = sweep.made.path(name + ".part")
    try FileManager.default.copyItem(atPath: sweep.made.path(other), toPath: beside)
    _ = rename(beside, sweep.made.path(name))
  }

  @Test func aCheckpointThatIsGoneIsFoundAndLeftOut() async throws {
    let sweep = try TableSweep(seed: 3)
    let kitchen = try sweep.kitchen()
    #expect(kitchen.check.refusals().isEmpty)
    let path = sweep.made.path("ingredients/m1.safetensors")
    let kept = try Data(contentsOf: URL(filePath: path))
    try FileManager.default.removeItem(atPath: path)
    let result = try await kitchen.cook(RecipeSpec(.uniform), lane: Self.lane, tell: { _ in })
    #expect(!result.ingredients.contains("m1") && result.ingredients.count > 1)
    #expect(kitchen.check.refusals()["m1"] != nil)
    // It counts again when it is back.
    try kept.write(to: URL(filePath: path))
    let again = try await kitchen.cook(RecipeSpec(.uniform), lane: Self.lane, tell: { _ in })
    #expect(again.ingredients.contains("m1"))
    #expect(kitchen.check.refusals().isEmpty)
  }

  @Test func aCheckpointSavedAnewIsReadAnew() async throws {
    let sweep = try TableSweep(seed: 3)
    let kitchen = try sweep.kitchen()
    let (old, new) = (Blend.uniform(["m0"]), Blend.uniform(["m1"]))
    let before = try await kitchen.logits(of: old, on: "val", lane: Self.lane).logits
    let other = try await kitchen.logits(of: new, on: "val", lane: Self.lane).logits
    #expect(Self.values(before) != Self.values(other))
    try replace("ingredients/m0.safetensors", by: "ingredients/m1.safetensors", in: sweep)
    #expect(try kitchen.files.address(of: "m0") == kitchen.files.address(of: "m1"))
    #expect(
      try kitchen.files.table(of: "m0").withBytes(ofTensorAt: 0) { Array($0) }
        == kitchen.files.table(of: "m1").withBytes(ofTensorAt: 0) { Array($0) })
    let soup = try await kitchen.logits(of: .uniform(["m0", "m2"]), on: "val", lane: Self.lane)
    let twin = try await sweep.kitchen(ledger: "other")
      .logits(of: .uniform(["m1", "m2"]), on: "val", lane: Self.lane)
    #expect(Self.values(soup.logits) == Self.values(twin.logits))
  }

  @Test func whatIsReplacedWhileItIsAveragedIsNotRecorded() async throws {
    let sweep = try TableSweep(seed: 4)
    let kitchen = try sweep.kitchen()
    let blend = Blend.uniform(["m0", "m2"])
    let address = try kitchen.files.address(of: blend, precision: .source)
    _ = try kitchen.averaged(blend, as: address)
    try replace("ingredients/m0.safetensors", by: "ingredients/m1.safetensors", in: sweep)
    #expect(throws: InputError.self) { try kitchen.averaged(blend, as: address) }
  }

  @Test func labelsAndTheirAddressBelongTogether() async throws {
    let sweep = try TableSweep(seed: 5)
    let longer = try TableSweep(seed: 6, examples: 70)
    let kitchen = try sweep.kitchen()
    let old = try kitchen.split(named: "val")
    let address = try kitchen.address(of: old)
    for file in ["data/val_x.npy", "data/val_y.npy"] {
      let target = sweep.made.path(file)
      try FileManager.default.removeItem(atPath: target)
      try FileManager.default.copyItem(atPath: longer.made.path(file), toPath: target)
    }
    let new = try kitchen.split(named: "val")
    #expect(new.count == 70)
    #expect(try kitchen.address(of: new) != address)
    #expect(throws: InputError.self) { try kitchen.address(of: old) }
    let measured = try await kitchen.measure(.uniform(["m0"]), on: "val", lane: Self.lane)
    #expect(measured.score.n == 70)
  }

  /// The inputs alone: nothing that was read of the split differs, yet the examples do.
  @Test func inputsReplacedDuringAnEvaluationAreNotRecorded() async throws {
    let sweep = try TableSweep(seed: 7)
    let kitchen = try sweep.kitchen()
    let split = try kitchen.split(named: "val")
    let key = try kitchen.key(of: .uniform(["m0"]), on: split)
    try kitchen.checkUnchanged(split, since: key)
    let other = try TableSweep(seed: 8)
    let target = sweep.made.path("data/val_x.npy")
    try FileManager.default.removeItem(atPath: target)
    try FileManager.default.copyItem(atPath: other.made.path("data/val_x.npy"), toPath: target)
    #expect(throws: InputError.self) { try kitchen.checkUnchanged(split, since: key) }
  }
}
