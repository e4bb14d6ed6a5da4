package import Checkpoints

/// One input of an average.
package struct AverageTerm: Sendable {
  /// The name that errors and reports use: a path or an ingredient's name.
  package let name: String
  package let table: any TensorTable
  package let weight: Double

  package init(_ name: String, _ table: any TensorTable, weight: Double) {
    self.name = name
    self.table = table
    self.weight = weight
  }

  /// Without the weight.
  package var named: NamedTable { NamedTable(name, table) }

  /// Each checkpoint, named by its path, with weight `1 / count`.
  package static func uniform(_ checkpoints: [Checkpoint]) -> [AverageTerm] {
    checkpoints.map { AverageTerm($0.path, $0, weight: 1 / Double(checkpoints.count)) }
  }
}

/// Element type of the floating-point tensors of an average.
package enum OutputDType: Hashable, Sendable {
  /// That of the first ingredient, tensor by tensor.
  case asFirst
  /// One for all.
  case dtype(DType)
  /// Rounded to that of the first ingredient and then converted: the numbers of the soup that
  /// `asFirst` would write, ready for an evaluator that takes only this type.
  case asFirstThen(DType)
}

/// What becomes of integer tensors in which ingredients differ.
package enum IntegerRule: String, CaseIterable, Hashable, Sendable {
  /// They are the first ingredient's, and the report names them.
  case first
  /// The average is refused.
  case refuse
}

/// How an average is taken.
package struct AverageOptions: Sendable {
  package var dtype: OutputDType = .asFirst
  package var integers: IntegerRule = .first
  /// Weights tensor by tensor (learned soups by layer); nil: every tensor has the terms' weights.
  ///
  /// One row a tensor in the order of the first ingredient, one weight a term.
  package var rows: [[Double]]?
  /// Only tensors whose names match one of these are averaged; nil: all.
  package var only: [NamePattern]?
  /// Where tensors that `only` leaves out come from; nil: the first ingredient.
  package var rest: NamedTable?
  /// Threads; nil: as many as there are processors.
  package var workers: Int?
  /// Called with bytes of output done and bytes in all, after each piece, from any thread.
  package var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?

  package init() {}

  package init(dtype: OutputDType) { self.dtype = dtype }

  /// What a blend asks for: its weights by tensor, laid out as `first` has its tensors.
  ///
  /// - Throws: `InputError` when the blend leaves out a floating-point tensor.
  package init(
    blend: Blend, first: any TensorTable, dtype: OutputDType = .asFirst
  ) throws {
    self.dtype = dtype
    guard let tensors = blend.tensors else { return }
    let byName = Dictionary(tensors.map { ($0.name, $0.weights) }) { first, _ in first }
    let means = blend.terms.map(\.weight)
    rows = try first.tensors.map { info in
      if let weights = byName[info.name] { return weights }
      guard !info.dtype.isFloatingPoint else {
        throw InputError(
          file: "blend", place: "tensor \(info.name)", problem: "it has no weights of its own",
          mend: "Give weights for every tensor, or one set for all")
      }
      return means
    }
  }
}
