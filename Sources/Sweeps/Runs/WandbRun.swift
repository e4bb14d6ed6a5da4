import Checkpoints
import OrderedCollections

/// A folder of Weights & Biases: `run-DATE-ID/files` with `config.yaml` and `wandb-summary.json`.
struct WandbRun {
  private let folder: String
  private let files: String

  /// Settings under which people keep a run's name.
  private static let nameSettings = [
    "run_name", "name", "exp_name", "experiment_name", "experiment",
  ]

  init?(_ folder: String, _ names: Set<String>) {
    let name = lastComponent(of: folder)
    guard names.contains("files"), name.hasPrefix("run-") || name.hasPrefix("offline-run-"),
      ["config.yaml", "wandb-summary.json"].contains(where: { isThere("\(folder)/files/\($0)") })
    else { return nil }
    self.folder = folder
    files = folder + "/files"
  }

  func run() throws(InputError) -> TrackedRun {
    var run = TrackedRun(folder: folder)
    run.id = lastComponent(of: folder).split(separator: "-").last.map(String.init)
    if isThere(files + "/config.yaml") {
      let config = try JSONValue(readingYAML: files + "/config.yaml").object ?? [:]
      for (key, value) in config where key != "_wandb" && key != "wandb_version" {
        // Every setting is an object of a description and the value.
        if let members = value.object, let inner = members["value"] {
          run.settings[key] = inner
        } else {
          run.settings[key] = value
        }
      }
    }
    run.name = Self.nameSettings.lazy.compactMap { run.settings[$0]?.string }.first
    if isThere(files + "/wandb-summary.json") {
      let summary = try JSONValue(readingJSON: files + "/wandb-summary.json").object ?? [:]
      for (key, value) in summary { add(key, value, to: &run.metrics) }
    }
    if let weights = weights(inFolder: files) {
      run.snapshots = [.init(file: weights, metrics: run.metrics)]
      run.checkpoint = weights
    }
    return run
  }

  /// Nested values become `val/acc`; of a summary by minimum and maximum the last counts.
  private func add(_ key: String, _ value: JSONValue, to metrics: inout TrackedRun.Columns) {
    guard let members = value.object else {
      metrics[key] = value
      return
    }
    if let one = members["last"] ?? members["max"], one.number != nil {
      metrics[key] = one
    } else {
      for (name, member) in members { add("\(key)/\(name)", member, to: &metrics) }
    }
  }
}
