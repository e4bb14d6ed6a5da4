import Evaluation
import Foundation
import Testing

@testable import Ledger

@Suite struct KillTests {
  /// A process that journals a run is killed at a moment of chance; the next opening has every
  /// decision up to some point, nothing torn, and the run marked as interrupted.
  @Test(arguments: 0..<6) func aKilledRunCanBeResumed(round: Int) async throws {
    let folder = try TemporaryFolder()
    let directory = folder.path + "/.stockpot"
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [directory = directory as String, round = round as Int] in
      let ledger = try Ledger(directory: directory)
      let run = try ledger.beginRun(recipe: "greedy", members: ["a"])
      var random = Seeded(UInt64(round))
      let microseconds = UInt32.random(in: 0..<60_000, using: &random)
      Thread {
        usleep(microseconds)
        kill(getpid(), SIGKILL)
      }.start()
      for number in 0..<1_000_000 {
        try ledger.record(
          EvaluationRecord(score: Score(correct: number, n: 1_000_000)), for: key(number),
          logits: Array(repeating: Float(number), count: 2000), classes: 10)
        try ledger.append(
          RunDecision(
            sequence: number, candidate: "a", correct: number, n: 1, accepted: true, margin: 0),
          to: run)
      }
    }
    let ledger = try Ledger(directory: directory)
    #expect(ledger.setAside == nil)
    #expect(try ledger.problems().isEmpty)
    let run = try #require(try ledger.runs().first)
    #expect(run.status == .interrupted)
    let decisions = try ledger.decisions(of: run.id)
    #expect(decisions.map(\.sequence) == Array(0..<decisions.count))
    for number in 0..<decisions.count {
      #expect(try ledger.evaluation(for: key(number))?.score.correct == number)
      #expect(
        try ledger.floats(for: key(number)) == Array(repeating: Float(number), count: 2000))
    }
    #expect(try ledger.resume(run.id))
  }

  /// Two processes at once: the child's evaluations are there beside the parent's.
  @Test func aNeighbourIsNotDisturbed() async throws {
    let folder = try TemporaryFolder()
    let directory = folder.path + "/.stockpot"
    let ledger = try Ledger(directory: directory)
    let run = try ledger.beginRun(recipe: "greedy", members: [])
    async let mine: Void = {
      for number in 0..<100 {
        try ledger.record(EvaluationRecord(score: Score(correct: 1, n: 2)), for: key(number))
      }
    }()
    await #expect(processExitsWith: .success) { [directory = directory as String] in
      let neighbour = try Ledger(directory: directory)
      for number in 100..<200 {
        try neighbour.record(EvaluationRecord(score: Score(correct: 1, n: 2)), for: key(number))
      }
    }
    try await mine
    #expect(try ledger.evaluations(on: address(-1), by: address(-2)).count == 200)
    #expect(try ledger.run(run)?.status == .running)
  }
}
