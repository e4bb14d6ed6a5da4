public import Checkpoints

/// What should be known about an average besides its tensors.
public struct AverageReport: Hashable, Sendable {
  /// A tensor with infinities or NaN in the result.
  public struct NonFinite: Hashable, Sendable {
    /// Its name.
    public let tensor: String
    /// Names of the terms that brought it; empty when the sum itself overflowed.
    public let terms: [String]
  }

  /// A tensor that ingredients store as different types.
  public struct Mixed: Hashable, Sendable {
    /// Its name.
    public let tensor: String
    /// In the order of the terms, each once.
    public let dtypes: [DType]
  }

  /// Tensors that were averaged.
  public var averaged = 0
  /// Tensors that were copied: integers, and those that a filter left out.
  public var copied = 0
  /// Bytes of tensors read from all terms.
  public var bytesRead = 0
  /// Bytes of tensors made.
  public var bytesMade = 0
  /// Integer tensors that differ between terms and were taken from the first.
  public var integersFromFirst: [String] = []
  /// Tensors with infinities or NaN.
  public var nonFinite: [NonFinite] = []
  /// Tensors of several types.
  public var mixed: [Mixed] = []
  /// Groups of names that are tied in the first ingredient and equal each other in the result.
  public var ties: [[String]] = []
  /// Groups that are tied in every ingredient, of which some were treated otherwise than others, so
  /// that they differ in the result.
  public var brokenTies: [[String]] = []
}
