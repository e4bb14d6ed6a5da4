/// How a model is run.
package struct OnnxOptions: Hashable, Sendable {
  /// Batches that are run at the same time; nil: one a core, or one on a GPU.
  package var parallelBatches: Int?
  /// Threads that work on each batch.
  package var threadsPerBatch: Int
  /// Such as `CUDAExecutionProvider`; nil for the CPU.
  package var provider: String?
  /// Examples a batch, unless the caller asks for a number or the graph has a fixed one; nil: up to 64.
  package var batch: Int?
  /// How weights are swapped; nil: what is faster, measured at the first evaluation.
  package var swap: OnnxSwap?
  /// The output with the logits; nil: the only one, or the one called `logits`.
  package var output: String?

  package init(
    parallelBatches: Int? = nil, threadsPerBatch: Int = 1, provider: String? = nil,
    batch: Int? = nil,
    swap: OnnxSwap? = nil, output: String? = nil
  ) {
    self.parallelBatches = parallelBatches
    self.threadsPerBatch = threadsPerBatch
    self.provider = provider
    self.batch = batch
    self.swap = swap
    self.output = output
  }
}
