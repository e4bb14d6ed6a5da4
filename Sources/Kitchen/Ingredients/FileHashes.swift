package import Checkpoints
import Dispatch
import Foundation
import Ledger
import Synchronization

/// SHA-256 of the files of opened checkpoints, read side by side and compared with the checksums that
/// they keep.
///
/// What is hashed is what the checkpoints lend, whatever has taken the files' names since.
package struct FileHashes: Sendable {
  private let addresses: [ObjectIdentifier: ContentAddress]

  /// - Parameter progress: called with bytes done and bytes in all, from any thread.
  /// - Throws: `InputError` for a file that is written to, or does not match its checksums;
  ///   `CancellationError`.
  package init(
    _ checkpoints: [Checkpoint], progress: (Int, Int) -> Void = { _, _ in }
  ) throws {
    // The largest first, so that no core ends with a large one alone.
    let files = checkpoints.flatMap(\.mappings).sorted { $0.count > $1.count }
    let total = files.reduce(0) { $0 + $1.count }
    let done = Mutex(0)
    let found = Mutex<[ObjectIdentifier: Result<ContentAddress, any Error>]>([:])
    withUnsafeCurrentTask { task in
      withoutActuallyEscaping(progress) { progress in
        // Sendable in fact: concurrentPerform does not return before the last call.
        nonisolated(unsafe) let (progress, task) = (progress, task)
        DispatchQueue.concurrentPerform(iterations: files.count) { place in
          let file = files[place]
          let result = Result {
            try file.verifyChecksums()
            return try Ledger.hash(file) {
              task?.isCancelled ?? false
            } progress: { count in
              let sum = done.withLock { done in
                done += count
                return done
              }
              progress(sum, total)
            }
          }
          found.withLock { $0[ObjectIdentifier(file)] = result }
        }
      }
    }
    try Task.checkCancellation()
    addresses = try found.withLock { found in
      // The same error whichever file was done first.
      for file in checkpoints.flatMap(\.mappings) { _ = try found[ObjectIdentifier(file)]?.get() }
      return found.compactMapValues { try? $0.get() }
    }
  }

  /// What names the weights that `checkpoint` gives, as provenance has it: SHA-256 of its file, or of
  /// all its files' hashes.
  ///
  /// - Parameter checkpoint: one of those that were hashed.
  package func sha256(of checkpoint: Checkpoint, opened options: CheckpointOptions) -> String {
    let files = Dictionary(zip(checkpoint.files, checkpoint.mappings)) { first, _ in first }
    return ContentAddress.of(checkpoint, opened: options) { path in
      guard let file = files[path], let address = addresses[ObjectIdentifier(file)] else {
        preconditionFailure("\(path) was not hashed")
      }
      return address
    }.hex
  }
}
