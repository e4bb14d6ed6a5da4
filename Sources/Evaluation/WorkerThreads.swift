import CProcess
import Foundation
import Synchronization

/// Threads for work that fills the cores.
///
/// They are not those that tasks share: tasks would wait until the work is done, also those that
/// are to stop it. They give way to any thread that wakes for a person.
enum WorkerThreads {
  /// Does the same work on so many threads.
  /// - Parameter then: called on the last to finish.
  static func run(
    _ count: Int = 1, _ work: @escaping @Sendable () -> Void,
    then: @escaping @Sendable () -> Void = {}
  ) {
    let working = WorkerCount(count)
    for _ in 0..<count {
      Thread.detachNewThread {
        thread_give_way()
        work()
        if working.leave() == 0 { then() }
      }
    }
  }
}

/// How many are still at it.
private final class WorkerCount: Sendable {
  private let count: Atomic<Int>

  init(_ count: Int) { self.count = Atomic(count) }

  /// - Returns: how many are left.
  func leave() -> Int { count.subtract(1, ordering: .acquiringAndReleasing).newValue }
}
