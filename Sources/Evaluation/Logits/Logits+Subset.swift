package import Averaging

extension Logits {
  /// Counts and likelihood.
  public func score(_ labels: [Int32]) -> Score {
    let nll = nll(labels)
    return Score(correct: correct(labels), n: rows, nll: nll.isFinite ? nll : nil)
  }

  /// The logits of some examples, in the order of `examples`.
  ///
  /// - Precondition: each is below `rows`.
  package func only(_ examples: [Int]) -> Logits {
    withUnsafeBuffer { values in
      Logits(
        rows: examples.count, classes: classes,
        values: examples.flatMap { values[$0 * classes..<($0 + 1) * classes] })
    }
  }
}

/// Logits of some examples of a split.
package struct SubsetLogits: LogitSource {
  package let whole: any LogitSource
  /// Indices into the split.
  package let examples: [Int]

  package init(_ whole: any LogitSource, examples: [Int]) {
    self.whole = whole
    self.examples = examples
  }

  package var labels: [Int32] { examples.map { whole.labels[$0] } }

  package func logits(of blend: Blend) async throws -> Logits {
    try await whole.logits(of: blend).only(examples)
  }
}

/// Gradients on some examples of a split.
package struct SubsetGradients: BlendGradientSource {
  package let whole: any BlendGradientSource
  /// Indices into the split.
  package let chosen: [Int]

  package init(_ whole: any BlendGradientSource, examples: [Int]) {
    self.whole = whole
    chosen = examples
  }

  package var examples: Int { chosen.count }

  package func gradient(
    ingredients: [String], weights: [[Double]], tensors: TensorGrouping, beta: Double,
    examples: [Int]
  ) async throws -> BlendGradient {
    try await whole.gradient(
      ingredients: ingredients, weights: weights, tensors: tensors, beta: beta,
      examples: examples.map { chosen[$0] })
  }
}
