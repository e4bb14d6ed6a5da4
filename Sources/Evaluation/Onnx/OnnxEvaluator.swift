public import Checkpoints
import Foundation
import Synchronization

/// Evaluates weights with ONNX Runtime inside this process.
///
/// Weights are swapped without touching the graph's file. Several threads share the batches of an
/// evaluation; evaluations asked for at the same time follow one another.
public final class OnnxEvaluator: Evaluator {
  /// How long the two ways of swapping take, and which is used.
  package struct SwapMeasurement: Hashable, Sendable {
    /// Seconds to make a session of new weights.
    package let session: Double
    /// Seconds for one example with fused weights.
    package let exampleWithInitializers: Double
    /// Seconds to hand over weights as inputs; nil when the model cannot take them so.
    package let bind: Double?
    /// Seconds for one example with weights as inputs; nil likewise.
    package let exampleWithInputs: Double?
    package let choice: OnnxSwap
  }

  /// The model's file, those that it names, and the options that change logits.
  public let identity: EvaluatorIdentity
  package let graph: OnnxGraph
  /// Version of the ONNX Runtime in use.
  public let runtimeVersion: String
  /// Threads that share the batches.
  package let parallelBatches: Int

  private let runtime: OnnxRuntime
  private let options: OnnxOptions
  private let output: String
  private let turn = Turnstile()

  private struct State {
    var correspondence: OnnxCorrespondence?
    var engine: OnnxEngine?
    var measurement: SwapMeasurement?
  }
  private let state: Mutex<State>

  /// Opens a model.
  ///
  /// - Parameters:
  ///   - correspondence: which tensor fills which initializer, from `OnnxGraph.compare`; nil pairs
  ///     them by name at the first evaluation.
  /// - Throws: `InputError` for a malformed model, a missing ONNX Runtime, or options that do not fit.
  package init(
    model path: String, options: OnnxOptions = OnnxOptions(),
    correspondence: OnnxCorrespondence? = nil, runtime: OnnxRuntime? = nil
  ) throws {
    graph = try OnnxGraph(path: path)
    let runtime = try runtime ?? OnnxRuntime.find()
    self.runtime = runtime
    runtimeVersion = runtime.version
    if let provider = options.provider, !runtime.providers.contains(provider) {
      throw InputError(
        file: runtime.path, place: "provider \(provider)",
        problem: "is not in this ONNX Runtime, which has "
          + runtime.providers.joined(separator: ", "),
        mend: "Install the package with that provider (onnxruntime-gpu for CUDA), or use the CPU")
    }
    self.options = options
    output = try graph.logitsOutput(options.output)
    let onCPU = options.provider == nil || options.provider == "CPUExecutionProvider"
    parallelBatches = max(
      options.parallelBatches ?? (onCPU ? ProcessInfo.processInfo.activeProcessorCount : 1), 1)
    identity = Self.identity(of: graph, output: output, options: options)
    state = Mutex(State(correspondence: correspondence))
  }

  /// Opens a model whose initializers are named as the checkpoints' tensors.
  ///
  /// ONNX Runtime's shared library is looked for in `ORT_DYLIB_PATH`, on the loader's path, and in
  /// Python environments with the package `onnxruntime`.
  /// - Parameters:
  ///   - path: of the `.onnx` file, absolute.
  ///   - options: how it is run.
  /// - Throws: `InputError` for a malformed model, a missing ONNX Runtime, or options that do not fit.
  public convenience init(model path: String, options: OnnxOptions = OnnxOptions()) throws {
    try self.init(model: path, options: options, correspondence: nil)
  }

  /// What the logits of a model depend on, told without looking for ONNX Runtime.
  ///
  /// - Throws: `InputError` for a malformed model, or an output that it does not have.
  package static func identity(model path: String, options: OnnxOptions) throws -> EvaluatorIdentity
  {
    let graph = try OnnxGraph(path: path)
    return identity(of: graph, output: try graph.logitsOutput(options.output), options: options)
  }

  private static func identity(
    of graph: OnnxGraph, output: String, options: OnnxOptions
  ) -> EvaluatorIdentity {
    EvaluatorIdentity(
      kind: "onnx", files: [graph.file] + graph.externalFiles,
      options: "output=\(output) provider=\(options.provider ?? "CPUExecutionProvider")")
  }

  /// Which tensor fills which initializer, once it is known.
  package var correspondence: OnnxCorrespondence? { state.withLock { $0.correspondence } }

