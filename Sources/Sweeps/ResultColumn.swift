import Evaluation

/// What a column of a results file holds, by its name.
///
/// - `name`, `ingredient`, `model_name`, `model`, `run_name`, `run`, `checkpoint`, `run_id`, `id`: the
///   ingredient's name, the first of these that there is.
/// - `path`, `file`, `checkpoint_path`, `ckpt`, `weights`: its file.
/// - `role`: `ingredient`, `init` (the initialisation), anything else a reference.
/// - `hyperparameters`, `hparams`, `params`, `config`, `args`: a group of hyperparameters.
/// - `metrics`, `results`, `summary`: a group of metrics by split.
/// - `SPLIT_MEASURE` or `MEASURE_SPLIT` with `_`, `/`, `.`, `-` or a space between: a metric. Measures
///   of accuracy are `acc`, `accuracy`, `acc1`, `acc@1`, `top1`, `top_1`, and `MulticlassAccuracy` as
///   torchmetrics has it; of counts `correct` and `n`, `count`, `total`, `examples`; of likelihood `nll`, `ce`, `cross_entropy`, `loss`.
/// - A bare measure of accuracy (`accuracy`) is that of val.
/// - A bare split name (`val`, `test`, `shift_NAME`, `ood_NAME`, or a benchmark of the ImageNet
///   family) is an accuracy.
/// - Bookkeeping that trackers add (`_timestamp`, `Runtime`, `status`, ...) is left out.
/// - Everything else is a hyperparameter.
enum ResultColumn: Hashable {
  case name(rank: Int)
  case path
  case role
  case hyperparameters
  case metrics
  case metric(split: String, Measure)
  case bookkeeping
  case other

  enum Measure: Hashable {
    case accuracy
    case correct
    case count
    case nll
  }

  init(_ column: String) {
    let key = column.lowercased().replacing(" ", with: "_")
    if let rank = ResultColumn.names.firstIndex(of: key) {
      self = .name(rank: rank)
    } else if ["path", "file", "checkpoint_path", "ckpt", "ckpt_path", "weights"].contains(key) {
      self = .path
    } else if key == "role" {
      self = .role
    } else if ["hyperparameters", "hparams", "hyper", "params", "config", "args"].contains(key) {
      self = .hyperparameters
    } else if ["metrics", "results", "summary"].contains(key) {
      self = .metrics
    } else if ResultColumn.bookkeepingNames.contains(key) || key.hasPrefix("_")
      || key.hasPrefix("tags.")
    {
      self = .bookkeeping
    } else if let (split, measure) = ResultColumn.metric(column) {
      self = .metric(split: split, measure)
    } else if ResultColumn.isBareSplit(column) {
      self = .metric(split: column, .accuracy)
    } else {
      self = .other
    }
  }

  /// The earlier a name stands here, the more it is the ingredient's own.
  private static let names = [
    "name", "ingredient", "model_name", "run_name", "tags.mlflow.runname", "model", "run",
    "checkpoint", "run_id", "id", "index",
  ]

  private static let bookkeepingNames: Set<String> = [
    "state", "status", "notes", "user", "tags", "created", "runtime", "sweep", "hostname", "github",
    "experiment_id", "artifact_uri", "start_time", "end_time", "duration", "timestamp",
  ]

  /// A measure's name in a metric group, or one end of a column's name.
  static func measure(_ word: String) -> Measure? {
    switch word.lowercased() {
    case "acc", "accuracy", "acc1", "acc@1", "top1", "top-1", "top_1", "acc_1",
      "multiclassaccuracy", "binaryaccuracy", "accuracy_score":
      .accuracy
    case "correct": .correct
    case "n", "count", "total", "examples": .count
    case "nll", "ce", "cross_entropy", "loss": .nll
    default: nil
    }
  }

  /// Whether a column's name begins or ends with a measure that is no accuracy: `eval_f1`, `perplexity`.
  static func isOtherMeasure(_ column: String) -> Bool {
    let words = column.lowercased().split { separators.contains($0) }.map(String.init)
    return [words.first, words.last].contains { $0.map(otherMeasures.contains) ?? false }
  }

  private static let otherMeasures: Set<String> = [
    "f1", "precision", "recall", "auc", "auroc", "mcc", "kappa", "map", "iou", "miou", "dice",
    "bleu", "sacrebleu", "rouge1", "rouge2", "rougel", "rougelsum", "meteor", "chrf", "wer", "cer",
    "perplexity", "ppl", "pearson", "spearman", "spearmanr", "mse", "rmse", "mae", "r2", "ece",
    "brier", "runtime", "second",
  ]

  /// Whether a column is by its name alone the accuracy on a split.
  static func isBareSplit(_ column: String) -> Bool {
    let canonical = canonicalSplitName(column)
    return canonical == "val" || canonical == "test" || ["train", "training"].contains(canonical)
      || shiftName(of: column) != nil || Benchmark.named(column) != nil
  }

  /// Whether a split holds what models were trained on, which is never shown as a metric.
  static func isTraining(_ split: String) -> Bool {
    let key = split.lowercased()
    return key == "train" || key == "training" || key.hasPrefix("train_")
      || key.hasPrefix("pool")
  }

  private static let separators: [Character] = ["_", "/", ".", "-", " "]

  private static func metric(_ column: String) -> (String, Measure)? {
    var rest = Substring(column)
    for group in ["metrics.", "metrics/", "summary.", "summary/"]
    where rest.lowercased().hasPrefix(group) {
      rest = rest.dropFirst(group.count)
      break
    }
    if measure(String(rest)) == .accuracy { return ("val", .accuracy) }
    // The longest measure first: `val_top_1` is `val` and `top_1`.
    for cut in rest.indices where separators.contains(rest[cut]) {
      let head = String(rest[..<cut])
      let tail = String(rest[rest.index(after: cut)...])
      if !head.isEmpty, let measure = measure(tail) { return (head, measure) }
    }
    for cut in rest.indices.reversed() where separators.contains(rest[cut]) {
      let head = String(rest[..<cut])
      let tail = String(rest[rest.index(after: cut)...])
      if !tail.isEmpty, let measure = measure(head) { return (tail, measure) }
    }
    return nil
  }
}

/// A public test set whose size is known, so that a fraction tells the count.
struct Benchmark: Hashable {
  let role: SplitRole
  /// Number of examples.
  let count: Int

  /// The sets that the model soups paper reports.
  ///
  /// Sizes are those of its published results (Wortsman et al. 2022); `ImageNet2p` is the authors' held-out part of the training set.
  static func named(_ name: String) -> Benchmark? {
    switch name.lowercased().filter({ $0.isLetter || $0.isNumber }) {
    case "imagenet2p": Benchmark(role: .val, count: 26_000)
    case "imagenet", "imagenet1k": Benchmark(role: .test, count: 50_000)
    case "imagenetv2": Benchmark(role: .shift, count: 10_000)
    case "imagenetsketch": Benchmark(role: .shift, count: 50_889)
    case "imagenetr": Benchmark(role: .shift, count: 30_000)
    case "objectnet": Benchmark(role: .shift, count: 18_574)
    case "imageneta": Benchmark(role: .shift, count: 7_500)
    default: nil
    }
  }
}
