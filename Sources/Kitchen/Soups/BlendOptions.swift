package import Averaging
package import Checkpoints

/// How ingredients are opened and averaged, as provenance keeps it; nil stands for the standard.
package struct BlendOptions: Codable, Hashable, Sendable {
  private var dtype: DType?
  /// Patterns of the names of tensors that were averaged, the others being the first ingredient's.
  private var only: [String]?
  private var integers: IntegerRule?
  private var leavesOutExtraTensors: Bool?
  /// The keys that lead to the state dict.
  private var entry: String?
  private var weights: CheckpointOptions.Weights?
  /// Unknown classes whose instances were passed over.
  private var inert: [String]?

  /// - Parameters:
  ///   - dtype: element type of what is written; nil for the first ingredient's.
  ///   - only: patterns of the names of tensors that are averaged; none: all are.
  ///   - leavesOutExtraTensors: whether tensors that the first ingredient lacks are.
  ///   - opened: how the ingredients were.
  package init(
    dtype: DType? = nil, only: [String] = [], integers: IntegerRule = .first,
    leavesOutExtraTensors: Bool = false, opened: CheckpointOptions = CheckpointOptions()
  ) {
    self.dtype = dtype
    self.only = only.isEmpty ? nil : only
    self.integers = integers == .first ? nil : integers
    self.leavesOutExtraTensors = leavesOutExtraTensors ? true : nil
    entry = opened.entry
    weights = opened.weights == .raw ? nil : opened.weights
    inert = opened.inert.isEmpty ? nil : opened.inert.sorted()
  }

  /// How the ingredients are opened.
  package var opening: CheckpointOptions {
    CheckpointOptions(entry: entry, weights: weights ?? .raw, inert: Set(inert ?? []))
  }

  /// Has weights averaged in that way.
  package func apply(to options: inout AverageOptions) {
    if let dtype { options.dtype = .dtype(dtype) }
    if let integers { options.integers = integers }
    if let leavesOutExtraTensors { options.leavesOutExtraTensors = leavesOutExtraTensors }
    if let only { options.only = only.map(NamePattern.init) }
  }
}

extension Provenance {
  /// How the ingredients were opened.
  package var opening: CheckpointOptions { (options ?? BlendOptions()).opening }
}
