package import Checkpoints

/// A graph's initializers beside the checkpoint it may have been exported from, by value.
///
/// Guards against exporters that keep a weight's name and shape but fold other values into it.
package struct OnnxComparison: Hashable, Sendable {
  /// Same name, shape and values.
  package let equal: [String]
  /// Same name, other values or another shape: folded, or another checkpoint.
  package let different: [String]
  /// Initializers that hold a tensor of another name, or turned over, found by shape and value.
  package let renamed: [OnnxCorrespondence.Pair]
  /// Initializers that several tensors of the checkpoint could have become.
  package let ambiguous: [String]
  /// Initializers that no tensor of the checkpoint explains.
  package let unexplained: [String]
  /// Tensors that the graph holds under another tensor's name, because both have the same values.
  package let merged: [OnnxCorrespondence.Merged]
  /// Tensors of floating-point numbers that the graph does not hold.
  package let missing: [String]
  /// Tensors of integers that the graph does not use.
  package let unused: [String]

  fileprivate let graph: String
  fileprivate let pairs: [OnnxCorrespondence.Pair]

  /// Whether the graph was exported from this checkpoint and every weight can be swapped.
  package var isMatch: Bool { different.isEmpty && ambiguous.isEmpty && missing.isEmpty }

  /// The correspondence that was found.
  ///
  /// - Parameter checkpoint: its name in errors.
  /// - Throws: `InputError` unless `isMatch`.
  package func correspondence(checkpoint: String) throws -> OnnxCorrespondence {
    guard isMatch else { throw mismatch(checkpoint: checkpoint) }
    return OnnxCorrespondence(
      pairs: pairs, constants: unexplained, merged: merged, unused: unused, isVerified: true)
  }

  private func mismatch(checkpoint: String) -> InputError {
    var clauses: [String] = []
    if !different.isEmpty { clauses.append("other values in \(NameList(different))") }
    if !missing.isEmpty { clauses.append("nothing for \(NameList(missing))") }
    if !ambiguous.isEmpty { clauses.append("\(NameList(ambiguous)) that could be several tensors") }
    let mend =
      different.count > equal.count
      ? "Name the checkpoint that the graph was exported from"
      : "Export the model again without folding (do_constant_folding=False, or optimize=False)"
    return InputError(
      file: graph, problem: "has, beside \(checkpoint), \(clauses.joined(separator: "; "))",
      mend: mend)
  }
}

extension OnnxGraph {
  /// Compares every initializer with a checkpoint, by value.
  ///
  /// Values are compared in the narrower of the two types, so a half-precision copy of the exported
  /// checkpoint is recognised. Initializers whose name the checkpoint does not have are looked for
  /// among its remaining tensors by number of elements and value, as they are or turned over.
  package func compare(with table: any TensorTable) throws -> OnnxComparison {
    var comparer = OnnxComparer(graph: self, table: table)
    return try comparer.compare()
  }
}

/// The search behind `OnnxGraph.compare`.
private struct OnnxComparer {
  let graph: OnnxGraph
  let table: any TensorTable
  let tensors: [TensorInfo]
  var equal: [String] = []
  var different: [String] = []
  var ambiguous: [String] = []
  var unexplained: [String] = []
  var pairs: [OnnxCorrespondence.Pair] = []

  init(graph: OnnxGraph, table: any TensorTable) {
    self.graph = graph
    self.table = table
    tensors = table.tensors
  }

  mutating func compare() throws -> OnnxComparison {
    var unnamed: [Int] = []
    for (index, initializer) in graph.initializers.enumerated() {
      let name = initializer.info.name
      guard let source = table.index(of: name) else {
        unnamed.append(index)
        continue
      }
      if let arrangement = try arrangement(of: source, in: index) {
        if arrangement == .same { equal.append(name) }
        pairs.append(.init(initializer: name, tensor: name, arrangement: arrangement))
      } else {
        different.append(name)
      }
    }
    let named = Set(graph.initializers.map(\.info.name))
    let free = tensors.indices.filter {
      tensors[$0].dtype.isFloatingPoint && !named.contains(tensors[$0].name)
    }
    for index in unnamed { try search(for: index, among: free) }
    return try finish(free: free)
  }

  private mutating func search(for index: Int, among free: [Int]) throws {
    let info = graph.initializers[index].info
    guard info.dtype.isFloatingPoint else {
      unexplained.append(info.name)
      return
    }
    var found: [OnnxCorrespondence.Pair] = []
    for source in free where tensors[source].count == info.count {
      guard let arrangement = try arrangement(of: source, in: index) else { continue }
      found.append(
        .init(
          initializer: info.name, tensor: tensors[source].name, arrangement: arrangement))
    }
    // A single number may well equal some tensor of one element by chance, but then it is that
    // tensor's only trace in the graph, or the tensor is left over and reported as missing.
    switch found.count {
    case 0: unexplained.append(info.name)
    case 1: pairs.append(contentsOf: found)
    default: ambiguous.append(info.name)
    }
  }

