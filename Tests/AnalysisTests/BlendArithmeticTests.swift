import Averaging
import Testing

@testable import Analysis

struct BlendArithmeticTests {
  @Test func stepsTowardsOneAreStepsAwayFromTheOther() {
    for percent in 1...99 {
      let blend = Blend.interpolation("a", "b", at: Double(percent) / 100)
      for step in [0.0125, 0.025, 0.1] {
        let up = blend.shifted(towards: "b", by: step)
        let down = blend.shifted(towards: "a", by: -step)
        #expect(Set(up.terms) == Set(down.terms), "\(percent) % by \(step)")
      }
    }
  }

  @Test func aStepChangesOneWeightByItselfAndKeepsTheSum() {
    let blend = Blend([.init("a", weight: 0.5), .init("b", weight: 0.3), .init("c", weight: 0.2)])
    let up = blend.shifted(towards: "b", by: 0.07)
    #expect(abs(up.weight(of: "b") - 0.37) < 1e-11)
    #expect(abs(up.weights.values.reduce(0, +) - 1) < 1e-11)
    #expect(abs(up.weight(of: "a") / up.weight(of: "c") - 2.5) < 1e-9)
  }

  @Test func pathsMeetSteps() {
    let path = PathLine.pair("a", "b")
    let half = Blend.uniform(["a", "b"])
    #expect(Set(path.blend(at: 0.5).terms) == Set(half.terms))
    #expect(
      Set(path.blend(at: 0.6).terms) == Set(half.shifted(towards: "b", by: 0.1).terms))
    #expect(path.blend(at: 0) == .uniform(["a"]))
    #expect(path.blend(at: 1) == .uniform(["b"]))
  }

  @Test func namesGivenTwiceAreOne() {
    let blend = Blend([.init("a", weight: 0.25), .init("b", weight: 0.5), .init("a", weight: 0.25)])
    #expect(blend.weight(of: "a") == 0.5)
    #expect(blend.weight(of: "c") == 0)
    #expect(blend.distinctIngredients == ["a", "b"])
    #expect(
      blend.mixed(with: .uniform(["a"]), at: 0.5).terms == [
        .init("a", weight: 0.75), .init("b", weight: 0.25),
      ])
  }
}
