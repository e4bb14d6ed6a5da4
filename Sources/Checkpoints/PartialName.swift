import FoundationEssentials
import Glibc

/// The hidden name that a file or folder has while it is written: `.NAME.UNIQUE.partial` beside the
/// place that it is going to take.
///
/// Whoever writes holds a lock on it, which the system takes back when the process ends in whatever
/// way: what is not locked was abandoned.
enum PartialName {
  /// A new name for `target` in `folder`.
  static func make(for target: String, in folder: String) -> String {
    let unique = String(UInt64.random(in: .min ... .max), radix: 36)
    return "\(folder)/\(prefix(target))\(unique)\(ending)"
  }

  /// Marks what is open as being written.
  ///
  /// - Returns: false when it was removed in the moment before, as abandoned. Where the file system has
  ///   no locks nothing is ever removed.
  static func lock(_ descriptor: Int32) -> Bool {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return errno != EWOULDBLOCK }
    var status = stat()
    return fstat(descriptor, &status) != 0 || status.st_nlink > 0
  }

  /// Removes what processes that were killed have left in `folder` of `target`.
  static func removeAbandoned(of target: String, in folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where isPartial(name, of: target) {
      let path = "\(folder)/\(name)"
      let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
        try? FileManager.default.removeItem(atPath: path)
      }
    }
  }

  private static let ending = ".partial"

  private static func prefix(_ target: String) -> String {
    let name = target.split(separator: "/").last.map(String.init) ?? "file"
    return ".\(name.prefix(60))."
  }

  private static func isPartial(_ name: String, of target: String) -> Bool {
    let prefix = prefix(target)
    guard name.hasPrefix(prefix), name.hasSuffix(ending) else { return false }
    let unique = name.dropFirst(prefix.count).dropLast(ending.count)
    return !unique.isEmpty && UInt64(unique, radix: 36) != nil
  }
}

/// Room on disks.
enum DiskRoom {
  /// Checks that `count` bytes have room where `descriptor` is, so that a full disk is known before the
  /// work is done.
  ///
  /// - Parameter path: what is going to be written.
  /// - Throws: `InputError` when they have not. File systems that cannot tell do not throw.
  static func check(for count: Int, at descriptor: Int32, path: String) throws {
    var status = statvfs()
    guard fstatvfs(descriptor, &status) == 0, status.f_blocks > 0 else { return }
    let (free, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(
      by: UInt64(status.f_frsize))
    guard overflow || UInt64(count) <= free else {
      throw InputError(
        file: path, problem: "needs \(count) bytes, but \(free) are free there",
        mend: "Free some space, or choose another place")
    }
  }
}
