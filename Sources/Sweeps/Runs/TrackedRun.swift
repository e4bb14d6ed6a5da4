import Checkpoints
import OrderedCollections

/// One training run as a tracker or a training library left it on disk.
struct TrackedRun: Sendable {
  /// A checkpoint that a run saved on its way, with the metrics it had then.
  struct Snapshot: Sendable {
    /// Absolute path.
    let file: String
    let metrics: Columns
  }

  /// Values by the name that the run gave them.
  typealias Columns = OrderedDictionary<String, JSONValue>

  /// Absolute path.
  let folder: String
  /// What the person called it; nil when only the folder says.
  var name: String?
  /// What the tracker calls it; names of checkpoints may contain it.
  var id: String?
  var settings: Columns = [:]
  /// Those of the run's best or last state, that of `checkpoint` where there is one.
  var metrics: Columns = [:]
  /// Every checkpoint in it, in the order of training.
  var snapshots: [Snapshot] = []
  /// The one that stands for the run; nil without checkpoints.
  var checkpoint: String?
}

/// Who wrote a run's folder.
enum RunFormat: String, CaseIterable, Sendable {
  case timm
  case trainer
  case lightning
  case mlflow
  case wandb

  /// As its users call it.
  var title: String {
    switch self {
    case .timm: "timm"
    case .trainer: "Hugging Face Trainer"
    case .lightning: "Lightning"
    case .mlflow: "MLflow"
    case .wandb: "Weights & Biases"
    }
  }

  /// The run that `folder` holds; nil when it is none of this format's.
  ///
  /// - Parameter names: what is in the folder.
  /// - Throws: `InputError` for a file that is not what its name says.
  func run(in folder: String, names: Set<String>) throws(InputError) -> TrackedRun? {
    switch self {
    case .timm: try TimmRun(folder, names)?.run()
    case .trainer: try TrainerRun(folder, names)?.run()
    case .lightning: try LightningRun(folder, names)?.run()
    case .mlflow: try MLflowRun(folder, names)?.run()
    case .wandb: try WandbRun(folder, names)?.run()
    }
  }
}

/// A table of a run's history: a row each epoch or step.
struct RunHistory {
  private let rows: [TrackedRun.Columns]

  /// - Throws: `InputError` with the line that is malformed.
  init(readingCSV path: String) throws(InputError) {
    let file = try ResultsFile(reading: path)
    rows = file.rows.map { row in
      row.fields.compactMapValues { value in value.string.flatMap(JSONValue.number) }
    }
  }

  init(_ rows: [TrackedRun.Columns]) { self.rows = rows }

  /// The last value of every column, over all rows or over those with `key` equal to `value`.
  func last(where key: String? = nil, is value: Double? = nil) -> TrackedRun.Columns {
    var columns: TrackedRun.Columns = [:]
    for row in rows where key.map({ row[$0]?.number == value }) ?? true {
      for (name, value) in row { columns[name] = value }
    }
    return columns
  }

  /// The value of `key` in the row that is best by `measure`, the first of equals.
  func best(by measure: String, lowest: Bool, key: String) -> Double? {
    let places = rows.compactMap { row in
      row[measure]?.number.flatMap { value in row[key]?.number.map { (value, $0) } }
    }
    let sorted = places.enumerated().min { left, right in
      let (a, b) = (left.element.0, right.element.0)
      return a == b ? left.offset < right.offset : lowest ? a < b : a > b
    }
    return sorted?.element.1
  }

  /// The name of the first accuracy on a split that recipes may look at.
  var selectionColumn: String? {
    for row in rows {
      for name in row.keys {
        if case .metric(let split, .accuracy) = ResultColumn(RunMetrics.plain(name)),
          canonicalSplitName(split) == "val"
        {
          return name
        }
      }
    }
    return nil
  }
}
