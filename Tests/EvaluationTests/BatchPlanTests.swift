import Testing

@testable import Evaluation

struct BatchPlanTests {
  @Test func everyExampleIsInOneBatch() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<300 {
      let count = Int.random(in: 0...400, using: &generator)
      let most = Int.random(in: 1...90, using: &generator)
      let workers = Int.random(in: 1...4, using: &generator)
      let first = Int.random(in: -5...450, using: &generator)
      for size in [nil, .fixed(first), .deciding(after: first)] as [BatchSize?] {
        let plan = BatchPlan(count: count, size: size, most: most, workers: workers)
        #expect(plan.ranges.flatMap(\.self) == Array(0..<count))
        #expect(plan.ranges.allSatisfy { !$0.isEmpty })
        if case .fixed = size { continue }
        #expect(plan.most <= most)
      }
    }
  }

  @Test func sharesAreEqual() {
    #expect(
      BatchPlan(count: 600, size: nil, most: 64, workers: 2).ranges.map(\.count)
        == Array(repeating: 60, count: 10))
    #expect(
      BatchPlan(count: 7, size: 3, most: 64, workers: 2).ranges.map(\.count) == [3, 3, 1])
  }

  @Test func batchesEndWhereADecisionMayFall() {
    let plan = BatchPlan(count: 600, size: .deciding(after: 46), most: 64, workers: 2)
    #expect(plan.ranges.contains { $0.upperBound == 46 })
    let after = plan.ranges.filter { 46..<92 ~= $0.lowerBound }
    #expect(after.allSatisfy { $0.count <= 8 })
    // Thousands of wrong examples are not looked at eight at a time.
    let large = BatchPlan(count: 50_000, size: .deciding(after: 10_000), most: 64, workers: 1)
    #expect(large.ranges.count < 800)
    // An order of any length may be decided at once, or never.
    let atOnce = BatchPlan(count: 20, size: .deciding(after: -3), most: 64, workers: 1)
    #expect(atOnce.ranges == [0..<20])
  }
}
