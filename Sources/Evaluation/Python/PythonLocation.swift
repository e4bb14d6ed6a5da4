import Checkpoints
import Foundation

/// Finds the Python that runs a user's file.
package enum PythonLocation {
  /// The interpreter asked for; without one that of `VIRTUAL_ENV`, of `.venv` in the sweep's folder,
  /// or `python3` on the path.
  ///
  /// - Parameter asked: a path, relative to `folder`, or a command's name.
  /// - Throws: `InputError` when there is none.
  package static func find(
    asked: String?, folder: String, environment: [String: String]
  ) throws -> String {
    if let asked, !asked.isEmpty { return try chosen(asked, folder: folder, environment) }
    var tried: [String] = []
    for home in [environment["VIRTUAL_ENV"], folder + "/.venv"] {
      guard let home, !home.isEmpty else { continue }
      let path = home + "/bin/python"
      if isExecutable(path) { return path }
      tried.append(path)
    }
    for name in ["python3", "python"] {
      if let path = command(name, environment) { return path }
    }
    throw InputError(
      file: "Python",
      problem: "was not found: neither " + tried.joined(separator: " nor ")
        + " nor python3 on the PATH",
      mend: "Activate the environment you train in, or name its Python under [evaluator] with "
        + "python = \"PATH\"")
  }

  private static func chosen(
    _ asked: String, folder: String, _ environment: [String: String]
  ) throws -> String {
    let mend = "Correct python = \"\(asked)\" under [evaluator]"
    guard asked.contains("/") else {
      if let path = command(asked, environment) { return path }
      throw InputError(file: asked, problem: "is not a command on the PATH", mend: mend)
    }
    let expanded = (asked as NSString).expandingTildeInPath
    var path = expanded.hasPrefix("/") ? expanded : "\(folder)/\(expanded)"
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      // An environment in place of its interpreter.
      path += "/bin/python"
    }
    guard isExecutable(path) else {
      throw InputError(file: path, problem: "is not there or cannot be run", mend: mend)
    }
    return path
  }

  private static func command(_ name: String, _ environment: [String: String]) -> String? {
    (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").lazy
      .map { "\($0)/\(name)" }.first(where: isExecutable)
  }

  private static func isExecutable(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: path)
  }
}
