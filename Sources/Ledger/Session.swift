import Crypto
import Foundation
import Synchronization

/// This opening of the ledger, told apart from all others, living or dead.
///
/// It holds a lock on a file of its own for as long as it lives. The system releases the lock when
/// the process ends, in whatever way, so that others can tell without trusting process numbers, which
/// are used again and differ between containers.
final class Session: Sendable {
  let id: String
  private let file: String
  private let descriptor: Int32
  private let isTrusted = Atomic(true)

  /// - Throws: `POSIXError` when the lock file cannot be made.
  init(folder: String) throws {
    id = UUID().uuidString.lowercased()
    file = "\(folder)/\(id).lock"
    descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
  }

  /// Leaves the lock file behind, as a killed process does: the next opening is going to check.
  func distrust() { isTrusted.store(false, ordering: .relaxed) }

  deinit {
    if isTrusted.load(ordering: .relaxed) { unlink(file) }
    close(descriptor)
  }

  /// Whether another session has ended without removing its lock file; what such left is removed.
  func removeTraces(in folder: String) -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let others = names.filter { $0.hasSuffix(".lock") }.map { String($0.dropLast(5)) }
    return !others.filter { $0 != id && Self.hasEnded($0, folder: folder) }.isEmpty
  }

  /// Whether the session of that id has ended; what it left is removed.
  ///
  /// Where the file system knows no locks a session counts as living as long as its file is there.
  static func hasEnded(_ id: String, folder: String) -> Bool {
    let file = "\(folder)/\(id).lock"
    let descriptor = open(file, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return errno == ENOENT }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
    unlink(file)
    return true
  }
}

/// A lock on a file that one process at a time holds for the length of `body`.
///
/// Where the file system knows no locks, `body` runs without one.
func withLock<Result>(file: String, _ body: () throws -> Result) throws -> Result {
  let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
  guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
  defer { close(descriptor) }
  while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
  return try body()
}
