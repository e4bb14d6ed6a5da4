import Checkpoints
import OrderedCollections

/// A folder of Lightning's `CSVLogger` or `TensorBoardLogger`: `hparams.yaml`, `metrics.csv` and
/// `checkpoints/`.
struct LightningRun {
  private let folder: String
  private let names: Set<String>

  init?(_ folder: String, _ names: Set<String>) {
    guard names.contains("hparams.yaml") else { return nil }
    self.folder = folder
    self.names = names
  }

  /// The checkpoint of the best epoch stands for the run, else the last.
  func run() throws(InputError) -> TrackedRun {
    let settings = try JSONValue(readingYAML: folder + "/hparams.yaml").object ?? [:]
    let hasMetrics = names.contains("metrics.csv")
    let history =
      hasMetrics ? try RunHistory(readingCSV: folder + "/metrics.csv") : RunHistory([])
    var run = TrackedRun(folder: folder, settings: settings, metrics: history.last())
    let place = names.contains("checkpoints") ? folder + "/checkpoints" : folder
    var epochs: [String: Double] = [:]
    for name in entries(of: place) where isCheckpointName(name) && stem(of: name) != "last" {
      let file = place + "/" + name
      let epoch = number(after: "epoch=", in: name)
      epochs[file] = epoch
      let metrics = epoch.map { history.last(where: "epoch", is: $0) } ?? history.last()
      run.snapshots.append(.init(file: file, metrics: metrics))
    }
    let best = history.selectionColumn.flatMap { column in
      history.best(by: column, lowest: false, key: "epoch")
    }
    let chosen =
      run.snapshots.first { best != nil && epochs[$0.file] == best } ?? run.snapshots.last
    if let chosen {
      run.checkpoint = chosen.file
      run.metrics = chosen.metrics
    } else if entries(of: place).contains("last.ckpt") {
      run.checkpoint = place + "/last.ckpt"
    }
    return run
  }
}
