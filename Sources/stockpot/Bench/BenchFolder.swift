import Checkpoints
import Foundation

/// A folder for files to measure on, gone when this is.
final class BenchFolder {
  let path: String

  /// - Throws: `InputError` when it cannot be made.
  init(in parent: String) throws {
    path = "\(parent)/stockpot-bench-\(ProcessInfo.processInfo.processIdentifier)"
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw InputError(
        file: path, problem: "cannot be made", mend: "Name another folder with --folder")
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
