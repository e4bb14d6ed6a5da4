import Testing

@testable import Checkpoints

@Suite struct WrappingTests {
  private let plain = ["a.weight", "b.bias"]

  private func with(_ prefix: String) -> [String] { plain.map { prefix + $0 } }

  /// The names that each table has after all.
  private func names(_ tables: [[String]], reference: [String]? = nil) -> [[String]] {
    zip(tables, Wrapping.agreed(among: tables, reference: reference)).map { names, wrapping in
      names.map(wrapping.unwrapped)
    }
  }

  @Test(arguments: ["module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module."])
  func wrappersGo(prefix: String) {
    #expect(names([with(prefix)]) == [plain])
    #expect(names([with(prefix), plain]) == [plain, plain])
    #expect(names([with(prefix), with(prefix)]) == [plain, plain])
  }

  @Test func nothingIsLeftOfAName() {
    for name in ["module.", "_orig_mod.", "module._orig_mod."] {
      #expect(names([[name]]).allSatisfy { $0.allSatisfy { !$0.isEmpty } })
    }
    #expect(names([[]]) == [[]])
  }

  @Test func wrappersOfSomeNamesStay() {
    let partly = plain + ["module.b"]
    #expect(names([with("module."), partly]) == [with("module."), partly])
    #expect(names([with("module.") + ["other"]]) == [with("module.") + ["other"]])
  }

  @Test func modelIsStrippedOnlyWhereItDistinguishes() {
    #expect(names([with("model."), with("model.")]) == [with("model."), with("model.")])
    #expect(names([with("model."), plain]) == [plain, plain])
    #expect(
      names([with("module.model."), with("model.")]) == [with("model."), with("model.")])
    let more = plain + ["model.b"]
    #expect(names([with("model."), more]) == [with("model."), more])
  }

  @Test func aReferenceDecides() {
    #expect(names([with("model.")], reference: plain) == [plain])
    #expect(names([with("model.")], reference: with("model.")) == [with("model.")])
    #expect(names([with("module.")], reference: with("module.")) == [with("module.")])
    let compiled = with("model._orig_mod.")
    #expect(names([compiled], reference: compiled) == [compiled])
    #expect(names([compiled], reference: with("model.")) == [with("model.")])
    #expect(names([compiled], reference: plain) == [plain])
  }

  @Test func compiledPartsOfAModel() {
    #expect(
      names([with("model._orig_mod."), with("model.")]) == [with("model."), with("model.")])
    #expect(names([with("model._orig_mod."), plain]) == [plain, plain])
    let partly = ["backbone._orig_mod.a", "backbone.block._orig_mod.b", "head.c"]
    let whole = ["backbone.a", "backbone.block.b", "head.c"]
    #expect(names([partly, whole]) == [whole, whole])
    #expect(names([["_orig_mod.x._orig_mod.y"]]) == [["x.y"]])
    // It is one's own name unless a dot ends it on both sides.
    #expect(names([["my_orig_mod.a", "x._orig_mode.b"]]) == [["my_orig_mod.a", "x._orig_mode.b"]])
  }

  @Test func twoTensorsDoNotGetOneName() {
    let both = ["x._orig_mod.a", "x.a"]
    #expect(names([both, ["x.a", "x.b"]]) == [both, ["x.a", "x.b"]])
  }

  @Test func aModuleWithinGoesWhereNamesThenAgree() {
    let within = with("net._orig_mod.module.")
    #expect(names([within, with("net.")]) == [with("net."), with("net.")])
    #expect(names([within, with("net.module.")]) == [with("net.module."), with("net.module.")])
    #expect(names([within]) == [with("net.module.")])
    #expect(names([within], reference: with("net.")) == [with("net.")])
  }

  @Test func renamedTables() throws {
    let checkpoint = try Checkpoint.open(fixture("torch/lightning.ckpt"))
    let bare = checkpoint.tensors.map { String($0.name.dropFirst("model.".count)) }
    let wrapping = Wrapping.agreed(among: [checkpoint.tensors.map(\.name)], reference: bare)[0]
    let renamed = checkpoint.unwrapping(wrapping)
    #expect(renamed.tensors.map(\.name) == bare)
    #expect(renamed.index(of: "model.layer.weight") == nil)
    let index = try #require(renamed.index(of: "layer.weight"))
    #expect(index == checkpoint.index(of: "model.layer.weight"))
    let bytes = try renamed.withBytes(ofTensorAt: index) { Array($0) }
    #expect(try checkpoint.withBytes(ofTensorAt: index) { Array($0) } == bytes)
  }

  /// A run may write a checkpoint anew, and then of a model that is wrapped otherwise.
  @Test func whatWasAgreedOnForAnotherTable() throws {
    let checkpoint = try Checkpoint.open(fixture("torch/plain.pt"))
    let wrapping = Wrapping.agreed(among: [with("module.")])[0]
    #expect(checkpoint.unwrapping(wrapping).tensors == checkpoint.tensors)
  }
}
