/// How to open a checkpoint that leaves a choice, as those of PyTorch may.
public struct CheckpointOptions: Hashable, Sendable {
  /// Which weights to take from a checkpoint that has both.
  public enum Weights: String, Codable, CaseIterable, Sendable {
    /// Those that the optimiser changes.
    case raw
    /// Their exponential moving average.
    case ema
  }

  /// The keys that lead to the state dict, joined by dots; nil finds it.
  public var entry: String?
  /// Which of two sets of weights.
  public var weights: Weights
  /// Classes, as `module.name`, that a pickle may have instances of although they are not known;
  /// these are passed over as opaque values.
  ///
  /// Nothing of a pickle is executed either way.
  public var inert: Set<String>

  /// The standard, but for what is given.
  public init(entry: String? = nil, weights: Weights = .raw, inert: Set<String> = []) {
    self.entry = entry
    self.weights = weights
    self.inert = inert
  }
}
