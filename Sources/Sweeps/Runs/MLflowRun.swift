import Checkpoints
import OrderedCollections

/// A run in MLflow's file store: `meta.yaml`, a file a parameter, a file a metric, `artifacts`.
struct MLflowRun {
  private let folder: String
  private let names: Set<String>

  init?(_ folder: String, _ names: Set<String>) {
    guard names.contains("meta.yaml"), names.contains("params") || names.contains("metrics") else {
      return nil
    }
    self.folder = folder
    self.names = names
  }

  /// Nil for a run that was deleted in MLflow.
  func run() throws(InputError) -> TrackedRun? {
    let meta = try JSONValue(readingYAML: folder + "/meta.yaml").object ?? [:]
    if meta["lifecycle_stage"]?.string == "deleted" { return nil }
    var run = TrackedRun(folder: folder)
    run.id = meta["run_id"]?.string ?? lastComponent(of: folder)
    run.name = meta["run_name"]?.string ?? (try? text(of: folder + "/tags/mlflow.runName"))
    for (name, path) in values(in: folder + "/params") {
      let value = try text(of: path)
      run.settings[name] = JSONValue.number(value) ?? .string(value)
    }
    for (name, path) in values(in: folder + "/metrics") {
      // A line a value: time, value, step.
      let last = try text(of: path).split(separator: "\n").last?.split(separator: " ")
      guard let last, last.count >= 2, let value = JSONValue.number(String(last[1])) else {
        throw InputError(file: path, problem: "its last line is not a time, a value and a step")
      }
      run.metrics[name] = value
    }
    let found = checkpointFiles(in: folder + "/artifacts", depth: 0)
    run.snapshots = found.map { .init(file: $0, metrics: run.metrics) }
    run.checkpoint = found.first { checkpointStem($0).contains("best") } ?? found.last
    return run
  }

  /// Names and paths; a slash in a metric's name is a folder.
  private func values(in folder: String, prefix: String = "") -> [(name: String, path: String)] {
    entries(of: folder).flatMap { name in
      let path = folder + "/" + name
      return isFolder(path)
        ? values(in: path, prefix: prefix + name + "/") : [(prefix + name, path)]
    }
  }

  private func checkpointFiles(in folder: String, depth: Int) -> [String] {
    guard depth < 4 else { return [] }
    if depth > 0, let weights = weights(inFolder: folder) { return [weights] }
    return entries(of: folder).flatMap { name in
      let path = folder + "/" + name
      if isFolder(path) { return checkpointFiles(in: path, depth: depth + 1) }
      return isCheckpointName(name) ? [path] : []
    }
  }

  private func text(of path: String) throws(InputError) -> String {
    let bytes = try readBytes(of: path)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw InputError(file: path, problem: "not a text in UTF-8")
    }
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }
}
