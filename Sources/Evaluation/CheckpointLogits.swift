public import Averaging
public import Checkpoints
import Synchronization

/// Logits of blends of checkpoints on one split, by any evaluator; each blend is evaluated once.
///
/// They are kept in memory for as long as this object: `rows × classes` numbers of four bytes a blend.
public final class CheckpointLogits: LogitSource {
  private let tables: [String: any TensorTable]
  private let evaluator: any Evaluator
  private let split: Split
  private let dtype: OutputDType
  private let known = Mutex<[Blend: Logits]>([:])

  /// - Parameters:
  ///   - ingredients: what blends may name, the initialisation too where recipes need it.
  ///   - evaluator: yours, `OnnxEvaluator` or `PythonEvaluator`.
  ///   - split: the examples.
  ///   - dtype: of the weights that are evaluated. Single precision for analyses;
  ///     `.asFirstThen(.f32)` evaluates, bit for bit, what would be written with the first
  ///     ingredient's type.
  public init(
    of ingredients: [NamedTable], by evaluator: any Evaluator, on split: Split,
    dtype: OutputDType = .dtype(.f32)
  ) {
    tables = Dictionary(ingredients.map { ($0.name, $0.table) }) { first, _ in first }
    self.evaluator = evaluator
    self.split = split
    self.dtype = dtype
  }

  /// The true class of each example of the split.
  public var labels: [Int32] { split.labels }

  /// Averages the blend in memory and evaluates it, unless that was done before.
  ///
  /// - Throws: `InputError` for a name that is no ingredient's, tensors that do not fit together, and
  ///   what the evaluator throws; `CancellationError`.
  public func logits(of blend: Blend) async throws -> Logits {
    if let logits = known.withLock({ $0[blend] }) { return logits }
    let collector = LogitCollector(rows: split.count)
    try await evaluator.evaluate(weights(of: blend), on: split, order: nil, batch: nil) { batch in
      collector.add(batch)
      return .proceed
    }
    guard let logits = collector.logits else {
      throw InputError(
        file: "split \(split.name)", problem: "the evaluator gave no logits for some examples",
        mend: "Have it call receive for every example, unless it is told to stop")
    }
    known.withLock { $0[blend] = logits }
    return logits
  }

  private func weights(of blend: Blend) throws -> Weights {
    let terms = try blend.averageTerms { name in
      guard let table = tables[name] else {
        throw InputError(
          file: name, problem: "is not among the ingredients",
          mend: "Name one of: \(tables.keys.sorted().joined(separator: ", "))")
      }
      return table
    }
    guard let first = terms.first?.table else {
      throw InputError(file: "blend", problem: "has no terms", mend: "Name an ingredient")
    }
    return try Averager.average(terms, AverageOptions(blend: blend, first: first, dtype: dtype))
      .weights
  }
}
