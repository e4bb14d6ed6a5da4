import Averaging
import Checkpoints
package import Evaluation
package import Ledger
package import Sweeps
import Synchronization

/// One open sweep at work: its ingredients, its evaluator, its ledger and its jobs.
///
/// The only door through which the command line and the dashboard reach the engine. What happens is
/// told to `observer` as values; what is asked for comes back as values.
package final class Kitchen: Sendable {
  package let sweep: Sweep
  package let ledger: Ledger
  package let files: IngredientFiles
  package let check: SweepCheck
  let queue = EvaluationQueue()
  let observer: @Sendable (KitchenEvent) -> Void
  let jobs = Mutex(JobBoard())
  let handPicked = Mutex<Task<Void, Never>?>(nil)
  let comparing = Mutex<Task<Void, Never>?>(nil)
  let welcome = Mutex<Task<Void, Never>?>(nil)
  let checking = Mutex<Task<Void, Never>?>(nil)
  let measuredByHand = Mutex(MeasuredSoups())
  let forecasts = Mutex(ForecastDesk())
  let comparison = Mutex<ComparisonAtWork?>(nil)
  let analyses = Mutex(AnalysisBoard())
  let memories = Mutex(MemoryDesk())
  /// Seconds that the last evaluation of an analysis took.
  let pace = Mutex(0.0)
  let splits = Mutex<[String: PreparedSplit]>([:])
  /// Winners of every row of an evaluation's logits: 12 bytes a row, whatever the number of classes.
  let rowTops = Mutex<[EvaluationKey: RowTops]>([:])
  let isExportChecked = Mutex(false)
  private let evaluator = Mutex<EvaluatorAtWork?>(nil)
  private let makeEvaluator: @Sendable (Sweep) throws -> any Evaluator
  private let identifyEvaluator: @Sendable (Sweep) throws -> EvaluatorIdentity

  /// An evaluator and the address of everything its logits depend on.
  struct EvaluatorAtWork: Sendable {
    let evaluator: any Evaluator
    let address: ContentAddress
  }

  /// Opens a kitchen on a sweep; nothing is read or evaluated before it is asked for.
  /// - Parameters:
  ///   - logitsLimit: bytes that stored logits may take, those in use aside.
  ///   - evaluator: makes the evaluator when it is first needed; nil for the one the sweep names.
  ///   - observer: hears what happens, on any thread.
  /// - Throws: `InputError` when the ledger cannot be opened or made.
  package init(
    sweep: Sweep, ledgerDirectory: String, logitsLimit: Int = 4 << 30,
    evaluator: (@Sendable (Sweep) throws -> any Evaluator)? = nil,
    observer: @escaping @Sendable (KitchenEvent) -> Void = { _ in }
  ) throws {
    self.sweep = sweep
    self.observer = observer
    makeEvaluator =
      evaluator ?? { try EvaluatorFactory.make(for: $0, logFolder: ledgerDirectory + "/logs") }
    if let evaluator {
      identifyEvaluator = { try evaluator($0).identity }
    } else {
      identifyEvaluator = { try EvaluatorFactory.identity(for: $0) }
    }
    ledger = try Ledger(directory: ledgerDirectory, logitsLimit: logitsLimit)
    files = IngredientFiles(sweep: sweep, ledger: ledger)
    check = SweepCheck(sweep: sweep, ledger: ledger, files: files)
  }

  /// Names of the splits that can be evaluated, val first.
  package var evaluableSplits: [String] { sweep.splits.filter(\.isEvaluable).map(\.name) }

  /// The split that recipes look at.
  /// - Throws: `InputError` when the sweep has none with data.
  package func selectionSplit() throws -> String {
    guard let val = sweep.val, val.isEvaluable else {
      guard sweep.ingredients.contains(where: { $0.file != nil }) else {
        throw InputError(
          file: sweep.manifest ?? sweep.directory, place: "ingredients",
          problem: "there are results here, but no checkpoints",
          mend: "Put the checkpoints beside them, or name them in stockpot.toml")
      }
      throw InputError(
        file: sweep.manifest ?? sweep.directory, place: "splits.val",
        problem: "there is no val split to select on",
        mend: "Put data/val_x.npy and data/val_y.npy there, or name the files in stockpot.toml")
    }
    return val.name
  }

  /// The sweep's evaluator, started when first asked for.
  /// - Throws: `InputError` when the sweep names none, or it cannot be started.
  func evaluatorAtWork() throws -> EvaluatorAtWork {
    try evaluator.withLock { current in
      if let current { return current }
      let started = try makeEvaluator(sweep)
      let atWork = EvaluatorAtWork(
        evaluator: started,
        address: try address(of: started.identity) { try ledger.address(ofFile: $0) })
      current = atWork
      return atWork
    }
  }

  /// The address of the sweep's evaluator, which is not started for it.
  /// - Parameter hash: gives the addresses of files.
  /// - Throws: `InputError` when the sweep names none, or its files cannot be read.
  func evaluatorAddress(hash: (String) throws -> ContentAddress) throws -> ContentAddress {
    if let current = evaluator.withLock({ $0 }) { return current.address }
    return try address(of: identifyEvaluator(sweep), hash: hash)
  }

  private func address(
    of identity: EvaluatorIdentity, hash: (String) throws -> ContentAddress
  ) throws -> ContentAddress {
    .ofEvaluator(
      kind: identity.kind, files: try identity.files.map(hash), options: identity.options)
  }

  /// Why nothing can be evaluated, as text for a person; nil when the evaluator works.
  package func evaluatorTrouble() -> String? {
    do {
      _ = try evaluatorAtWork()
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// The key under which the ledger keeps an evaluation of `blend` on a split.
  func key(
    of blend: Blend, on split: Split, precision: SumPrecision = .source
  ) throws -> EvaluationKey {
    EvaluationKey(
      weights: try files.address(of: blend, precision: precision),
      split: try address(of: split),
      evaluator: try evaluatorAtWork().address)
  }
}
