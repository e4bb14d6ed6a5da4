import Foundation

/// A thread for a screen alone.
///
/// The threads that Swift shares among tasks are as many as there are cores: a screen that slept on
/// one of them would take it from the work that it shows, and wait with it for its turn.
enum ScreenThread {
  /// Runs a screen to its end.
  static func run<Result: Sendable>(
    _ screen: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        Thread.current.name = "screen"
        continuation.resume(with: Swift.Result(catching: screen))
      }
    }
  }
}
