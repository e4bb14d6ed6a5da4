/// How a model is run.
public struct OnnxOptions: Hashable, Sendable {
  /// Batches that are run at the same time; nil: one a core, or one on a GPU.
  public var parallelBatches: Int?
  /// Threads that work on each batch.
  public var threadsPerBatch: Int
  /// Such as `CUDAExecutionProvider`; nil for the CPU.
  public var provider: String?
  /// Examples a batch, unless the caller asks for a number or the graph has a fixed one; nil: up to 64.
  public var batch: Int?
  /// How weights are swapped; nil: what is faster, measured at the first evaluation.
  public var swap: OnnxSwap?
  /// The output with the logits; nil: the only one, or the one called `logits`.
  public var output: String?

  /// The standard, but for what is given.
  public init(
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
