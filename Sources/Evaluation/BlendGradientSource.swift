/// Which tensors share one row of mixing weights.
///
/// Every floating-point tensor, buffers such as running means included, belongs to exactly one row.
/// Tensors of whole numbers have no average and are the first ingredient's; they may be named or not.
public enum TensorGrouping: Hashable, Sendable {
  /// One row for all tensors.
  case all
  /// One row for each of these tensors.
  case byTensor([String])
  /// One row for each group of names.
  case groups([[String]])

  /// Number of rows of mixing weights.
  public var rows: Int {
    switch self {
    case .all: 1
    case .byTensor(let names): names.count
    case .groups(let groups): groups.count
    }
  }
}

/// The mean cross-entropy of a blend on some examples, and its derivatives.
public struct BlendGradient: Hashable, Sendable {
  /// Mean over the examples of the cross-entropy of `beta` times the logits, in nats.
  public let loss: Double
  /// dL/dw, shaped as the weights that were asked about: one row a group, one column an ingredient.
  public let weights: [[Double]]
  /// dL/dβ.
  public let beta: Double

  /// A loss and its derivatives.
  public init(loss: Double, weights: [[Double]], beta: Double) {
    self.loss = loss
    self.weights = weights
    self.beta = beta
  }
}

/// Gradients of the loss on one split with respect to the mixing weights of a blend.
///
/// Learned soups are found along them (Wortsman et al. 2022, appendix I). The kitchen makes one from
/// an evaluator that can differentiate its model.
public protocol BlendGradientSource: Sendable {
  /// Number of examples of the split.
  var examples: Int { get }

  /// The loss and its gradient at Σ w_i θ_i, logits scaled by β.
  ///
  /// The weights are taken as they are: they need not be positive, nor sum to one, so that the
  /// gradient holds for each by itself; a softmax over them is the caller's.
  /// - Parameters:
  ///   - ingredients: names of ingredients of the sweep.
  ///   - weights: one row for each group of `tensors`, one column an ingredient.
  ///   - tensors: which tensors each row mixes.
  ///   - beta: the inverse temperature that the logits are multiplied with.
  ///   - examples: indices into the split; the loss is their mean.
  /// - Throws: `InputError` for ingredients or an evaluator that do not fit, `CancellationError`.
  func gradient(
    ingredients: [String], weights: [[Double]], tensors: TensorGrouping, beta: Double,
    examples: [Int]
  ) async throws -> BlendGradient
}
