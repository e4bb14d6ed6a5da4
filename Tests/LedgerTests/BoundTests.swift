import Evaluation
import Testing

@testable import Ledger

@Suite struct BoundTests {
  private let folder: TemporaryFolder
  private let ledger: Ledger

  init() throws {
    folder = try TemporaryFolder()
    ledger = try Ledger(directory: folder.path + "/.stockpot")
  }

  @Test func aBoundIsNoEvaluation() throws {
    let bound = EvaluationBound(correct: 10, seen: 64, n: 600)
    #expect(bound.mostCorrect == 546)
    try ledger.record(bound, for: key(1))
    #expect(try ledger.bound(for: key(1)) == bound)
    #expect(try ledger.bound(for: key(2)) == nil)
    #expect(try ledger.evaluation(for: key(1)) == nil)
    #expect(try ledger.evaluations(of: address(1)).isEmpty)
    #expect(try ledger.evaluations(on: address(-1), by: address(-2)).isEmpty)
  }

  @Test func onlyATighterBoundIsKept() throws {
    let loose = EvaluationBound(correct: 10, seen: 64, n: 600)
    let tight = EvaluationBound(correct: 40, seen: 100, n: 600)
    for (first, second) in [(loose, tight), (tight, loose)] {
      try ledger.record(first, for: key(1))
      try ledger.record(second, for: key(1))
      #expect(try ledger.bound(for: key(1)) == tight)
    }
  }

  @Test func aWholeEvaluationReplacesBounds() throws {
    let bound = EvaluationBound(correct: 10, seen: 64, n: 600)
    try ledger.record(bound, for: key(1))
    try ledger.record(EvaluationRecord(score: Score(correct: 540, n: 600)), for: key(1))
    #expect(try ledger.bound(for: key(1)) == nil)
    try ledger.record(bound, for: key(1))
    #expect(try ledger.bound(for: key(1)) == nil)
    #expect(try ledger.evaluation(for: key(1))?.score.correct == 540)
  }
}
