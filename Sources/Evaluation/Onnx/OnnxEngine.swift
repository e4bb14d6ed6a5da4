import COnnxRuntime
import Checkpoints
import Synchronization

/// A graph prepared for swapping: shared by an evaluator's threads.
final class OnnxEngine: Sendable {
  let runtime: OnnxRuntime
  let graph: OnnxGraph
  let correspondence: OnnxCorrespondence
  let output: String
  private let threads: Int
  private let provider: String?
  /// The session that takes weights as inputs, once it was needed.
  private let kept = Mutex<OnnxSession?>(nil)

  init(
    runtime: OnnxRuntime, graph: OnnxGraph, correspondence: OnnxCorrespondence, output: String,
    options: OnnxOptions
  ) {
    self.runtime = runtime
    self.graph = graph
    self.correspondence = correspondence
    self.output = output
    threads = options.threadsPerBatch
    provider = options.provider
  }

  /// A checkpoint's values, ready to be swapped in.
  func weights(from table: any TensorTable) throws -> OnnxWeights {
    try graph.check(table, against: correspondence)
    return try OnnxWeights(correspondence.pairs, of: graph, from: table)
  }

  /// Swaps `weights` in.
  func load(_ weights: OnnxWeights, by swap: OnnxSwap) throws -> OnnxLoadedModel {
    switch swap {
    case .initializers:
      return OnnxLoadedModel(
        session: try session(by: swap, weights: weights), weights: nil, output: output)
    case .inputs:
      let session = try kept.withLock { kept in
        if let kept { return kept }
        let session = try self.session(by: swap)
        kept = session
        return session
      }
      return OnnxLoadedModel(session: session, weights: weights, output: output)
    }
  }

  private func session(by swap: OnnxSwap, weights: OnnxWeights? = nil) throws -> OnnxSession {
    let names = Set(correspondence.pairs.map(\.initializer))
    return try OnnxSession(
      runtime, model: try graph.rewritten(swapping: names, as: swap), threads: threads,
      provider: provider, weights: weights)
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

/// A session with the weights of one evaluation; several threads run it at once.
struct OnnxLoadedModel: Sendable {
  fileprivate let session: OnnxSession
  /// Those that are given as inputs.
  fileprivate let weights: OnnxWeights?
  fileprivate let output: String

  /// What one thread runs the model through.
  func binding() throws(OnnxFailure) -> OnnxBinding {
    let binding = try session.binding(output: output)
    if let weights { try binding.bind(weights) }
    return binding
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
