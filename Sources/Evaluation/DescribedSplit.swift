package import Checkpoints

/// What an evaluator says of a split whose data it brings itself.
package struct SplitDescription: Hashable, Sendable {
  /// Number of examples; 0 when nobody knows.
  package let count: Int
  /// The true class of each example; nil when the evaluator gives metrics in place of logits.
  package let labels: [Int32]?

  package init(count: Int, labels: [Int32]?) {
    self.count = count
    self.labels = labels
  }
}

/// An evaluator that brings its own data.
package protocol SplitDescribing: Sendable {
  /// Number and labels of a split's examples; loads its data.
  ///
  /// - Throws: `InputError` when there is no such split or its data are malformed.
  func describe(split name: String) async throws -> SplitDescription
}

/// An evaluator that may give metrics in place of logits.
package protocol MetricEvaluator: Sendable {
  /// Metrics by name; larger is better for the one named `score`.
  ///
  /// - Throws: `InputError` for weights or data that do not fit the model.
  func metrics(of weights: any TensorTable, on split: Split) async throws -> [String: Double]
}

/// An evaluator that can differentiate its model.
package protocol BlendDifferentiating: Sendable {
  /// Gradients on a split.
  ///
  /// - Parameter ingredient: opens an ingredient by its name.
  func gradients(
    on split: Split, ingredient: @escaping @Sendable (String) throws -> any TensorTable
  ) -> any BlendGradientSource
}

/// An evaluator that can make new BatchNorm statistics for weights.
package protocol BatchNormEstimating: Sendable {
  /// The buffers of all BatchNorm layers for `weights`, from the inputs of a split: the mean of the
  /// batches' means and unbiased variances, as `torch.optim.swa_utils.update_bn` takes it.
  ///
  /// - Throws: `InputError` when the model has no such layers.
  func batchNormStatistics(
    of weights: any TensorTable, from split: Split
  ) async throws -> any TensorTable
}

/// A table some of whose tensors are another's.
package struct PatchedTable: TensorTable {
  package let tensors: [TensorInfo]
  private let base: any TensorTable
  private let patch: any TensorTable
  /// For each tensor, where the patch has it.
  private let patched: [Int?]

  /// Those tensors of `patch` that `base` has too, with the same shape, replace its own.
  package init(_ base: any TensorTable, with patch: any TensorTable) {
    self.base = base
    self.patch = patch
    patched = base.tensors.map { info in
      patch.index(of: info.name).flatMap { patch.tensors[$0].shape == info.shape ? $0 : nil }
    }
    tensors = zip(base.tensors, patched).map { $1.map { patch.tensors[$0] } ?? $0 }
  }

  package func index(of name: String) -> Int? { base.index(of: name) }

  package func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    if let place = patched[index] { return try patch.withBytes(ofTensorAt: place, body) }
    return try base.withBytes(ofTensorAt: index, body)
  }

  package func withElements<Result>(
    ofTensorAt index: Int, _ body: (TensorElements) throws -> Result
  ) throws -> Result {
    if let place = patched[index] { return try patch.withElements(ofTensorAt: place, body) }
    return try base.withElements(ofTensorAt: index, body)
  }

  package func place(ofTensorAt index: Int) -> TensorPlace? {
    if let place = patched[index] { return patch.place(ofTensorAt: place) }
    return base.place(ofTensorAt: index)
  }
}
