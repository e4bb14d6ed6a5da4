import Averaging
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Testing

/// What a person leaves in a sweep is there when it is opened again.
struct KeptTests {
  private let sweep: MadeSweep

  init() throws {
    sweep = try MadeSweep()
    for name in ["a", "b", "c"] {
      try sweep.write(
        try MadeSweep.weights(moved: name == "a" ? 0 : 0.01),
        to: "ingredients/\(name).safetensors", metadata: ["epoch": "3"])
    }
  }

  private func soup(_ name: String, _ blend: Blend) -> KeptSoup {
    KeptSoup(
      name: name, blend: blend, origin: "by hand", scores: ["val": Score(correct: 7, n: 9)],
      date: Date(timeIntervalSince1970: 1_700_000_000))
  }

  @Test func keptSoupsSurviveTheProgram() async throws {
    let kitchen = try sweep.kitchen()
    let weighted = Blend([.init("a", weight: 0.75), .init("b", weight: 0.25)])
    let byTensor = Blend(
      ["a", "b"], tensors: [Blend.TensorWeights("head", weights: [0.5, 0.5])])
    let soups = [soup("one", weighted), soup("two", byTensor)]
    kitchen.keep([soups[0]])
    kitchen.keep(soups)
    await kitchen.close()
    let again = try sweep.kitchen()
    #expect(try again.keptSoups() == soups)
    again.keep([soup("three", weighted), soups[1]])
    await again.close()
    #expect(Set(try sweep.kitchen().keptSoups().map(\.name)) == ["two", "three"])
  }

  @Test func theTableIsFoundAsItWasLeft() async throws {
    let kitchen = try sweep.kitchen()
    #expect(kitchen.recallTable() == nil)
    let memory = TableMemory(
      columns: ["name", "split:val"], hidden: ["split:val"], sort: "name", isAscending: true)
    kitchen.remember(memory)
    await kitchen.close()
    #expect(try sweep.kitchen().recallTable() == memory)
    try sweep.write("{ no json", to: ".stockpot/dashboard.json")
    #expect(try sweep.kitchen().recallTable() == nil)
  }

  @Test func detailsSayWhatTheFileHolds() throws {
    let kitchen = try sweep.kitchen()
    let details = try kitchen.details(of: "a")
    #expect(details.format == "safetensors")
    #expect(details.tensors.map(\.name) == ["layer.weight", "head", "head_again"])
    #expect(details.parameters == 40 * 30 + 30 + 30)
    #expect(details.shares.map(\.parameters) == [1_260])
    #expect(details.metadata.contains { $0 == ("epoch", "3") })
    #expect(details.files.first?.byteCount ?? 0 > 1_260 * 4)
    let history = try kitchen.history(of: "a")
    #expect(history.sha256.count == 64)
    #expect(history.evaluations.isEmpty)
    #expect(throws: (any Error).self) { try kitchen.details(of: "nobody") }
  }

  @Test func weightsOfNothingAreLeftOut() {
    #expect(Blend.of(["a", "b"], weights: nil) == .uniform(["a", "b"]))
    #expect(Blend.of(["a", "b"], weights: [1, 0]).ingredients == ["a"])
  }
}
