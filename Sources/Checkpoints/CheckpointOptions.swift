/// How to open a checkpoint that leaves a choice, as those of PyTorch may.
package struct CheckpointOptions: Hashable, Sendable {
  /// Which weights to take from a checkpoint that has both.
  package enum Weights: String, CaseIterable, Sendable {
    /// Those that the optimiser changes.
    case raw
    /// Their exponential moving average.
    case ema
  }

  /// The keys that lead to the state dict, joined by dots; nil finds it.
  package var entry: String?
  package var weights: Weights
  /// Classes, as `module.name`, that may occur in a pickle as opaque data although unknown.
  ///
  /// Nothing of a pickle is executed either way.
  package var harmless: Set<String>

  package init(entry: String? = nil, weights: Weights = .raw, harmless: Set<String> = []) {
    self.entry = entry
    self.weights = weights
    self.harmless = harmless
  }
}
