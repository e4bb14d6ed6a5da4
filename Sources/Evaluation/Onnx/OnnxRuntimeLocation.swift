import Foundation

/// Where ONNX Runtime's shared library was looked for, and whether it was found.
package struct OnnxRuntimeLocation: Sendable {
  /// One place that was tried.
  package struct Attempt: Hashable, Sendable {
    /// What the place is: `ORT_DYLIB_PATH`, `the loader's path`, `VIRTUAL_ENV`, ...
    package let source: String
    /// A library, or the pattern that matched none.
    package let path: String
    /// Why it cannot be used; nil for the one that is.
    package let problem: String?
  }

  /// In the order they were tried; the last is the library when there is one.
  package let attempts: [Attempt]
  package let runtime: OnnxRuntime?
}

/// The libraries that may be tried, in order: what `OnnxRuntime.locate` walks through.
struct OnnxRuntimeSearch {
  struct Place: Hashable {
    let source: String
    /// A path, or a name for the loader when it has no slash.
    let pattern: String
  }

  let places: [Place]

  /// - Parameters:
  ///   - environment: of the process.
  ///   - folder: the current folder.
  init(environment: [String: String], folder: String) {
    func set(_ name: String) -> String? {
      environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    var places: [Place] = []
    if let path = set("ORT_DYLIB_PATH") {
      places.append(Place(source: "ORT_DYLIB_PATH", pattern: path))
    }
    for name in ["libonnxruntime.so", "libonnxruntime.so.1"] {
      places.append(Place(source: "the loader's path", pattern: name))
    }
    var homes: [(String, String)] = []
    if let home = set("VIRTUAL_ENV") { homes.append(("VIRTUAL_ENV", home)) }
    homes.append(("./.venv", folder + "/.venv"))
    if let data = set("XDG_DATA_HOME") ?? set("HOME").map({ $0 + "/.local/share" }) {
      homes.append(("Stockpot's data folder", data + "/stockpot/python"))
    }
    for (source, home) in homes {
      let pattern = "/lib/python3*/site-packages/onnxruntime/capi/libonnxruntime.so*"
      places.append(Place(source: source, pattern: home + pattern))
    }
    self.places = places
  }

  /// The files a pattern stands for, best first; a name without a slash stands for itself.
  static func expand(_ pattern: String) -> [String] {
    guard pattern.contains("*") else { return [pattern] }
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, 0, nil, &result) == 0, let paths = result.gl_pathv else { return [] }
    let found = (0..<Int(result.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
    // Newer Pythons and longer version numbers last in the alphabet, near enough.
    return found.sorted { $0.compare($1, options: .numeric) == .orderedDescending }
  }
}