  private func finish(free: [Int]) throws -> OnnxComparison {
    let used = Set(pairs.map(\.tensor))
    var merged: [OnnxCorrespondence.Merged] = []
    var missing: [String] = []
    for source in free where !used.contains(tensors[source].name) {
      let name = tensors[source].name
      let twin = try tensors.indices.first { other in
        try used.contains(tensors[other].name) && tensors[other].shape == tensors[source].shape
          && tensors[other].dtype == tensors[source].dtype && table.haveSameBytes(other, source)
      }
      if let twin {
        merged.append(.init(tensor: name, kept: tensors[twin].name))
      } else {
        missing.append(name)
      }
    }
    let order = Dictionary(
      uniqueKeysWithValues: graph.initializers.enumerated().map {
        ($1.info.name, $0)
      })
    let sorted = pairs.sorted {
      order[$0.initializer, default: 0] < order[$1.initializer, default: 0]
    }
    return OnnxComparison(
      equal: equal, different: different,
      renamed: sorted.filter { $0.initializer != $0.tensor || $0.arrangement != .same },
      ambiguous: ambiguous, unexplained: unexplained, merged: merged, missing: missing,
      unused: tensors.filter {
        !$0.dtype.isFloatingPoint && graph.index(of: $0.name) == nil
      }.map(\.name), graph: graph.file, pairs: sorted)
  }

  /// How the tensor at `source` gives the initializer at `index`; nil when it does not.
  private func arrangement(
    of source: Int, in index: Int
  ) throws -> OnnxCorrespondence.Arrangement? {
    let wanted = graph.initializers[index].info
    let given = tensors[source]
    guard given.count == wanted.count,
      FloatConversion.canConvert(given.dtype, to: wanted.dtype)
    else { return nil }
    return try graph.withBytes(ofTensorAt: index) { values in
      try table.withBytes(ofTensorAt: source) { bytes in
        if ElementComparison.equal(values, wanted.dtype, bytes, given.dtype, count: given.count) {
          return given.shape == wanted.shape ? .same : .reshaped
        }
        guard wanted.shape.count == 2, given.shape == wanted.shape.reversed() else { return nil }
        let equal = ElementComparison.equalTransposed(
          values, wanted.dtype, bytes, given.dtype, rows: wanted.shape[0],
          columns: wanted.shape[1])
        return equal ? .transposed : nil
      }
    }
  }
}

/// Comparison of elements of two types, in the narrower of them.
enum ElementComparison {
  static func equal(
    _ left: UnsafeRawBufferPointer, _ leftType: DType, _ right: UnsafeRawBufferPointer,
    _ rightType: DType, count: Int
  ) -> Bool {
    if leftType == rightType && left.hasSameBytes(as: right) { return true }
    guard leftType.isFloatingPoint, rightType.isFloatingPoint else { return false }
    return (0..<count).allSatisfy {
      equal(left, leftType, at: $0, right, rightType, at: $0)
    }
  }

  /// Whether the `rows × columns` matrix `left` is the transpose of `right`.
  static func equalTransposed(
    _ left: UnsafeRawBufferPointer, _ leftType: DType, _ right: UnsafeRawBufferPointer,
    _ rightType: DType, rows: Int, columns: Int
  ) -> Bool {
    guard leftType.isFloatingPoint, rightType.isFloatingPoint else { return false }
    for row in 0..<rows {
      for column in 0..<columns {
        let (here, there) = (row * columns + column, column * rows + row)
        if !equal(left, leftType, at: here, right, rightType, at: there) { return false }
      }
    }
    return true
  }

  private static func equal(
    _ left: UnsafeRawBufferPointer, _ leftType: DType, at leftIndex: Int,
    _ right: UnsafeRawBufferPointer, _ rightType: DType, at rightIndex: Int
  ) -> Bool {
    let first = value(left, leftType, leftIndex)
    let second = value(right, rightType, rightIndex)
    if first == second || first.isNaN && second.isNaN { return true }
    return rounded(first, to: rightType) == second || first == rounded(second, to: leftType)
  }

  private static func value(
    _ bytes: UnsafeRawBufferPointer, _ dtype: DType, _ index: Int
  ) -> Double {
    let offset = index * dtype.size
    switch dtype {
    case .f64: return bytes.loadUnaligned(fromByteOffset: offset, as: Double.self)
    case .f32: return Double(bytes.loadUnaligned(fromByteOffset: offset, as: Float.self))
    case .f16:
      let bits = bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
      return Double(FloatConversion.widened(half: bits))
    case .bf16:
      let bits = bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
      return Double(FloatConversion.widened(brain: bits))
    default: return .nan
    }
  }

  private static func rounded(_ value: Double, to dtype: DType) -> Double {
    switch dtype {
    case .f32: Double(Float(value))
    case .f16: Double(FloatConversion.widened(half: FloatConversion.half(Float(value))))
    case .bf16: Double(FloatConversion.widened(brain: FloatConversion.brain(Float(value))))
    default: value
    }
  }
}
