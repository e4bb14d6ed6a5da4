import Averaging
import Checkpoints
import Foundation
import Ledger
import Sweeps
import Testing

@testable import Kitchen

/// Ingredients are opened under the names that they, or the model, agree on.
@Suite struct IngredientFilesTests {
  @Test func prefixesOfWrappersAreStripped() throws {
    let made = try MadeSweep()
    try made.write(MadeSweep.weights(), to: "theta0.safetensors")
    try made.write(MadeSweep.weights(moved: 0.1), to: "ingredients/a.safetensors")
    try made.write(MadeSweep.weights(moved: 0.2, prefix: "module."), to: "ingredients/b.pt")
    try made.write(
      MadeSweep.weights(moved: 0.3, prefix: "module._orig_mod."), to: "ingredients/c.pt")
    try made.write(MadeSweep.weights(moved: 0.4, prefix: "model."), to: "ingredients/d.ckpt")
    let files = try made.kitchen().files
    let usual = try files.table(of: "theta0").tensors
    for name in ["a", "b", "c", "d"] {
      #expect(try files.table(of: name).tensors == usual, "\(name)")
    }
    let soup = try Averager.average(files.terms(of: .uniform(["a", "b", "c", "d"]))).weights
    #expect(soup.tensors == usual)
  }

  /// The exported model is asked first: it is what weights are filled into.
  @Test func theModelsNamesDecide() throws {
    let folder = try TemporaryFolder()
    try DemoSweep.write(to: folder.path)
    let original = try Checkpoint.open(folder.path + "/ingredients/ft_00.safetensors")
    let wrapped = original.tensors.map {
      TensorInfo(name: "module." + $0.name, dtype: $0.dtype, shape: $0.shape)
    }
    let path = folder.path + "/ingredients/wrapped.safetensors"
    let writer = try CheckpointOutput(path: path).writer(for: wrapped)
    for index in wrapped.indices {
      try original.withBytes(ofTensorAt: index) {
        try writer.write($0, toTensorAt: index, offset: 0)
      }
    }
    try writer.finish()
    let kitchen = try Kitchen(
      sweep: try Sweep.open(folder.path), ledgerDirectory: folder.path + "/.stockpot")
    #expect(try kitchen.files.table(of: "wrapped").tensors == original.tensors)
  }

  @Test func averagedWeightsAreChosenByTheManifest() throws {
    let made = try MadeSweep()
    try FileManager.default.copyItem(
      atPath: formatFixture("ema.pt"), toPath: made.path("ingredients/run.pt"))
    func first(_ kitchen: Kitchen) throws -> Float {
      let table = try kitchen.files.table(of: "run")
      return try table.withBytes(ofTensorAt: 0) { $0.loadUnaligned(as: Float.self) }
    }
    let raw = try made.kitchen()
    try made.write("[sweep]\nweights = \"ema\"\n", to: "stockpot.toml")
    let averaged = try made.kitchen()
    try made.write("[sweep]\nentry = \"state_dict_ema\"\n", to: "stockpot.toml")
    let named = try made.kitchen()
    // The fixture's averaged weights are the others plus one.
    #expect(try first(averaged) == first(raw) + 1)
    #expect(try first(named) == first(averaged))
    #expect(try averaged.files.address(of: "run") != raw.files.address(of: "run"))
    #expect(try named.files.address(of: "run") == averaged.files.address(of: "run"))
  }

  /// Rounding and integers come from the first term, so two orders may be two soups.
  @Test func ordersThatMakeOtherWeightsHaveOtherAddresses() throws {
    let made = try MadeSweep()
    func write(_ name: String, half: Bool, steps: Int64, batches: Int64) throws {
      let info = [
        TensorInfo(name: "w", dtype: half ? .f16 : .f32, shape: [2]),
        TensorInfo(name: "steps", dtype: .i64, shape: [1]),
        TensorInfo(name: "bn.num_batches_tracked", dtype: .i64, shape: []),
      ]
      let weights = try Weights(info) { room in
        room[0].storeBytes(of: UInt32(batches), as: UInt32.self)
        room[1].storeBytes(of: steps, as: Int64.self)
        room[2].storeBytes(of: batches, as: Int64.self)
      }
      try made.write(weights, to: "ingredients/\(name).safetensors")
    }
    try write("a", half: false, steps: 1, batches: 10)
    try write("b", half: false, steps: 1, batches: 20)
    try write("half", half: true, steps: 1, batches: 30)
    try write("later", half: false, steps: 2, batches: 40)
    let files = try made.kitchen().files
    func isOrdered(_ one: String, _ other: String, _ precision: SumPrecision) throws -> Bool {
      try files.address(of: .uniform([one, other]), precision: precision)
        != files.address(of: .uniform([other, one]), precision: precision)
    }
    for precision in [SumPrecision.source, .single] {
      #expect(try !isOrdered("a", "b", precision))
      #expect(try isOrdered("a", "later", precision))
    }
    #expect(try isOrdered("a", "half", .source))
    #expect(try !isOrdered("a", "half", .single))
    // As before there were such addresses: ledgers that exist stay valid.
    let members = try ["a", "b"].map { (try files.address(of: $0), 0.5) }
    #expect(try files.address(of: .uniform(["a", "b"]), precision: .source) == .ofBlend(members))
  }

  @Test func theAddressOfShardsCoversEveryShard() throws {
    let made = try MadeSweep()
    try made.write(MadeSweep.weights(), to: "ingredients/a", shardSize: 4_000)
    try made.write(MadeSweep.weights(), to: "ingredients/b", shardSize: 4_000)
    let shards = try FileManager.default.contentsOfDirectory(atPath: made.path("ingredients/a"))
      .filter { $0.hasSuffix(".safetensors") }.sorted()
    #expect(shards.count > 1)
    let before = try made.kitchen().files.address(of: "b")
    #expect(try made.kitchen().files.address(of: "a") == before)
    let last = made.path("ingredients/b/" + (shards.last ?? ""))
    var bytes = try Data(contentsOf: URL(fileURLWithPath: last))
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: URL(fileURLWithPath: last))
    #expect(try made.kitchen().files.address(of: "a") == before)
    #expect(try made.kitchen().files.address(of: "b") != before)
  }
}
