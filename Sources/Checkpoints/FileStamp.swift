import Foundation

/// What tells cheaply that a file has not changed.
package struct FileStamp: Hashable, Sendable {
  package let size: Int64
  /// Nanoseconds since 1970.
  package let modified: Int64
  /// Of the file's entry; programs cannot set it back, as they can `modified`.
  package let changed: Int64
  package let inode: Int64

  /// Nil for a file that is not there or cannot be looked at.
  package init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    size = Int64(status.st_size)
    modified = Self.nanoseconds(status.st_mtim)
    changed = Self.nanoseconds(status.st_ctim)
    inode = Int64(bitPattern: UInt64(status.st_ino))
  }

  /// File systems keep years that 64 bits of nanoseconds do not reach; those are cut to 2116.
  private static func nanoseconds(_ time: timespec) -> Int64 {
    let most: Int64 = 1 << 62
    let seconds = min(max(Int64(time.tv_sec), -most / 1_000_000_000), most / 1_000_000_000)
    return seconds * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Whether a change after now would be sure to show: clocks of file systems may be coarse.
  package var isSettled: Bool {
    let now = Int64(Date().timeIntervalSince1970 * 1e9)
    return now - max(modified, changed) > 2_000_000_000
  }
}

/// Several files as they stood at one moment.
package struct FileStamps: Hashable, Sendable {
  package let files: [String]
  private let stamps: [FileStamp?]

  /// Looks at `files` now.
  package init(_ files: [String]) {
    self.files = files
    stamps = files.map(FileStamp.init)
  }

  /// Whether every file is what it was.
  package var areCurrent: Bool { FileStamps(files) == self }

  /// What is said of a file that became another one between two looks at it.
  package static func change(of file: String) -> InputError {
    InputError(
      file: file, problem: "changes while it is read", mend: "Wait until it is written, then retry")
  }
}
