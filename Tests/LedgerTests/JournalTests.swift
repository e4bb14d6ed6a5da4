import Checkpoints
import Evaluation
import Foundation
import Testing

@testable import Ledger

@Suite struct JournalTests {
  private let folder: TemporaryFolder
  private var directory: String { folder.path + "/.stockpot" }

  init() throws { folder = try TemporaryFolder() }

  @Test func evaluationsComeBack() throws {
    let ledger = try Ledger(directory: directory)
    let record = EvaluationRecord(
      score: Score(correct: 542, n: 600, nll: 0.1), seconds: 0.25,
      date: Date(timeIntervalSince1970: 1_700_000_000), metrics: ["top5": 0.99, "bad": .nan])
    #expect(try ledger.evaluation(for: key(1)) == nil)
    try ledger.record(record, for: key(1))
    let found = try #require(try ledger.evaluation(for: key(1)))
    #expect(found.score == record.score)
    #expect(found.seconds == 0.25)
    #expect(found.date == record.date)
    #expect(found.metrics == ["top5": 0.99])
    try ledger.record(EvaluationRecord(score: Score(correct: 1, n: 600)), for: key(1))
    #expect(try ledger.evaluation(for: key(1))?.score == Score(correct: 1, n: 600))
    let other = EvaluationKey(weights: address(1), split: address(5), evaluator: address(-2))
    try ledger.record(record, for: other)
    #expect(try Set(ledger.evaluations(of: address(1)).keys) == [key(1), other])
    #expect(
      try ledger.evaluations(on: address(5), by: address(-2)).keys.map(\.self) == [address(1)])
    #expect(try ledger.evaluations(on: address(5), by: address(-3)).isEmpty)
  }

  @Test func runsAndDecisionsComeBackInOrder() throws {
    let ledger = try Ledger(directory: directory)
    let run = try ledger.beginRun(recipe: "greedy", options: "{\"seed\":1}", members: ["a", "b/ü"])
    let decisions = [2, 0, 1].map {
      RunDecision(
        sequence: $0, candidate: "c\($0)", correct: $0 == 1 ? nil : 10, n: 20,
        accepted: $0 == 0, margin: -$0, payload: "{}", date: Date(timeIntervalSince1970: 5))
    }
    for decision in decisions { try ledger.append(decision, to: run) }
    try ledger.append(
      RunDecision(sequence: 2, candidate: "again", correct: 0, n: 0, accepted: true, margin: nil),
      to: run)
    let stored = try ledger.decisions(of: run)
    #expect(stored.map(\.candidate) == ["c0", "c1", "again"])
    #expect(stored.dropLast() == decisions.sorted { $0.sequence < $1.sequence }.dropLast())
    let begun = try #require(try ledger.run(run))
    #expect(begun.status == .running)
    #expect(begun.members == ["a", "b/ü"])
    #expect(begun.options == "{\"seed\":1}")
    try ledger.finish(run, .finished, soup: "{}")
    let second = try ledger.beginRun(recipe: "uniform", members: [])
    try ledger.finish(second, .failed, message: "no val")
    #expect(try ledger.runs().map(\.id) == [second, run])
    #expect(try ledger.runs(.finished).map(\.soup) == ["{}"])
    #expect(try ledger.run(second)?.message == "no val")
  }

  @Test func aRunWhoseSessionEndedIsInterruptedAndResumedOnce() throws {
    let watcher = try Ledger(directory: directory)
    var ledger: Ledger? = try Ledger(directory: directory)
    let run = try #require(try ledger?.beginRun(recipe: "greedy", members: ["a"]))
    try ledger?.append(
      RunDecision(sequence: 0, candidate: "a", correct: 1, n: 1, accepted: true, margin: 0), to: run
    )
    try watcher.markInterruptedRuns()
    #expect(try watcher.run(run)?.status == .running)
    ledger = nil
    let next = try Ledger(directory: directory)
    #expect(try next.run(run)?.status == .interrupted)
    #expect(try watcher.resume(recipe: "greedy", options: "{}", members: ["b"]) == nil)
    #expect(try watcher.resume(recipe: "greedy", options: "{}", members: ["a"])?.id == run)
    #expect(try !next.resume(run))
    #expect(try next.resume(recipe: "greedy", options: "{}", members: ["a"]) == nil)
    #expect(try next.run(run)?.status == .running)
    #expect(try next.decisions(of: run).count == 1)
  }

  @Test func soupsAreSavedReplacedAndDeleted() throws {
    let ledger = try Ledger(directory: directory)
    let one = try ledger.saveSoup(name: "one", blend: "[1]", provenance: "{}")
    let two = try ledger.saveSoup(name: "two", blend: "[2]", provenance: "{}")
    #expect(throws: InputError.self) {
      try ledger.saveSoup(name: "one", blend: "[]", provenance: "{}")
    }
    #expect(try ledger.soups().map(\.name) == ["one", "two"])
    #expect(try ledger.soups().map(\.id) == [one.id, two.id])
    let replaced = try ledger.saveSoup(
      name: "one", blend: "[3]", provenance: "{}", replacing: true)
    #expect(try ledger.soups().map(\.blend) == ["[2]", "[3]"])
    try ledger.deleteSoup(replaced.id)
    #expect(try ledger.soups().map(\.blend) == ["[2]"])
  }

  @Test func twoLedgersWriteAtOnce() async throws {
    let ledgers = [try Ledger(directory: directory), try Ledger(directory: directory)]
    let runs = try ledgers.map { try $0.beginRun(recipe: "greedy", members: []) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (which, ledger) in ledgers.enumerated() {
        for worker in 0..<3 {
          group.addTask {
            for step in 0..<30 {
              let number = worker * 30 + step
              try ledger.record(
                EvaluationRecord(score: Score(correct: number, n: 100)), for: key(number),
                logits: [Float(number), 0], classes: 2)
              try ledger.append(
                RunDecision(
                  sequence: number, candidate: "c", correct: number, n: 100, accepted: true,
                  margin: 0), to: runs[which])
              _ = try ledger.evaluations(on: address(-1), by: address(-2))
            }
          }
        }
      }
      try await group.waitForAll()
    }
    let third = try Ledger(directory: directory)
    for number in 0..<90 {
      #expect(try third.evaluation(for: key(number))?.score.correct == number)
      #expect(try third.floats(for: key(number)) == [Float(number), 0])
    }
    for run in runs { #expect(try third.decisions(of: run).map(\.sequence) == Array(0..<90)) }
    #expect(try third.problems().isEmpty)
  }
}
