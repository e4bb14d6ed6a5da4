import Checkpoints
import OrderedCollections

/// A folder of timm's `train.py`: `args.yaml`, `summary.csv` and `.pth.tar` checkpoints.
struct TimmRun {
  private let folder: String
  private let names: Set<String>

  init?(_ folder: String, _ names: Set<String>) {
    guard names.contains("summary.csv"), names.contains("args.yaml") else { return nil }
    self.folder = folder
    self.names = names
  }

  /// `model_best` stands for the run, with the metrics of its best epoch; else the last checkpoint.
  func run() throws(InputError) -> TrackedRun {
    let settings = try JSONValue(readingYAML: folder + "/args.yaml").object ?? [:]
    let history = try RunHistory(readingCSV: folder + "/summary.csv")
    var run = TrackedRun(folder: folder, settings: settings, metrics: history.last())
    for name in names.sorted(by: naturallyPrecedes) where name.hasPrefix("checkpoint-") {
      guard isCheckpointName(name), let epoch = number(after: "checkpoint-", in: name) else {
        continue
      }
      run.snapshots.append(
        .init(file: folder + "/" + name, metrics: history.last(where: "epoch", is: epoch)))
    }
    let measure = settings["eval_metric"]?.string ?? "top1"
    let best = history.best(by: "eval_" + measure, lowest: measure == "loss", key: "epoch")
    if let name = ["model_best.pth.tar", "model_best.pth"].first(where: names.contains) {
      run.checkpoint = folder + "/" + name
      if let best { run.metrics = history.last(where: "epoch", is: best) }
    } else if let name = ["last.pth.tar", "last.pth"].first(where: names.contains) {
      run.checkpoint = folder + "/" + name
    } else if let last = run.snapshots.last {
      run.checkpoint = last.file
      run.metrics = last.metrics
    }
    return run
  }
}

/// The number that follows `prefix` in a name such as `checkpoint-12.pth.tar` or `epoch=3-step=40`.
func number(after prefix: String, in name: String) -> Double? {
  guard let start = name.firstRange(of: prefix)?.upperBound else { return nil }
  return Int(name[start...].prefix { $0.isASCII && $0.isNumber }).map(Double.init)
}
