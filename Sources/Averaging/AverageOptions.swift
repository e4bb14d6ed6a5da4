public import Checkpoints

/// One input of an average.
public struct AverageTerm: Sendable {
  /// The name that errors and reports use: a path or an ingredient's name.
  public let name: String
  /// Its tensors.
  public let table: any TensorTable
  /// Need not be positive, nor sum to one with the others.
  public let weight: Double

  /// Tensors under a name, with their weight.
  public init(_ name: String, _ table: any TensorTable, weight: Double) {
    self.name = name
    self.table = table
    self.weight = weight
  }

  /// Without the weight.
  public var named: NamedTable { NamedTable(name, table) }

  /// Each checkpoint, named by its path, with weight `1 / count`.
  public static func uniform(_ checkpoints: [Checkpoint]) -> [AverageTerm] {
    checkpoints.map { AverageTerm($0.path, $0, weight: 1 / Double(checkpoints.count)) }
  }
}

/// Element type of the floating-point tensors of an average.
public enum OutputDType: Hashable, Sendable {
  /// That of the first ingredient, tensor by tensor.
  case asFirst
  /// One for all.
  case dtype(DType)
  /// Rounded to that of the first ingredient and then converted: the numbers of the soup that
  /// `asFirst` would write, ready for an evaluator that takes only this type.
  case asFirstThen(DType)
}

/// What becomes of integer tensors in which ingredients differ.
public enum IntegerRule: String, Codable, CaseIterable, Hashable, Sendable {
  /// They are the first ingredient's, and the report names them.
  case first
  /// The average is refused.
  case refuse
}

/// How an average is taken.
public struct AverageOptions: Sendable {
  /// Element type of the floating-point tensors.
  public var dtype: OutputDType = .asFirst
  /// What becomes of integers that differ.
  public var integers: IntegerRule = .first
  /// Whether tensors that the first ingredient lacks are left out; they hinder the average otherwise.
  public var leavesOutExtraTensors = false
  /// Weights tensor by tensor (learned soups by layer); nil: every tensor has the terms' weights.
  ///
  /// One row a tensor in the order of the first ingredient, one weight a term.
  public var rows: [[Double]]?
  /// Only tensors whose names match one of these are averaged; nil: all.
  ///
  /// Each must match a tensor.
  public var only: [NamePattern]?
  /// Where tensors that `only` leaves out come from; nil: the first ingredient.
  public var rest: NamedTable?
  /// Threads; nil: as many as there are processors.
  public var workers: Int?
  /// Called with the report when all tensors are made, before a file appears under its name: what it
  /// throws is thrown, and nothing is written.
  public var accept: (@Sendable (AverageReport) throws -> Void)?
  /// Called with bytes of output done and bytes in all, after each piece, from any thread.
  public var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?

  /// The standard: the first ingredient's types, all tensors, all cores.
  public init() {}

  /// The standard but for the element type.
  public init(dtype: OutputDType) { self.dtype = dtype }

  /// What a blend asks for: its weights by tensor, laid out as `first` has its tensors.
  ///
  /// - Throws: `InputError` when the blend leaves out a floating-point tensor.
  public init(
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
