import Testing

@testable import Checkpoints

@Suite struct PrefixTests {
  private let plain = ["a.weight", "a.bias"]

  private func with(_ prefix: String) -> [String] { plain.map { prefix + $0 } }

  @Test(arguments: ["", "module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module."])
  func common(prefix: String) {
    #expect(Prefix.common(of: with(prefix)) == prefix)
    #expect(Prefix.common(of: with(prefix) + ["other"]) == "")
    #expect(Prefix.common(of: with("model." + prefix)) == "")
  }

  @Test func nothingIsLeftOfAName() {
    #expect(Prefix.common(of: ["module."]) == "")
    #expect(Prefix.common(of: []) == "")
  }

  @Test func wrappersAreStrippedWhenAllAgree() {
    #expect(Prefix.agreed(among: [with("module."), plain]) == ["module.", ""])
    #expect(Prefix.agreed(among: [with("module."), with("module.")]) == ["module.", "module."])
    let partly = plain + ["module.b"]
    #expect(Prefix.agreed(among: [with("module."), partly]) == ["", ""])
  }

  @Test func modelIsStrippedOnlyWhereItDistinguishes() {
    #expect(Prefix.agreed(among: [with("model."), with("model.")]) == ["", ""])
    #expect(Prefix.agreed(among: [with("model."), plain]) == ["model.", ""])
    #expect(
      Prefix.agreed(among: [with("module.model."), with("model.")]) == ["module.", ""])
    #expect(Prefix.agreed(among: [with("model."), plain + ["model.b"]]) == ["", ""])
  }

  @Test func aReferenceDecides() {
    #expect(Prefix.agreed(among: [with("model.")], reference: plain) == ["model."])
    #expect(Prefix.agreed(among: [with("model.")], reference: with("model.")) == [""])
    #expect(Prefix.agreed(among: [with("module.")], reference: with("module.")) == [""])
  }

  @Test func renamedTables() throws {
    let table = try PyTorchArchive(path: fixture("torch/lightning.ckpt"))
    let renamed = Renamed(table, stripping: "model.")
    #expect(renamed.tensors.map(\.name).contains("layer.weight"))
    #expect(renamed.index(of: "layer.weight") == table.index(of: "model.layer.weight"))
    #expect(renamed.index(of: "model.layer.weight") == nil)
    let index = try #require(renamed.index(of: "layer.weight"))
    let bytes = try renamed.withBytes(ofTensorAt: index) { Array($0) }
    #expect(try table.withBytes(ofTensorAt: index) { Array($0) } == bytes)
  }
}
