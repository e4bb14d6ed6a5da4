import Glibc

/// A regular file's bytes, mapped read-only: nothing is read before it is touched.
///
/// The file is closed as soon as it is mapped, so thousands may be open. A file replaced by rename
/// keeps its old bytes here. One that is written to in place while mapped is noticed by
/// `checkUnchanged`, which every reader of tensors calls first; what remains is the moment between
/// that check and the reading: bytes cut off in it end the process with SIGBUS, as they do every
/// program that maps files.
package final class MappedFile: Sendable {
  /// The path as it was given.
  package let path: String
  /// Bytes; at least one.
  package let count: Int
  private let stamp: Stamp
  // The mapping is read-only and lives as long as this object, so any thread may read it.
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer

  /// Maps the file at `path`.
  ///
  /// - Throws: `InputError` when it is missing, a folder, no regular file, empty, or unreadable.
  package init(path: String) throws {
    // A FIFO would block the opening without O_NONBLOCK.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw SystemError.inputError(errno, file: path, action: "read")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw SystemError.inputError(errno, file: path, action: "read")
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw InputError(file: path, problem: "is a folder", mend: "Name a file in it")
    }
    try Self.checkIsFile(status, path: path)
    let count = Int(status.st_size)
    let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address, address != MAP_FAILED else {
      throw SystemError.inputError(errno, file: path, action: "read")
    }
    self.path = path
    self.count = count
    self.stamp = Stamp(status)
    self.base = address
  }

  deinit { munmap(base, count) }

  /// - Throws: `InputError` for what has no bytes to be mapped.
  static func checkIsFile(_ status: stat, path: String) throws {
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw InputError(file: path, problem: "is not a regular file", mend: "Copy it to a file")
    }
    guard status.st_size > 0 else {
      throw InputError(
        file: path, problem: "is empty", mend: "Copy or save it again; the first try was cut short")
    }
  }

  /// All bytes.
  ///
  /// The buffer must not outlive this object.
  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// Lends all bytes, keeping the mapping alive meanwhile.
  package func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(self) { try body(bytes) }
  }

  /// Lends all bytes in order, a piece at a time, each read ahead by the system.
  ///
  /// - Throws: `InputError` when the file was written to before the last piece was done, and what
  ///   `body` throws.
  package func withPieces(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let length = 16 << 20
    for start in stride(from: 0, to: count, by: length) {
      try checkUnchanged()
      let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + length, count)])
      madvise(base + start, piece.count, MADV_WILLNEED)
      try withExtendedLifetime(self) { try body(piece) }
    }
    try checkUnchanged()
  }

  /// Throws when the file was written to since it was mapped; costs about a microsecond.
  ///
  /// - Throws: `InputError` naming the file.
  package func checkUnchanged() throws {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    let now = Stamp(status)
    if now.isSameFile(as: stamp), now != stamp {
      throw InputError(
        file: path, problem: "was written to while it was in use",
        mend: "Wait until whatever writes it has finished, then open it again")
    }
  }
}

/// What tells a file's contents changed without reading them.
private struct Stamp: Hashable, Sendable {
  let device: UInt
  let inode: UInt
  let size: Int
  let seconds: Int
  let nanoseconds: Int

  init(_ status: stat) {
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
    size = Int(status.st_size)
    seconds = Int(status.st_mtim.tv_sec)
    nanoseconds = Int(status.st_mtim.tv_nsec)
  }

  func isSameFile(as other: Stamp) -> Bool { device == other.device && inode == other.inode }
}
