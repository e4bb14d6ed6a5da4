import Checkpoints
import OrderedCollections

/// An output folder of Hugging Face's `Trainer`: `checkpoint-STEP` folders with `trainer_state.json`.
struct TrainerRun {
  private let folder: String
  private let names: Set<String>
  /// Names of the checkpoints' folders, in the order of their steps.
  private let checkpoints: [String]

  init?(_ folder: String, _ names: Set<String>) {
    self.folder = folder
    self.names = names
    checkpoints = names.sorted(by: naturallyPrecedes).filter {
      $0.hasPrefix("checkpoint-") && isThere("\(folder)/\($0)/trainer_state.json")
    }
    let isAlone = names.contains("trainer_state.json")
    let isCheckpoint = lastComponent(of: folder).hasPrefix("checkpoint-")
    guard !checkpoints.isEmpty || (isAlone && !isCheckpoint) else { return nil }
  }

  /// The run's own weights stand for it, else the checkpoint that the trainer calls the best, else
  /// the last one.
  func run() throws(InputError) -> TrackedRun {
    let own = names.contains("trainer_state.json") ? folder : "\(folder)/\(checkpoints.last ?? "")"
    let state = try TrainerState(reading: own + "/trainer_state.json")
    var run = TrackedRun(folder: folder, settings: state.settings)
    for name in checkpoints {
      guard let weights = weights(inFolder: "\(folder)/\(name)") else { continue }
      run.snapshots.append(
        .init(
          file: weights, metrics: state.metrics(atStep: number(after: "checkpoint-", in: name))))
    }
    let best = run.snapshots.first { lastComponent(of: parentFolder(of: $0.file)) == state.best }
    if let weights = weights(inFolder: folder) {
      run.checkpoint = weights
      run.metrics = try ownMetrics() ?? best?.metrics ?? state.metrics(atStep: nil)
    } else if let chosen = best ?? run.snapshots.last {
      run.checkpoint = chosen.file
      run.metrics = chosen.metrics
    } else {
      run.metrics = state.metrics(atStep: nil)
    }
    return run
  }

  /// What the training script wrote of the weights it saved.
  private func ownMetrics() throws(InputError) -> TrackedRun.Columns? {
    for name in ["all_results.json", "eval_results.json"] where names.contains(name) {
      return try JSONValue(readingJSON: "\(folder)/\(name)").object
    }
    return nil
  }
}

/// What `trainer_state.json` says of a run.
private struct TrainerState {
  private let members: OrderedDictionary<String, JSONValue>
  private let history: RunHistory

  init(reading path: String) throws(InputError) {
    members = try JSONValue(readingJSON: path).object ?? [:]
    history = RunHistory(members["log_history"]?.array?.compactMap(\.object) ?? [])
  }

  /// Name of the folder of the best checkpoint; nil when nothing was compared.
  var best: String? { members["best_model_checkpoint"]?.string.map(lastComponent) }

  /// The state has few of the settings; the highest rate that was logged stands for the learning rate.
  var settings: TrackedRun.Columns {
    var settings: TrackedRun.Columns = [:]
    let rates = (members["log_history"]?.array ?? []).compactMap {
      $0.object?["learning_rate"]?.number
    }
    if let peak = rates.max() { settings["peak_learning_rate"] = .number(peak) }
    for key in ["train_batch_size", "num_train_epochs", "max_steps"] {
      settings[key] = members[key]
    }
    for (key, value) in members["trial_params"]?.object ?? [:] { settings[key] = value }
    return settings
  }

  /// Those evaluated at a step, nil for the last ones.
  func metrics(atStep step: Double?) -> TrackedRun.Columns {
    step.map { history.last(where: "step", is: $0) } ?? history.last()
  }
}
