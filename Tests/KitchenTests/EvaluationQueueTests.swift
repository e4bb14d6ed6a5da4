import Kitchen
import Synchronization
import Testing

struct EvaluationQueueTests {
  /// Who was served, in order.
  private final class Log: Sendable {
    private let served = Mutex<[String]>([])
    func add(_ name: String) { served.withLock { $0.append(name) } }
    var all: [String] { served.withLock { $0 } }
  }

  /// Holds the queue until every other lane waits, then says who went when.
  private func order(of lanes: [Lane]) async throws -> [String] {
    let queue = EvaluationQueue()
    let log = Log()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await queue.withTurn(Lane("first", urgency: .recipe)) {
          while await queue.waiting < lanes.count { await Task.yield() }
        }
      }
      while await !queue.isServing { await Task.yield() }
      for (place, lane) in lanes.enumerated() {
        group.addTask { try await queue.withTurn(lane) { log.add(lane.name) } }
        while await queue.waiting < place + 1 { await Task.yield() }
      }
      try await group.waitForAll()
    }
    return log.all
  }

  @Test func theMostUrgentGoesFirst() async throws {
    let order = try await order(of: [
      Lane("gap", urgency: .background), Lane("greedy", urgency: .recipe),
      Lane("hand", urgency: .interactive),
    ])
    #expect(order == ["hand", "greedy", "gap"])
  }

  @Test func equallyUrgentLanesTakeTurns() async throws {
    let (a, b) = (Lane("a", urgency: .recipe), Lane("b", urgency: .recipe))
    #expect(try await order(of: [a, a, a, b, b, b]) == ["a", "b", "a", "b", "a", "b"])
  }

  @Test func aCancelledWaiterLeavesTheQueue() async throws {
    let queue = EvaluationQueue()
    let lane = Lane("a", urgency: .recipe)
    try await queue.withTurn(lane) {
      let waiter = Task { try await queue.withTurn(lane) {} }
      while await queue.waiting < 1 { await Task.yield() }
      waiter.cancel()
      await #expect(throws: CancellationError.self) { try await waiter.value }
    }
    try await queue.withTurn(lane) {}
    #expect(await queue.waiting == 0)
  }

  @Test func workThatFailsGivesTheTurnBack() async throws {
    struct Failure: Error {}
    let queue = EvaluationQueue()
    let lane = Lane("a", urgency: .recipe)
    await #expect(throws: Failure.self) { try await queue.withTurn(lane) { throw Failure() } }
    #expect(try await queue.withTurn(lane) { 7 } == 7)
  }

  @Test func aPausedGateHoldsUntilItOpensOrTheTaskIsCancelled() async throws {
    let gate = PauseGate()
    gate.pause()
    let log = Log()
    let held = Task {
      try await gate.pass()
      log.add("passed")
    }
    try await Task.sleep(for: .milliseconds(20))
    #expect(log.all.isEmpty)
    gate.resume()
    try await held.value
    #expect(log.all == ["passed"])
    gate.pause()
    let cancelled = Task { try await gate.pass() }
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
  }
}
