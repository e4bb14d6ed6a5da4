import Synchronization

/// Lets one caller through at a time, in the order they came; the others wait without a thread.
final class Turnstile: Sendable {
  private struct State {
    var busy = false
    var ticket = 0
    var waiting: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    /// Tickets cancelled before they waited.
    var cancelled: Set<Int> = []
  }

  private let state = Mutex(State())

  /// Runs `body` when it is this caller's turn.
  ///
  /// - Throws: `CancellationError` when the task was cancelled before, else what `body` throws.
  func run<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
    try await enter()
    defer { leave() }
    return try await body()
  }

  private func enter() async throws {
    let ticket = state.withLock { state in
      state.ticket += 1
      return state.ticket
    }
    let entered = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          if state.cancelled.remove(ticket) != nil { return false }
          if state.busy {
            state.waiting.append((ticket, continuation))
            return nil
          }
          state.busy = true
          return true
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiting = state.withLock { state -> CheckedContinuation<Bool, Never>? in
        if let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) {
          return state.waiting.remove(at: index).continuation
        }
        state.cancelled.insert(ticket)
        return nil
      }
      waiting?.resume(returning: false)
    }
    _ = state.withLock { $0.cancelled.remove(ticket) }
    if !entered { throw CancellationError() }
  }

  private func leave() {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      if state.waiting.isEmpty {
        state.busy = false
        return nil
      }
      return state.waiting.removeFirst().continuation
    }
    next?.resume(returning: true)
  }
}
