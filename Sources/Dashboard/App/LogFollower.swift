import Kitchen
import Synchronization

/// Reads logs again while somebody looks at them, and tells when they have grown.
final class LogFollower: Sendable {
  private static let pause = Duration.milliseconds(400)

  private let task = Mutex<Task<Void, Never>?>(nil)

  /// Tells what is there at once, and from then on whatever differs; instead of what it did before.
  func start(
    reading read: @escaping @Sendable () -> [LogText],
    tell: @escaping @Sendable ([LogText]) -> Void
  ) {
    let next = Task(priority: .utility) {
      var known: [LogText]?
      while !Task.isCancelled {
        let texts = read()
        if texts != known { tell(texts) }
        known = texts
        try? await Task.sleep(for: Self.pause)
      }
    }
    exchange(next)
  }

  func stop() { exchange(nil) }

  private func exchange(_ next: Task<Void, Never>?) {
    task.withLock { task in
      task?.cancel()
      task = next
    }
  }
}
