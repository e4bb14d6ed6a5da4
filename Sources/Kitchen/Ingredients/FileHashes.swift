package import Checkpoints
import Dispatch
import Foundation
import Ledger
import Synchronization

/// SHA-256 of several files, read side by side.
package struct FileHashes: Sendable {
  private let addresses: [String: ContentAddress]

  /// - Parameter progress: called with bytes done and bytes in all, from any thread.
  /// - Throws: `InputError` for a file that cannot be read; `CancellationError`.
  package init(_ files: [String], progress: (Int, Int) -> Void = { _, _ in }) throws {
    let sizes = files.map { path in
      let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
      return size ?? 0
    }
    // The largest first, so that no core ends with a large one alone.
    let order = files.indices.sorted { sizes[$0] > sizes[$1] }
    let total = sizes.reduce(0, +)
    let done = Mutex(0)
    let found = Mutex<[String: Result<ContentAddress, any Error>]>([:])
    withUnsafeCurrentTask { task in
      withoutActuallyEscaping(progress) { progress in
        // Sendable in fact: concurrentPerform does not return before the last call.
        nonisolated(unsafe) let (progress, task) = (progress, task)
        DispatchQueue.concurrentPerform(iterations: files.count) { place in
          let index = order[place]
          let result = Result {
            try Ledger.hash(file: files[index]) { task?.isCancelled ?? false }
          }
          found.withLock { $0[files[index]] = result }
          let sum = done.withLock { done in
            done += sizes[index]
            return done
          }
          progress(sum, total)
        }
      }
    }
    try Task.checkCancellation()
    addresses = try found.withLock { try $0.mapValues { try $0.get() } }
  }

  /// What names the weights that `checkpoint` gives, as provenance has it: SHA-256 of its file, or of
  /// all its files' hashes.
  /// - Throws: `InputError` for a file that was not hashed and cannot be read.
  package func sha256(
    of checkpoint: Checkpoint, opened options: CheckpointOptions
  ) throws -> String {
    try ContentAddress.of(checkpoint, opened: options) { path in
      try addresses[path] ?? Ledger.hash(file: path)
    }.hex
  }
}
