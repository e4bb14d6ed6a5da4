public import Checkpoints

/// What a receiver of batches says after each.
public enum Flow: Sendable {
  case proceed
  case stop
}

/// Logits of some examples, as they come out of the model.
public struct LogitBatch: Sendable {
  /// Indices into the split, one a row.
  public let examples: ArraySlice<Int>
  /// Number of logits an example.
  public let classes: Int
  /// Row-major, `examples.count × classes`.
  public let logits: [Float]

  /// Logits of `examples`, row-major, one row each.
  public init(examples: ArraySlice<Int>, classes: Int, logits: [Float]) {
    self.examples = examples
    self.classes = classes
    self.logits = logits
  }
}

/// Everything besides the weights and the split that logits depend on.
///
/// The kitchen hashes the files' contents and the options into the evaluator's content address.
public struct EvaluatorIdentity: Hashable, Sendable {
  /// `onnx` or `python`.
  public let kind: String
  /// Files whose contents matter, absolute paths.
  public let files: [String]
  /// Options that change logits, in a canonical spelling.
  public let options: String

  /// What an evaluator's logits depend on.
  public init(kind: String, files: [String], options: String = "") {
    self.kind = kind
    self.files = files
    self.options = options
  }
}

/// Turns weights and a split into logits, batch by batch, in the order it is given.
public protocol Evaluator: Sendable {
  /// What its logits depend on besides weights and split.
  var identity: EvaluatorIdentity { get }

  /// Evaluates weights on a split, or on some of its examples.
  ///
  /// - Parameters:
  ///   - weights: what is evaluated; tensors are found by name.
  ///   - split: the examples.
  ///   - order: indices into the split, each once; nil: all, in order.
  ///   - batch: examples a batch; nil leaves it to the evaluator.
  ///   - receive: takes the logits of each batch, never called by two threads at once. When it says
  ///     `.stop`, or the task is cancelled, no further batch is started and the call returns, throwing
  ///     `CancellationError` only when the task was cancelled.
  /// - Throws: `InputError` for weights or data that do not fit the model, naming them.
  func evaluate(
    _ weights: any TensorTable, on split: Split, order: [Int]?, batch: BatchSize?,
    receive: @escaping @Sendable (LogitBatch) -> Flow
  ) async throws
}
