import CDemoSweep
import Checkpoints
import Foundation

/// The sweep that comes with the program: 24 fine-tunes of a small vision transformer on digits.
package enum DemoSweep {
  /// One of its files.
  package struct File: Sendable {
    /// Within the sweep's folder.
    package let path: String
    // The content is part of the program: constant, and there as long as it runs.
    nonisolated(unsafe) package let bytes: UnsafeRawBufferPointer
  }

  /// All of them, by path.
  package static let files: [File] = (0..<demo_sweep_file_count()).map { index in
    File(
      path: String(cString: demo_sweep_file_path(index)),
      bytes: UnsafeRawBufferPointer(
        start: demo_sweep_file_bytes(index), count: demo_sweep_file_length(index)))
  }

  /// Writes the sweep to `folder`, so that it ends up there whole.
  ///
  /// Files that are there with the same content are kept, others are written by a temporary file and
  /// renaming; what else is in the folder, a ledger for one, is left alone.
  /// - Throws: `InputError` naming the file that cannot be written.
  package static func write(to folder: String) throws {
    let folder = absolutePath(folder, in: FileManager.default.currentDirectoryPath)
    for file in files {
      let path = absolutePath(file.path, in: folder)
      if let present = try? readBytes(of: path), isSame(present, file.bytes) { continue }
      do {
        try FileManager.default.createDirectory(
          atPath: parentFolder(of: path), withIntermediateDirectories: true)
        try Data(file.bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
      } catch {
        throw InputError(
          file: path, problem: "cannot be written (\(error.localizedDescription))",
          mend: "Make the folder writable, or free space on its disk")
      }
    }
  }

  private static func isSame(_ present: [UInt8], _ bytes: UnsafeRawBufferPointer) -> Bool {
    guard present.count == bytes.count else { return false }
    guard let expected = bytes.baseAddress else { return true }
    return present.withUnsafeBytes { $0.baseAddress.map { memcmp($0, expected, bytes.count) == 0 } }
      ?? true
  }
}
