/// Who is asking for the evaluator, and how urgently.
package struct Lane: Hashable, Sendable {
  /// How urgent: a person waits for hand-made soups, recipes come next, analysis last.
  package enum Urgency: Int, Comparable, Sendable {
    case background
    case recipe
    case interactive

    package static func < (left: Urgency, right: Urgency) -> Bool { left.rawValue < right.rawValue }
  }

  package let name: String
  package let urgency: Urgency

  package init(_ name: String, urgency: Urgency) {
    self.name = name
    self.urgency = urgency
  }
}

/// Lets one evaluation at a time have the evaluator, fairly.
///
/// The most urgent waiting lane goes first; among equally urgent ones, the lane that was served
/// longest ago, so two recipes take turns however long their queues are.
package actor EvaluationQueue {
  private struct Waiter {
    let id: UInt64
    let lane: Lane
    let continuation: CheckedContinuation<Bool, Never>
  }

  private var isBusy = false
  private var waiters: [Waiter] = []
  private var lastServed: [Lane: UInt64] = [:]
  private var turn: UInt64 = 0
  private var nextID: UInt64 = 0

  package init() {}

  /// How many wait for their turn.
  package var waiting: Int { waiters.count }
  /// Whether somebody has the turn.
  package var isServing: Bool { isBusy }

  /// Runs `work` when it is `lane`'s turn.
  /// - Throws: `CancellationError` when the task is cancelled while it waits, and what `work` throws.
  package nonisolated func withTurn<Result: Sendable>(
    _ lane: Lane, _ work: @Sendable () async throws -> Result
  ) async throws -> Result {
    try await enter(lane)
    do {
      let result = try await work()
      await leave()
      return result
    } catch {
      await leave()
      throw error
    }
  }

  private func enter(_ lane: Lane) async throws {
    try Task.checkCancellation()
    if !isBusy {
      serve(lane)
      return
    }
    let id = nextID
    nextID += 1
    let hasTurn = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled {
          continuation.resume(returning: false)
        } else {
          waiters.append(Waiter(id: id, lane: lane, continuation: continuation))
        }
      }
    } onCancel: {
      Task { await self.abandon(id) }
    }
    if !hasTurn { throw CancellationError() }
  }

  private func abandon(_ id: UInt64) {
    guard let place = waiters.firstIndex(where: { $0.id == id }) else { return }
    waiters.remove(at: place).continuation.resume(returning: false)
  }

  private func leave() {
    isBusy = false
    let next = waiters.indices.max { left, right in
      let (left, right) = (waiters[left], waiters[right])
      if left.lane.urgency != right.lane.urgency { return left.lane.urgency < right.lane.urgency }
      let (leftTurn, rightTurn) = (lastServed[left.lane] ?? 0, lastServed[right.lane] ?? 0)
      return leftTurn == rightTurn ? left.id > right.id : leftTurn > rightTurn
    }
    guard let next else { return }
    let waiter = waiters.remove(at: next)
    serve(waiter.lane)
    waiter.continuation.resume(returning: true)
  }

  private func serve(_ lane: Lane) {
    isBusy = true
    turn += 1
    lastServed[lane] = turn
  }
}
