import Glibc
import Synchronization

/// A file that appears under its name complete, or not at all.
///
/// Bytes go to a file in the same folder that has no name where the file system allows that
/// (`O_TMPFILE`: then not even a killed process leaves one), and a hidden temporary name elsewhere.
/// `commit` makes them durable and gives them the name. Released without `commit`, everything
/// written is gone.
package final class AtomicFile: Sendable {
  /// The final path.
  package let path: String
  private let overwrite: Bool
  private let folder: String
  private let descriptor: Int32
  /// The name to remove unless it is renamed; nil while the file has none.
  private let temporary: Mutex<String?>

  /// Starts a file that will be named `path`.
  ///
  /// - Throws: `InputError` when `path` exists and `overwrite` is false, or the folder is missing,
  ///   or not writable.
  package init(path: String, overwrite: Bool = false) throws {
    var status = stat()
    if lstat(path, &status) == 0 {
      guard status.st_mode & S_IFMT != S_IFDIR else {
        throw InputError(file: path, problem: "is a folder", mend: "Name a file")
      }
      guard overwrite else { throw Self.exists(path) }
    }
    self.path = path
    self.overwrite = overwrite
    self.folder = Self.folder(of: path)
    let unnamed = open(folder, Self.temporaryFlag | O_RDWR | O_CLOEXEC, 0o666)
    if unnamed >= 0 {
      // For the moment in which it has a hidden name before it takes that of another file.
      flock(unnamed, LOCK_EX | LOCK_NB)
      self.descriptor = unnamed
      self.temporary = Mutex(nil)
      return
    }
    if errno == ENOENT {
      throw InputError(
        file: path, problem: "its folder \(folder) does not exist", mend: "Create it first")
    }
    PartialName.removeAbandoned(of: path, in: folder)
    let hidden = try Self.openHidden(for: path, in: folder)
    descriptor = hidden.descriptor
    temporary = Mutex(hidden.name)
  }

  private static func openHidden(
    for path: String, in folder: String
  ) throws -> (descriptor: Int32, name: String) {
    while true {
      let name = PartialName.make(for: path, in: folder)
      let descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else {
        throw SystemError.inputError(errno, file: path, action: "written")
      }
      if PartialName.lock(descriptor) { return (descriptor, name) }
      close(descriptor)
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    temporary.withLock { name in
      if let name { unlink(name) }
    }
  }

  /// Checks that `count` bytes have room, so that a full disk is known before the work is done.
  ///
  /// - Throws: `InputError` when they have not. File systems that cannot tell do not throw.
  package func checkRoom(for count: Int) throws {
    try DiskRoom.check(for: count, at: descriptor, path: path)
  }

  /// Writes `bytes` at `offset`; threads may write different places at once.
  ///
  /// - Throws: `InputError` when the system refuses, as on a full disk.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let written = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if written > 0 {
        done += written
      } else if written == 0 || errno != EINTR {
        throw SystemError.inputError(written == 0 ? ENOSPC : errno, file: path, action: "written")
      }
    }
  }

  /// Makes the bytes durable.
  ///
  /// - Throws: `InputError` when the system refuses, as on a full disk.
  package func flush() throws {
    guard fsync(descriptor) == 0 else {
      throw SystemError.inputError(errno, file: path, action: "written")
    }
  }

  /// Makes the bytes durable and gives the file its name.
  ///
  /// - Throws: `InputError` when that fails, or a file of that name has appeared and `overwrite` is
  ///   false. The file that had the name, if any, is then untouched.
  package func commit() throws {
    try flush()
    try temporary.withLock { name in
      if name == nil, !overwrite {
        try Self.check(Self.link(descriptor, path), path)
      } else {
        let present = name ?? PartialName.make(for: path, in: folder)
        if name == nil { try Self.check(Self.link(descriptor, present), path) }
        name = present
        if overwrite {
          try Self.check(rename(present, path), path)
        } else if Glibc.link(present, path) == 0 {
          unlink(present)
        } else {
          // A file system without hard links cannot name a file only if the name is free.
          guard errno != EEXIST, access(path, F_OK) != 0 else { throw Self.exists(path) }
          try Self.check(rename(present, path), path)
        }
        name = nil
      }
    }
    // The name is durable once its folder is; a folder that cannot be opened is not an error.
    let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if parent >= 0 {
      fsync(parent)
      close(parent)
    }
  }

  // MARK: Names

  // `O_TMPFILE`, a macro too involved to be imported: `__O_TMPFILE | O_DIRECTORY`.
  private static var temporaryFlag: Int32 { 0o20_000_000 | O_DIRECTORY }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func link(_ descriptor: Int32, _ path: String) -> Int32 {
    linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, path, AT_SYMLINK_FOLLOW)
  }

  private static func check(_ result: Int32, _ path: String) throws {
    guard result != 0 else { return }
    if errno == EEXIST { throw exists(path) }
    throw SystemError.inputError(errno, file: path, action: "written")
  }

  private static func exists(_ path: String) -> InputError {
    InputError(
      file: path, problem: "already exists", mend: "Choose another name, or allow overwriting")
  }
}
