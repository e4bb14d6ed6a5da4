import Synchronization

/// Adds up values that come from many threads in the order of their numbers, so that the sum does
/// not depend on which thread was faster.
final class OrderedSum<Part: Sendable, Total: Sendable>: Sendable {
  private struct State: Sendable {
    var total: Total
    var next = 0
    var waiting: [Int: Part] = [:]
  }

  private let state: Mutex<State>
  private let add: @Sendable (inout Total, Int, Part) -> Void

  /// - Parameter add: adds the part of that number to the total.
  init(_ zero: Total, add: @escaping @Sendable (inout Total, Int, Part) -> Void) {
    self.state = Mutex(State(total: zero))
    self.add = add
  }

  /// Hands in part `number`; each number from zero comes once.
  func submit(_ part: Part, number: Int) {
    state.withLock { state in
      state.waiting[number] = part
      while let part = state.waiting.removeValue(forKey: state.next) {
        add(&state.total, state.next, part)
        state.next += 1
      }
    }
  }

  var total: Total { state.withLock { $0.total } }
}
