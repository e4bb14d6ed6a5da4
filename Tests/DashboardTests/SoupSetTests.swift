import Averaging
import Evaluation
import Foundation
import Kitchen
import Recipes
import Testing

@testable import Dashboard

/// The soup at hand, its weights and the kept soups, under any steps.
struct SoupSetTests {
  private let names = (0..<8).map { "ft_\($0)" }

  /// One random step; whatever it is, it must be possible to undo it.
  private func step(_ set: inout SoupSet, _ dice: inout SeededGenerator) {
    let name = names.randomElement(using: &dice) ?? "ft_0"
    switch Int.random(in: 0..<8, using: &dice) {
    case 0, 1: set.toggle(name)
    case 2: set.add(Array(names.shuffled(using: &dice).prefix(3)))
    case 3: set.remove(Array(names.shuffled(using: &dice).prefix(2)))
    case 4: set.setWeight(of: name, to: Double.random(in: -0.5...1.5, using: &dice))
    case 5: set.setEqualWeights()
    case 6:
      set.keep(
        KeptSoup(
          name: ["A", "B", "C"].randomElement(using: &dice) ?? "A", blend: set.blend,
          origin: "by hand", scores: ["val": Score(correct: 1, n: 2)], date: SmallSweep.epoch))
    default: set.drop(["A", "B", "C"].randomElement(using: &dice) ?? "A")
    }
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func undoIsTheInverseOfEveryStep(seed: UInt64) {
    var dice = SeededGenerator(seed: seed)
    var set = SoupSet()
    for _ in 0..<60 {
      // A step of another kind first, so that steps on one weight are not joined.
      set.setEqualWeights()
      let before = set.contents
      step(&set, &dice)
      let after = set.contents
      #expect(Set(names).isSuperset(of: set.members))
      #expect(Set(set.members).count == set.members.count)
      #expect(set.membership == Set(set.members))
      if let weights = set.weights {
        #expect(weights.count == set.members.count)
        #expect(abs(weights.reduce(0, +) - 1) < 1e-9)
        #expect(weights.allSatisfy { $0 >= 0 })
      }
      guard after != before else { continue }
      set.undo()
      #expect(set.contents == before)
      set.redo()
      #expect(set.contents == after)
    }
    let end = set.contents
    var steps = 0
    while set.canUndo {
      set.undo()
      steps += 1
    }
    for _ in 0..<steps { set.redo() }
    #expect(set.contents == end)
  }

  @Test func othersShareWhatAWeightLeaves() {
    var set = SoupSet()
    set.add(["a", "b", "c"])
    set.setWeight(of: "a", to: 0.5)
    #expect(set.weight(of: "a") == 0.5)
    #expect(abs((set.weight(of: "b") ?? 0) - 0.25) < 1e-12)
    set.setWeight(of: "b", to: 0.5)
    #expect(abs((set.weight(of: "a") ?? 0) - 1.0 / 3) < 1e-12)
    #expect(abs((set.weight(of: "c") ?? 0) - 1.0 / 6) < 1e-12)
    set.setWeight(of: "a", to: 1)
    #expect(set.blend.terms == [Blend.Term("a", weight: 1)])
    set.setWeight(of: "a", to: 0)
    #expect(set.weight(of: "b") == 0.5)
  }

  @Test func stepsOnOneWeightAreUndoneTogether() {
    var set = SoupSet()
    set.add(["a", "b"])
    for weight in [0.51, 0.52, 0.53] { set.setWeight(of: "a", to: weight) }
    set.setWeight(of: "b", to: 0.4)
    set.undo()
    #expect(set.weight(of: "a") == 0.53)
    set.undo()
    #expect(set.weights == nil)
    #expect(set.members == ["a", "b"])
  }

  @Test func membersThatComeAndGoKeepTheProportionsOfTheOthers() {
    var set = SoupSet()
    set.replace(with: ["a", "b"], weights: [0.75, 0.25])
    set.add(["c"])
    #expect(abs((set.weight(of: "c") ?? 0) - 1.0 / 3) < 1e-12)
    #expect(abs((set.weight(of: "a") ?? 0) - 0.5) < 1e-12)
    set.remove(["c"])
    #expect(abs((set.weight(of: "a") ?? 0) - 0.75) < 1e-12)
    set.replace(with: ["a", "b"], weights: [0.5, 0.5])
    #expect(set.weights == nil)
  }
}
