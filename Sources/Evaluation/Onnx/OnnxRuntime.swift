import COnnxRuntime
import Checkpoints
import Foundation
import Synchronization

/// ONNX Runtime's shared library, opened at run time and never closed.
package final class OnnxRuntime: Sendable {
  /// The file that was opened, also when the loader found it by its name.
  package let path: String
  /// Such as `1.32.0`.
  package let version: String
  /// Execution providers in the library, such as `CPUExecutionProvider`.
  package let providers: [String]
  // Never changed and never freed after it was opened; its functions may be called by any thread.
  nonisolated(unsafe) let library: OpaquePointer

  private static let opened = Mutex<[String: OnnxRuntime]>([:])

  private init(path: String) throws(OnnxFailure) {
    var library: OpaquePointer?
    try OnnxFailure.check(onnx_open(path, &library))
    guard let library else { throw OnnxFailure(message: "it gave no environment") }
    var joined: UnsafeMutablePointer<CChar>?
    try OnnxFailure.check(onnx_providers(library, &joined))
    defer { onnx_free(joined) }
    self.path = onnx_file(library).map { String(cString: $0) } ?? path
    self.library = library
    version = String(cString: onnx_version(library))
    providers = joined.map { String(cString: $0).split(separator: ",").map(String.init) } ?? []
  }

  /// Opens the library at `path`, once a process.
  static func open(_ path: String) throws(OnnxFailure) -> OnnxRuntime {
    try opened.withLock { (libraries) throws(OnnxFailure) -> OnnxRuntime in
      if let library = libraries[path] { return library }
      let library = try OnnxRuntime(path: path)
      libraries[path] = library
      return library
    }
  }

  /// Looks for the library: `ORT_DYLIB_PATH`, the loader's path, then the package `onnxruntime` in
  /// Python environments (`VIRTUAL_ENV`, `./.venv`, Stockpot's data folder).
  ///
  /// The first that opens is taken. A path in `ORT_DYLIB_PATH` that does not open is reported, and
  /// the search goes on.
  package static func locate(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    folder: String = FileManager.default.currentDirectoryPath
  ) -> OnnxRuntimeLocation {
    var attempts: [OnnxRuntimeLocation.Attempt] = []
    for place in OnnxRuntimeSearch(environment: environment, folder: folder).places {
      let paths = OnnxRuntimeSearch.expand(place.pattern)
      if paths.isEmpty {
        attempts.append(.init(source: place.source, path: place.pattern, problem: "is not there"))
      }
      for path in paths {
        do {
          let runtime = try open(path)
          attempts.append(.init(source: place.source, path: path, problem: nil))
          return OnnxRuntimeLocation(attempts: attempts, runtime: runtime)
        } catch {
          attempts.append(.init(source: place.source, path: path, problem: error.message))
        }
      }
    }
    return OnnxRuntimeLocation(attempts: attempts, runtime: nil)
  }

  /// The library found by `locate`.
  ///
  /// - Throws: `InputError` naming the command that installs it.
  package static func find() throws -> OnnxRuntime {
    let location = locate()
    if let runtime = location.runtime { return runtime }
    // What is there but does not open is more telling than what is absent.
    let broken = location.attempts.first { attempt in
      attempt.source == "ORT_DYLIB_PATH"
        || attempt.path.hasPrefix("/") && attempt.problem != nil
          && attempt.problem != "is not there"
    }
    var problem = "was not found in \(location.attempts.count) places"
    if let broken { problem = "cannot be opened at \(broken.path): \(broken.problem ?? "")" }
    throw InputError(file: "ONNX Runtime", problem: problem, mend: "Run: stockpot setup")
  }
}

/// A message of ONNX Runtime.
struct OnnxFailure: Error {
  let message: String

  /// Throws `message`, which it frees, unless it is NULL.
  static func check(_ message: UnsafeMutablePointer<CChar>?) throws(OnnxFailure) {
    guard let message else { return }
    defer { onnx_free(message) }
    let text = String(cString: message)
    throw OnnxFailure(message: text.isEmpty ? "unknown failure" : text)
  }
}
