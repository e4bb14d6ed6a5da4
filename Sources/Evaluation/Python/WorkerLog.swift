import Checkpoints
import Foundation

/// What a worker prints, kept in a file: its last words are the cause of many a crash.
final class WorkerLog: Sendable {
  let path: String
  let descriptor: Int32
  /// Where in the file this worker's words begin.
  private let start: Int

  /// A log that has grown beyond this starts anew.
  private static let limit = 4 << 20

  /// - Throws: `InputError` when the file cannot be written.
  init(folder: String, index: Int, header: String) throws {
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    path = "\(folder)/python-\(index).log"
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    self.descriptor = descriptor
    guard descriptor >= 0 else {
      throw InputError(
        file: path, problem: "cannot be written: \(String(cString: strerror(errno)))",
        mend: "Make its folder writable")
    }
    if lseek(descriptor, 0, SEEK_END) > Self.limit { ftruncate(descriptor, 0) }
    let line = Array("— \(header)\n".utf8)
    _ = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    start = Int(lseek(descriptor, 0, SEEK_END))
  }

  deinit { close(descriptor) }

  /// The last of what this worker said.
  func tail(_ count: Int = 16 << 10) -> String {
    let end = Int(lseek(descriptor, 0, SEEK_END))
    let from = max(start, end - count)
    guard end > from else { return "" }
    var bytes = [UInt8](repeating: 0, count: end - from)
    let read = bytes.withUnsafeMutableBytes {
      pread(descriptor, $0.baseAddress, $0.count, off_t(from))
    }
    return String(decoding: bytes.prefix(max(read, 0)), as: UTF8.self)
  }
}
