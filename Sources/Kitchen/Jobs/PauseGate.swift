import Synchronization

/// Holds a job between two steps while it is paused, or while others go first.
package final class PauseGate: Sendable {
  private struct State {
    var isPaused = false
    var isHeld = false
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    var nextID = 0
  }

  private let state = Mutex(State())

  package init() {}

  package var isPaused: Bool { state.withLock(\.isPaused) }

  package func pause() { change { $0.isPaused = true } }

  package func resume() { change { $0.isPaused = false } }

  /// Lets others go first, or goes on.
  func hold(_ isHeld: Bool) { change { $0.isHeld = isHeld } }

  private func change(_ change: (inout State) -> Void) {
    let waiters = state.withLock { state in
      change(&state)
      guard !state.isPaused, !state.isHeld else { return [CheckedContinuation<Void, Never>]() }
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns at once, or when the gate is opened.
  /// - Throws: `CancellationError` when the task is cancelled meanwhile.
  package func pass() async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOpen = state.withLock { state in
          if !(state.isPaused || state.isHeld) || Task.isCancelled { return true }
          state.waiters[id] = continuation
          return false
        }
        if isOpen { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
    try Task.checkCancellation()
  }
}
