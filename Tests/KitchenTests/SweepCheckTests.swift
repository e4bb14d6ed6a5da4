import Averaging
import Checkpoints
import Foundation
import Ledger
import Recipes
import Sweeps
import Synchronization
import Testing

@testable import Kitchen

/// What is found before anything is averaged, and what follows from it.
@Suite struct SweepCheckTests {
  /// Good ingredients and one of each bad kind.
  private func odd() throws -> MadeSweep {
    let made = try MadeSweep()
    try made.write(MadeSweep.weights(), to: "theta0.safetensors")
    for (name, moved) in [("a", 0.1), ("b", 0.12), ("c", 0.14)] as [(String, Float)] {
      try made.write(MadeSweep.weights(moved: moved), to: "ingredients/\(name).safetensors")
    }
    try made.write(MadeSweep.weights(moved: 0.12), to: "ingredients/twin.pt")
    try made.write(MadeSweep.weights(seed: 7), to: "ingredients/stranger.safetensors")
    try made.write(MadeSweep.weights(rows: 41), to: "ingredients/wide.safetensors")
    try made.write("{", to: "ingredients/torn.safetensors")
    let sick = try MadeSweep.weights(moved: 0.11)
    try made.write(
      Weights(sick.tensors) { room in
        for index in sick.tensors.indices {
          sick.withBytes(ofTensorAt: index) { room[index].copyMemory(from: $0) }
        }
        room[1].storeBytes(of: Float.nan, as: Float.self)
      }, to: "ingredients/sick.safetensors")
    return made
  }

  private func rules(_ findings: [Finding]) -> [String: [Finding.Rule]] {
    Dictionary(grouping: findings, by: { $0.subject ?? "" }).mapValues { $0.map(\.rule) }
  }

  @Test func everyOddIngredientIsNamed() throws {
    let made = try odd()
    let check = try made.kitchen().check
    #expect(rules(check.findings()) == ["torn": [.unreadable], "wide": [.shapes]])
    for name in check.names { try check.read(name) }
    #expect(check.reference == "theta0")
    #expect(
      rules(check.findings()) == [
        "torn": [.unreadable], "wide": [.shapes], "sick": [.nonFinite], "twin": [.identical],
        "stranger": [.initialisation],
      ])
    #expect(Set(check.refusals().keys) == ["torn", "wide", "sick"])
  }

  @Test func theManifestDecidesWhatFindingsMean() throws {
    let made = try odd()
    try made.write(
      "[preflight]\nsame-initialisation = \"refuse\"\nnon-finite = \"note\"\n",
      to: "stockpot.toml")
    let check = try made.kitchen().check
    for name in check.names { try check.read(name) }
    #expect(Set(check.refusals().keys) == ["torn", "wide", "stranger"])
  }

  @Test func readingsAreKeptInTheLedger() throws {
    let made = try odd()
    let first = try made.kitchen().check
    try first.read("a")
    let second = try made.kitchen()
    try second.check.read("a")
    #expect(second.check.readings == first.readings)
    let text = try second.ledger.reading(
      of: second.files.address(of: "a"), against: second.files.address(of: "theta0"))
    let kept = try JSONDecoder().decode(
      IngredientReading.self, from: Data(try #require(text).utf8))
    #expect([kept] == first.readings)
  }

  @Test func recipesLeaveOutWhatIsRefusedAndSaySo() throws {
    let made = try odd()
    try made.write("[preflight]\nidentical = \"refuse\"\n", to: "stockpot.toml")
    let told = Mutex<[String]>([])
    let kitchen = try made.kitchen { event in
      if case .notice(let text) = event { told.withLock { $0.append(text) } }
    }
    let pool = kitchen.sweep.ingredients
    let kept = try kitchen.mixable(pool, for: RecipeSpec(.greedy)).map(\.name)
    #expect(kept == ["a", "b", "c", "stranger"])
    let notices = told.withLock { $0 }
    #expect(notices.count == 4)
    #expect(notices.contains { $0.hasPrefix("sick is left out: holds infinities or NaN") })
    #expect(try kitchen.mixable(pool, for: RecipeSpec(.handPicked)).count == pool.count)
    let none = pool.filter { $0.name == "torn" }
    #expect(throws: InputError.self) { try kitchen.mixable(none, for: RecipeSpec(.greedy)) }
  }

  @Test func findingsAreToldInTheBackground() async throws {
    let made = try odd()
    let told = Mutex<[[Finding]]>([])
    let kitchen = try made.kitchen { event in
      if case .findings(let findings) = event { told.withLock { $0.append(findings) } }
    }
    kitchen.checkInBackground()
    await kitchen.checking.withLock { $0 }?.value
    let all = told.withLock { $0 }
    #expect(all.first.map(rules) == ["torn": [.unreadable], "wide": [.shapes]])
    #expect(all.last == kitchen.check.findings())
    #expect(all.last?.count == 5)
  }
}
