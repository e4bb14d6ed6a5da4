public import Checkpoints
import Foundation
import Synchronization

/// Evaluates weights with a user's PyTorch model in Python processes of its own.
///
/// The processes stay up between evaluations. Each loads the file once, keeps the data of every split
/// it has seen, and gets weights through shared memory; several share the batches of an evaluation.
/// Evaluations asked for at the same time follow one another.
public final class PythonEvaluator: Evaluator {
  /// The user's file, the modules beside it, and the options that change logits.
  public let identity: EvaluatorIdentity
  /// The user's file.
  public let file: String
  /// The interpreter that runs it.
  public let python: String

  let slots: [WorkerSlot]
  let options: PythonOptions
  let handover: WeightsHandover
  let turn = Turnstile()
  /// Labels beyond which the model's classes do not reach, known from the first answers.
  private let descriptions = Mutex<[String: SplitDescription]>([:])

  /// Prepares to run a file; no process is started before something is asked for.
  ///
  /// - Parameters:
  ///   - path: absolute path of the user's file.
  ///   - options: how it is run.
  ///   - environment: passed on to the workers; nil: this process's own.
  /// - Throws: `InputError` when the file or Python cannot be found.
  public init(
    file path: String, options: PythonOptions = PythonOptions(),
    environment: [String: String]? = nil
  ) throws {
    let environment = environment ?? ProcessInfo.processInfo.environment
    let folder = options.folder ?? (path as NSString).deletingLastPathComponent
    let sources = try PythonSources(of: path)
    file = path
    self.options = options
    python = try PythonLocation.find(
      asked: options.python, folder: folder, environment: environment)
    handover = try WeightsHandover()
    let processors = ProcessInfo.processInfo.activeProcessorCount
    let workers = max(options.workers, 1)
    let settings = WorkerSlot.Settings(
      python: python, file: path, sources: sources, folder: folder,
      logFolder: options.logFolder ?? NSTemporaryDirectory() + "/stockpot",
      environment: environment.merging(["PYTHONUNBUFFERED": "1"]) { _, new in new },
      options: options, threads: options.threads ?? max(processors / workers, 1),
      handover: handover)
    slots = (0..<workers).map { WorkerSlot(index: $0, settings: settings) }
    identity = Self.identity(of: sources, options: options)
  }

  /// What the logits of a file depend on, told without looking for Python.
  ///
  /// - Throws: `InputError` when the file cannot be read.
  package static func identity(file: String, options: PythonOptions) throws -> EvaluatorIdentity {
    identity(of: try PythonSources(of: file), options: options)
  }

  private static func identity(
    of sources: PythonSources, options: PythonOptions
  ) -> EvaluatorIdentity {
    EvaluatorIdentity(
      kind: "python", files: sources.files,
      options: "device=\(options.device ?? "") arguments=\(options.arguments)")
  }

  deinit { close() }

  /// Ends all processes at once.
  public func close() {
    for slot in slots { slot.close() }
  }

  /// What the running file is and uses, for a person: `torch 2.13.0 on cpu, Python 3.11.7`.
  ///
  /// - Throws: `InputError` when it cannot be started.
  public func start() async throws -> String {
    try await slots[0].use { ready in
      let facts = ready.facts
      return "\(facts.framework ?? "") on \(facts.device ?? ""), Python \(facts.python ?? "")"
    }
  }

  /// Has the workers put `weights` into the user's model and run it.
  public func evaluate(
    _ weights: any TensorTable, on split: Split, order: [Int]?, batch: BatchSize?,
    receive: @escaping @Sendable (LogitBatch) -> Flow
  ) async throws {
    let examples = order ?? Array(0..<split.count)
    precondition(
      examples.allSatisfy { $0 >= 0 && $0 < split.count }, "examples outside the split")
    try Task.checkCancellation()
    guard !examples.isEmpty else { return }
    try await turn.run {
      let ticket = try handover.write(weights)
      let work = Mutex<Task<Void, any Error>?>(nil)
      let job = BatchJob(
        order: examples,
        plan: BatchPlan(
          count: examples.count, size: batch, most: options.batch, workers: slots.count),
        stop: { work.withLock { $0?.cancel() } }, receive: receive)
      let check = LabelCheck(split: split)
      let task = Task {
        try await self.work(on: job, ticket: ticket, split: split, check: check)
      }
      work.withLock { $0 = task }
      try await finish(task, job)
    }
  }

