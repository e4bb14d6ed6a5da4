package import Checkpoints

/// What should be known about an average besides its tensors.
package struct AverageReport: Hashable, Sendable {
  /// A tensor with infinities or NaN in the result.
  package struct NonFinite: Hashable, Sendable {
    package let tensor: String
    /// Names of the terms that brought it; empty when the sum itself overflowed.
    package let terms: [String]
  }

  /// A tensor that ingredients store as different types.
  package struct Mixed: Hashable, Sendable {
    package let tensor: String
    /// In the order of the terms, each once.
    package let dtypes: [DType]
  }

  /// Tensors that were averaged.
  package var averaged = 0
  /// Tensors that were copied: integers, and those that a filter left out.
  package var copied = 0
  /// Bytes of tensors read from all terms.
  package var bytesRead = 0
  /// Bytes of tensors made.
  package var bytesMade = 0
  /// Integer tensors that differ between terms and were taken from the first.
  package var integersFromFirst: [String] = []
  package var nonFinite: [NonFinite] = []
  package var mixed: [Mixed] = []
  /// Groups of names that are tied in the first ingredient and equal each other in the result.
  package var ties: [[String]] = []
}
