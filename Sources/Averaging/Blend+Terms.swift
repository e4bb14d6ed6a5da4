public import Checkpoints

extension Blend {
  /// What an average of this blend takes, in its order; weights by tensor are in its
  /// `AverageOptions`.
  ///
  /// - Parameter table: the tensors of the ingredient of that name.
  /// - Throws: what `table` throws.
  public func averageTerms(
    _ table: (String) throws -> any TensorTable
  ) rethrows -> [AverageTerm] {
    try terms.map {
      AverageTerm($0.ingredient, try table($0.ingredient), weight: $0.weight)
    }
  }
}
