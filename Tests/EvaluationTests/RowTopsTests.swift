import Testing

@testable import Evaluation

/// Counts of ensembles by their members' winners are those of the averaged logits, to the example.
struct RowTopsTests {
  private func member(
    _ rows: Int, _ classes: Int, _ labels: [Int32], _ generator: inout SeededGenerator
  ) -> Logits {
    // Few distinct values make many ties; now and then something that is no number.
    let coarse = Int.random(in: 0..<3, using: &generator) == 0
    let values = (0..<rows * classes).map { place -> Float in
      let lift: Float = place % classes == Int(labels[place / classes]) ? 1 : 0
      if Int.random(in: 0..<900, using: &generator) == 0 {
        return [.nan, .infinity, -.infinity, 1e30].randomElement(using: &generator) ?? 0
      }
      let value = generator.normal() + lift
      return coarse ? value.rounded() : value
    }
    return Logits(rows: rows, classes: classes, values: values)
  }

  @Test func countsAreExact() {
    var generator = SeededGenerator(seed: 8)
    for round in 0..<250 {
      let classes = [1, 2, 3, 10, 17, 40][round % 6]
      let rows = Int.random(in: 1...40, using: &generator)
      let labels = (0..<rows).map { _ in Int32.random(in: 0..<Int32(classes), using: &generator) }
      var members = (0..<Int.random(in: 1...8, using: &generator)).map { _ in
        member(rows, classes, labels, &generator)
      }
      if round.isMultiple(of: 4) { members.append(members[0]) }
      let tops = members.map(RowTops.init)
      #expect(
        Ensemble.correct(of: members, tops: tops, labels: labels)
          == Ensemble.correct(of: members, labels: labels))
    }
  }

  @Test func opposedMembersMakeATie() {
    let one = Logits(rows: 1, classes: 3, values: [2, 0, 1])
    let other = Logits(rows: 1, classes: 3, values: [0, 2, 1])
    let tops = [one, other].map(RowTops.init)
    // The first of equals wins.
    #expect(Ensemble.correct(of: [one, other], tops: tops, labels: [0]) == 1)
    #expect(Ensemble.correct(of: [one, other], tops: tops, labels: [2]) == 0)
  }
}
