package import Checkpoints
import Crypto
import Foundation
import GRDB

extension Ledger {
  /// The SHA-256 of a file's bytes.
  ///
  /// The file is read, a MiB at a time, only when size, times and inode are not those of the last
  /// reading. An archive is then compared with the checksums that it keeps.
  /// - Throws: `InputError` when it cannot be read, changes while it is, or does not match its
  ///   checksums; `CancellationError`.
  package func address(ofFile path: String) throws -> ContentAddress {
    guard let stamp = FileStamp(path: path) else { throw Ledger.unreadable(path) }
    if let known = try storedAddress(of: path, stamp) { return known }
    let address = try Ledger.hash(file: path)
    if stamp.size > 0 { try MappedFile(path: path).verifyChecksums() }
    guard FileStamp(path: path) == stamp else {
      throw FileStamps.change(of: path)
    }
    if stamp.isSettled {
      try write { database in
        try database.execute(
          sql: """
            INSERT OR REPLACE INTO file (path, size, modified, changed, inode, address)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            path, stamp.size, stamp.modified, stamp.changed, stamp.inode, address.hex,
          ])
      }
    }
    return address
  }

  /// The SHA-256 of a file that was read before and has not changed since; nil for any other.
  package func knownAddress(ofFile path: String) throws -> ContentAddress? {
    try FileStamp(path: path).flatMap { try storedAddress(of: path, $0) }
  }

  private func storedAddress(of path: String, _ stamp: FileStamp) throws -> ContentAddress? {
    try read { database in
      try String.fetchOne(
        database,
        sql: """
          SELECT address FROM file
          WHERE path = ? AND size = ? AND modified = ? AND changed = ? AND inode = ?
          """,
        arguments: [path, stamp.size, stamp.modified, stamp.changed, stamp.inode])
    }.flatMap(ContentAddress.init(hex:))
  }

  /// The SHA-256 of a file's bytes, read now.
  /// - Parameter isCancelled: asked before each MiB.
  /// - Throws: `InputError` when it cannot be read; `CancellationError`.
  package static func hash(
    file path: String, isCancelled: () -> Bool = { Task.isCancelled }
  ) throws -> ContentAddress {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    var hash = SHA256()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      if isCancelled() { throw CancellationError() }
      let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if count == 0 { return ContentAddress(hash.finalize()) }
      if count < 0 {
        if errno == EINTR { continue }
        throw unreadable(path)
      }
      hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// The SHA-256 of a mapped file's bytes: of those that are lent from it, whatever has taken its
  /// name since.
  /// - Parameters:
  ///   - isCancelled: asked before each piece.
  ///   - progress: hears how many bytes a piece had.
  /// - Throws: `InputError` when the file is written to; `CancellationError`.
  package static func hash(
    _ file: MappedFile, isCancelled: () -> Bool, progress: (Int) -> Void
  ) throws -> ContentAddress {
    var hash = SHA256()
    try file.withPieces { piece in
      if isCancelled() { throw CancellationError() }
      hash.update(bufferPointer: piece)
      progress(piece.count)
    }
    return ContentAddress(hash.finalize())
  }

  private static func unreadable(_ path: String) -> InputError {
    InputError(
      file: path, problem: "cannot be read (\(String(cString: strerror(errno))))",
      mend: "Check that it is a file you may read")
  }
}
