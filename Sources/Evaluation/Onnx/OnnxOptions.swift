/// How a model is run.
package struct OnnxOptions: Hashable, Sendable {
  /// Sessions of one thread each that share the batches; nil: one a core, or one on a GPU.
  package var sessions: Int?
  /// Threads of each session.
  package var threadsPerSession: Int
  /// Such as `CUDAExecutionProvider`; nil for the CPU.
  package var provider: String?
  /// Examples a batch, unless the caller asks for a number or the graph has a fixed one; nil: up to 64.
  package var batch: Int?
  /// How weights are swapped; nil: what is faster, measured at the first evaluation.
  package var swap: OnnxSwap?
  /// The output with the logits; nil: the only one, or the one called `logits`.
  package var output: String?

  package init(
    sessions: Int? = nil, threadsPerSession: Int = 1, provider: String? = nil, batch: Int? = nil,
    swap: OnnxSwap? = nil, output: String? = nil
  ) {
    self.sessions = sessions
    self.threadsPerSession = threadsPerSession
    self.provider = provider
    self.batch = batch
    self.swap = swap
    self.output = output
  }
}
