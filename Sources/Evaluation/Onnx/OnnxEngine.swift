import COnnxRuntime
import Checkpoints
import Synchronization

/// A graph prepared for swapping, with the sessions that can be kept: shared by an evaluator's threads.
final class OnnxEngine: Sendable {
  let runtime: OnnxRuntime
  let graph: OnnxGraph
  let correspondence: OnnxCorrespondence
  let output: String
  private let threads: Int
  private let provider: String?

  private struct State {
    var models: [OnnxSwap: [UInt8]] = [:]
    /// Sessions that take weights as inputs and are not in use.
    var idle: [OnnxSession] = []
  }
  private let state = Mutex(State())

  init(
    runtime: OnnxRuntime, graph: OnnxGraph, correspondence: OnnxCorrespondence, output: String,
    options: OnnxOptions
  ) {
    self.runtime = runtime
    self.graph = graph
    self.correspondence = correspondence
    self.output = output
    threads = options.threadsPerSession
    provider = options.provider
  }

  /// A checkpoint's values, ready to be swapped in.
  func weights(from table: any TensorTable) throws -> OnnxWeights {
    try graph.check(table, against: correspondence)
    return try OnnxWeights(correspondence.pairs, of: graph, from: table)
  }

  /// Runs `body` with a binding that holds `weights`.
  func withBinding<Result>(
    _ weights: OnnxWeights, by swap: OnnxSwap, _ body: (OnnxBinding) throws -> Result
  ) throws -> Result {
    switch swap {
    case .initializers:
      let session = try session(by: swap, weights: weights)
      return try body(try session.binding(output: output))
    case .inputs:
      let session = try state.withLock { $0.idle.popLast() } ?? session(by: swap)
      defer { state.withLock { $0.idle.append(session) } }
      let binding = try session.binding(output: output)
      try binding.bind(weights)
      return try body(binding)
    }
  }

  private func session(by swap: OnnxSwap, weights: OnnxWeights? = nil) throws -> OnnxSession {
    try OnnxSession(
      runtime, model: try model(swap), threads: threads, provider: provider, weights: weights)
  }

  private func model(_ swap: OnnxSwap) throws -> [UInt8] {
    try state.withLock { state in
      if let model = state.models[swap] { return model }
      let names = Set(correspondence.pairs.map(\.initializer))
      let model = try graph.rewritten(swapping: names, as: swap)
      state.models[swap] = model
      return model
    }
  }

  /// Logits of `examples` in the order given.
  func logits(
    of examples: ArraySlice<Int>, from inputs: OnnxInputs, in buffers: [OnnxInputBuffer],
    with binding: OnnxBinding, stopper: OnnxStopper
  ) throws -> LogitBatch {
    let rows = inputs.fixedBatch ?? examples.count
    try inputs.fill(buffers, with: examples, rows: rows)
    return try binding.run(buffers, stopper: stopper) { answer in
      let shape = withUnsafeBytes(of: answer.shape) {
        Array($0.bindMemory(to: Int64.self).prefix(answer.rank)).map(Int.init)
      }
      guard let dtype = DType(onnxNumber: answer.type), FloatConversion.types.contains(dtype),
        shape.count >= 2, shape[0] == rows, shape.dropFirst(2).allSatisfy({ $0 == 1 }),
        let data = answer.data
      else {
        throw InputError(
          file: graph.file, place: "output \(output)",
          problem:
            "has shape \(shape), but logits are \(rows) examples × classes of floating point",
          mend: "Export a model that returns its logits, or name the right output")
      }
      let count = examples.count * shape[1]
      let logits = [Float](unsafeUninitializedCapacity: count) { buffer, initialised in
        if let start = buffer.baseAddress {
          FloatConversion.convert(data, dtype, to: start, .f32, count: count)
        }
        initialised = count
      }
      return LogitBatch(examples: examples, classes: shape[1], logits: logits)
    }
  }
}

extension OnnxGraph {
  /// The output that holds the logits.
  ///
  /// - Throws: `InputError` when `wanted` is not there, or nothing says which of several it is.
  func logitsOutput(_ wanted: String?) throws -> String {
    let names = outputs.map(\.name)
    if let wanted {
      if names.contains(wanted) { return wanted }
      throw InputError(
        file: file, place: "output \(wanted)",
        problem: "is not an output of the model, which has \(names.joined(separator: ", "))",
        mend: "Name one of them")
    }
    if names.count == 1 { return names[0] }
    if names.contains("logits") { return "logits" }
    throw InputError(
      file: file, problem: "has the outputs \(names.joined(separator: ", ")), none called logits",
      mend: "Name the one that holds the logits")
  }
}