  /// Runs the model with `weights` in the place of its initializers.
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
      let stopper: OnnxStopper
      do { stopper = try OnnxStopper(runtime) } catch { throw failure(error) }
      let inputs = try OnnxInputs(of: split, for: graph)
      let check = LabelCheck(split: split, output: output)
      let plan = plan(inputs.fixedBatch.map(BatchSize.fixed) ?? batch, examples.count, inputs)
      let job = BatchJob(
        order: examples, plan: plan, stop: { stopper.stop() }, receive: receive)
      try await run(
        job, weights, inputs, rows: inputs.fixedBatch ?? plan.most, stopper: stopper, check: check)
    }
  }

  private func run(
    _ job: BatchJob, _ weights: any TensorTable, _ inputs: OnnxInputs, rows: Int,
    stopper: OnnxStopper, check: LabelCheck
  ) async throws {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        WorkerThreads.run { [self] in
          do {
            let engine = try engine(for: weights)
            let values = try engine.weights(from: weights)
            let swap = try swap(
              engine, values, inputs, job, stopper)
            let model = try engine.load(values, by: swap)
            WorkerThreads.run(min(parallelBatches, job.batchCount)) { [self] in
              work(on: job, engine, model, inputs, rows, stopper, check)
            } then: {
              continuation.resume()
            }
          } catch {
            job.end(failure(error))
            continuation.resume()
          }
        }
      }
    } onCancel: {
      job.end(CancellationError())
    }
    try job.check()
  }

  /// One thread's part: batches until there are none.
  private func work(
    on job: BatchJob, _ engine: OnnxEngine, _ model: OnnxLoadedModel, _ inputs: OnnxInputs,
    _ rows: Int, _ stopper: OnnxStopper, _ check: LabelCheck
  ) {
    do {
      let buffers = inputs.buffers(rows: rows)
      let binding = try model.binding()
      while let (number, examples) = job.take() {
        let logits = try engine.logits(
          of: examples, from: inputs, in: buffers, with: binding, stopper: stopper)
        try check(classes: logits.classes)
        job.finish(number, logits)
      }
    } catch {
      job.end(failure(error))
    }
  }

  private func engine(for weights: any TensorTable) throws -> OnnxEngine {
    if let engine = state.withLock({ $0.engine }) { return engine }
    let correspondence =
      try state.withLock { $0.correspondence } ?? graph.correspondence(byNamesOf: weights)
    let engine = OnnxEngine(
      runtime: runtime, graph: graph, correspondence: correspondence, output: output,
      options: options)
    state.withLock { state in
      state.correspondence = correspondence
      state.engine = engine
    }
    return engine
  }

  /// The way to swap weights: what the options say, or what was measured once.
  private func swap(
    _ engine: OnnxEngine, _ weights: OnnxWeights, _ inputs: OnnxInputs, _ job: BatchJob,
    _ stopper: OnnxStopper
  ) throws -> OnnxSwap {
    if let swap = options.swap ?? state.withLock({ $0.measurement?.choice }) { return swap }
    let trial = OnnxSwapTrial(engine: engine, weights: weights, inputs: inputs, stopper: stopper)
    // Recipes break many evaluations off early, so half a pass is what a session has to pay for.
    let measurement = try trial.measure(expected: job.exampleCount / (2 * parallelBatches))
    // A trial that was broken off says nothing about the ways.
    if !job.isOver { state.withLock { $0.measurement = measurement } }
    return measurement.choice
  }

  private func plan(_ size: BatchSize?, _ count: Int, _ inputs: OnnxInputs) -> BatchPlan {
    let inputLimit = 64 << 20
    let most = max(min(options.batch ?? 64, inputLimit / max(inputs.bytesPerExample, 1)), 1)
    return BatchPlan(count: count, size: size, most: most, workers: parallelBatches)
  }

  private func failure(_ error: any Error) -> any Error {
    guard let error = error as? OnnxFailure else { return error }
    let line = error.message.split(separator: "\n").first.map(String.init) ?? ""
    return InputError(file: graph.file, problem: "ONNX Runtime \(runtimeVersion) says: \(line)")
  }
}

extension OnnxGraph {
  /// Other files that hold initializers.
  var externalFiles: [String] {
    Set(
      initializers.compactMap { initializer -> String? in
        if case .external(let file, _) = initializer.values { file } else { nil }
      }
    ).sorted()
  }
}
