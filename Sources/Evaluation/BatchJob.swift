import Synchronization

/// The batches of one evaluation: handed out to several workers, received in order by one at a time.
final class BatchJob: Sendable {
  private struct State {
    /// The next batch that nobody has taken.
    var next = 0
    /// Batches that were taken in vain.
    var returned: [Int] = []
    /// Finished batches whose predecessors are not.
    var finished: [Int: LogitBatch] = [:]
    /// The next batch to be received.
    var due = 0
    var isDelivering = false
    var isOver = false
    var failure: (any Error)?
  }

  private let order: [Int]
  private let batches: [Range<Int>]
  private let stop: @Sendable () -> Void
  private let receive: @Sendable (LogitBatch) -> Flow
  private let state = Mutex(State())

  /// - Parameter stop: called once when the job ends early, to break off what is under way.
  init(
    order: [Int], plan: BatchPlan, stop: @escaping @Sendable () -> Void,
    receive: @escaping @Sendable (LogitBatch) -> Flow
  ) {
    self.order = order
    batches = plan.ranges
    self.stop = stop
    self.receive = receive
  }

  var exampleCount: Int { order.count }
  var batchCount: Int { batches.count }

  /// A batch nobody has taken yet; nil when there is none or the job is over.
  func take() -> (number: Int, examples: ArraySlice<Int>)? {
    let number = state.withLock { state -> Int? in
      guard !state.isOver else { return nil }
      if let number = state.returned.popLast() { return number }
      guard state.next < batchCount else { return nil }
      state.next += 1
      return state.next - 1
    }
    return number.map { ($0, order[batches[$0]]) }
  }

  /// Has a batch taken again that its taker could not finish.
  func giveBack(_ number: Int) {
    state.withLock { $0.returned.append(number) }
  }

  /// Takes in a finished batch, and passes on all that are due unless another thread is at it.
  func finish(_ number: Int, _ logits: LogitBatch) {
    let mine = state.withLock { state -> Bool in
      state.finished[number] = logits
      if state.isDelivering { return false }
      state.isDelivering = true
      return true
    }
    guard mine else { return }
    while let batch = dueBatch() {
      if receive(batch) == .stop { end() }
    }
  }

  private func dueBatch() -> LogitBatch? {
    state.withLock { state in
      guard !state.isOver, let batch = state.finished.removeValue(forKey: state.due) else {
        state.isDelivering = false
        return nil
      }
      state.due += 1
      return batch
    }
  }

  /// Ends the job: no batch is started or received any more, and runs under way are broken off.
  func end(_ failure: (any Error)? = nil) {
    let first = state.withLock { state -> Bool in
      // What runs say after they were broken off is not the cause.
      if state.isOver { return false }
      state.isOver = true
      state.failure = failure
      return true
    }
    if first { stop() }
  }

  var isOver: Bool { state.withLock { $0.isOver } }

  /// - Throws: what the job failed with.
  func check() throws {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }
}
