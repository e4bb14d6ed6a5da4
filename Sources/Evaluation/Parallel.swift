import Dispatch
import Foundation
import Synchronization

/// Work on rows, spread over the cores.
package enum Parallel {
  /// Below this many numbers a second thread costs more than it saves.
  private static let smallest = 1 << 15

  /// Results of `body` for consecutive ranges that cover `0..<rows`, in their order.
  ///
  /// The ranges depend on `rows` and `width` alone, never on the machine, so that sums over them come
  /// out the same everywhere.
  package static func map<Result: Sendable>(
    rows: Int, width: Int, _ body: @Sendable (Range<Int>) -> Result
  ) -> [Result] {
    let perChunk = max(smallest / max(width, 1), 1)
    let chunks = max((rows + perChunk - 1) / perChunk, 1)
    let range = { @Sendable (chunk: Int) in chunk * perChunk..<min((chunk + 1) * perChunk, rows) }
    if chunks == 1 { return [body(0..<rows)] }
    let results = Mutex([Result?](repeating: nil, count: chunks))
    let next = Atomic(0)
    let workers = min(ProcessInfo.processInfo.activeProcessorCount, chunks)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard chunk < chunks else { return }
        let result = body(range(chunk))
        results.withLock { $0[chunk] = result }
      }
    }
    return results.withLock { $0.compactMap { $0 } }
  }
}