  private func finish(_ task: Task<Void, any Error>, _ job: BatchJob) async throws {
    do {
      try await leavingNobodyStuck {
        try await withTaskCancellationHandler {
          try await task.value
        } onCancel: {
          task.cancel()
        }
      }
    } catch {
      // Stopped by the receiver: that the rest was broken off is no failure.
      if Task.isCancelled || !job.isOver { throw error }
    }
    try Task.checkCancellation()
  }

  /// Makes requests; those that are cancelled leave no worker in the user's code.
  func leavingNobodyStuck<Result>(
    _ requests: () async throws -> Result
  ) async throws -> Result {
    do {
      return try await requests()
    } catch {
      guard Task.isCancelled else { throw error }
      for slot in slots { slot.worker?.kill(unlessIdleAfter: options.grace) }
      throw CancellationError()
    }
  }

  private func work(
    on job: BatchJob, ticket: WeightsHandover.Ticket, split: Split, check: LabelCheck
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for slot in slots.prefix(job.batchCount) {
        group.addTask {
          try await slot.use { ready in
            guard !job.isOver else { return }
            try await ready.worker.load(ticket)
            try await self.pump(job, through: ready.worker, split, check)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// Keeps two batches with the worker, so that it never waits for the next one.
  private func pump(
    _ job: BatchJob, through worker: PythonWorker, _ split: Split, _ check: LabelCheck
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<2 {
        group.addTask {
          while let (number, examples) = job.take() {
            do {
              let batch = try await worker.logits(of: examples, split: split.name)
              try check(classes: batch.classes)
              job.finish(number, batch)
            } catch {
              job.giveBack(number)
              throw error
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }
}

// MARK: - Splits and metrics

extension PythonEvaluator: SplitDescribing, MetricEvaluator {
  package func describe(split name: String) async throws -> SplitDescription {
    if let known = descriptions.withLock({ $0[name] }) { return known }
    var request = WorkerRequest(.describe)
    request.split = name
    let asked = request
    let description = try await leavingNobodyStuck {
      try await slots[0].use { ready in
        let (answer, payload) = try await ready.worker.call(asked)
        let labels = answer.labels == true ? Self.integers(payload) : nil
        return SplitDescription(count: labels?.count ?? answer.count ?? 0, labels: labels)
      }
    }
    descriptions.withLock { $0[name] = description }
    return description
  }

  package func metrics(
    of weights: any TensorTable, on split: Split
  ) async throws -> [String: Double] {
    try await turn.run {
      let ticket = try handover.write(weights)
      return try await leavingNobodyStuck {
        try await slots[0].use { ready in
          try await ready.worker.load(ticket)
          var request = WorkerRequest(.metric)
          request.split = split.name
          let (answer, _) = try await ready.worker.call(request)
          return (answer.metrics ?? [:]).mapValues { $0 ?? .nan }
        }
      }
    }
  }

  private static func integers(_ bytes: [UInt8]) -> [Int32] {
    bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / 4).map {
        Int32(littleEndian: buffer.loadUnaligned(fromByteOffset: $0 * 4, as: Int32.self))
      }
    }
  }
}

// MARK: - Requests

extension PythonWorker {
  /// Has the worker load what was handed over last, unless it has.
  func load(_ ticket: WeightsHandover.Ticket) async throws {
    let held = holdings.withLock { $0.weights }
    guard held != ticket else { return }
    holdings.withLock { $0.weights = nil }
    var request = WorkerRequest(.weights)
    request.size = ticket.size
    request.changed = held?.layout != ticket.layout
    _ = try await call(request)
    holdings.withLock { $0.weights = ticket }
  }

  /// Logits of a batch.
  func logits(of examples: ArraySlice<Int>, split: String) async throws -> LogitBatch {
    var request = WorkerRequest(.batch)
    request.split = split
    let (answer, payload) = try await call(request, payload: PythonWorker.bytes(examples))
    let classes = answer.classes ?? 0
    let logits = [Float](unsafeUninitializedCapacity: payload.count / 4) { buffer, count in
      payload.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
      count = payload.count / 4
    }
    precondition(
      answer.rows == examples.count && logits.count == examples.count * classes,
      "the worker checks the shape of logits")
    return LogitBatch(examples: examples, classes: classes, logits: logits)
  }

  /// Indices as the worker reads them.
  static func bytes(_ examples: some Collection<Int>) -> [UInt8] {
    examples.map { Int32($0).littleEndian }.withUnsafeBytes { Array($0) }
  }
}
