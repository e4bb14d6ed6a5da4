package import Checkpoints
import Glibc

/// Which tensor of a checkpoint each initializer of a graph is filled from.
package struct OnnxCorrespondence: Hashable, Sendable {
  /// How a tensor's elements become an initializer's.
  package enum Arrangement: String, Hashable, Sendable {
    case same
    /// The same elements in another shape.
    case reshaped
    /// A matrix turned over.
    case transposed
  }

  /// An initializer and its source.
  package struct Pair: Hashable, Sendable {
    package let initializer: String
    package let tensor: String
    package let arrangement: Arrangement
  }

  /// Two tensors of the checkpoint that the graph holds once.
  package struct Merged: Hashable, Sendable {
    package let tensor: String
    /// The tensor the graph has an initializer for.
    package let kept: String
  }

  /// Initializers that are swapped, in the graph's order.
  package let pairs: [Pair]
  /// Initializers that keep the graph's values, because they belong to the architecture.
  package let constants: [String]
  /// Tensors that must equal another one in every checkpoint (tied weights).
  package let merged: [Merged]
  /// Tensors of integers that the graph does not use (`num_batches_tracked`).
  package let unused: [String]
  /// Whether the graph's values were compared with those of the checkpoint it was exported from.
  package let isVerified: Bool

  /// Pairs that are not simply the tensor of the same name.
  package var renamed: [Pair] {
    pairs.filter { $0.initializer != $0.tensor || $0.arrangement != .same }
  }
}

extension OnnxGraph {
  /// Pairs initializers with the tensors of the same name and shape.
  ///
  /// Initializers of integers, and of a single number, may be the architecture's own; anything else
  /// must be on both sides.
  /// - Throws: one `InputError` listing every tensor that is on one side only or differs in shape or
  ///   type.
  package func correspondence(byNamesOf table: any TensorTable) throws -> OnnxCorrespondence {
    var mismatch = OnnxMismatch(graph: file)
    var pairs: [OnnxCorrespondence.Pair] = []
    var constants: [String] = []
    for initializer in initializers {
      let info = initializer.info
      if table.index(of: info.name) != nil {
        pairs.append(.init(initializer: info.name, tensor: info.name, arrangement: .same))
      } else if info.dtype.isFloatingPoint && info.count > 1 {
        mismatch.missing.append(info.name)
      } else {
        constants.append(info.name)
      }
    }
    let absent = table.tensors.filter { index(of: $0.name) == nil }
    mismatch.unknown = absent.filter(\.dtype.isFloatingPoint).map(\.name)
    let result = OnnxCorrespondence(
      pairs: pairs, constants: constants, merged: [],
      unused: absent.filter { !$0.dtype.isFloatingPoint }.map(\.name), isVerified: false)
    mismatch.compareShapes(result.pairs, of: self, with: table)
    try mismatch.check()
    return result
  }

  /// Checks that `table` can fill this graph's initializers.
  ///
  /// - Throws: one `InputError` listing every tensor that is missing, unknown, or differs in shape or
  ///   type, or tensors that the graph holds once and that differ here.
  func check(_ table: any TensorTable, against correspondence: OnnxCorrespondence) throws {
    var mismatch = OnnxMismatch(graph: file)
    let known = Set(correspondence.pairs.map(\.tensor) + correspondence.merged.map(\.tensor))
    mismatch.missing = correspondence.pairs.map(\.tensor).filter { table.index(of: $0) == nil }
    mismatch.unknown = table.tensors.filter {
      $0.dtype.isFloatingPoint && !known.contains($0.name)
    }.map(\.name)
    mismatch.compareShapes(correspondence.pairs, of: self, with: table)
    try mismatch.check()
    for merged in correspondence.merged {
      guard let left = table.index(of: merged.tensor), let right = table.index(of: merged.kept),
        try table.haveSameBytes(left, right)
      else {
        throw InputError(
          file: file, place: "tensor \(merged.kept)",
          problem: "stands for \(merged.tensor) too, but the two differ in these weights",
          mend:
            "Export the model again from a fine-tuned checkpoint, so that the exporter keeps both"
        )
      }
    }
  }
}

extension TensorTable {
  /// Whether two tensors have the same type and elements.
  func haveSameBytes(_ left: Int, _ right: Int) throws -> Bool {
    guard tensors[left].dtype == tensors[right].dtype else { return false }
    return try withBytes(ofTensorAt: left) { first in
      try withBytes(ofTensorAt: right) { second in first.hasSameBytes(as: second) }
    }
  }
}

extension UnsafeRawBufferPointer {
  func hasSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count else { return false }
    guard let left = baseAddress, let right = other.baseAddress else { return true }
    return memcmp(left, right, count) == 0
  }
}

/// How a graph and a checkpoint differ, gathered so that it is said at once.
struct OnnxMismatch {
  let graph: String
  /// In the graph and not in the checkpoint.
  var missing: [String] = []
  /// In the checkpoint and not in the graph.
  var unknown: [String] = []
  /// With the reason.
  var differing: [String] = []

  init(graph: String) { self.graph = graph }

  mutating func compareShapes(
    _ pairs: [OnnxCorrespondence.Pair], of graph: OnnxGraph, with table: any TensorTable
  ) {
    let tensors = table.tensors
    for pair in pairs {
      guard let index = graph.index(of: pair.initializer),
        let source = table.index(of: pair.tensor)
      else { continue }
      let wanted = graph.initializers[index].info
      let given = tensors[source]
      if !pair.arrangement.fits(given.shape, to: wanted.shape) {
        differing.append("\(pair.tensor) (shape \(given.shape), in the graph \(wanted.shape))")
      } else if !FloatConversion.canConvert(given.dtype, to: wanted.dtype) {
        differing.append(
          "\(pair.tensor) (\(given.dtype.rawValue), in the graph \(wanted.dtype.rawValue))")
      }
    }
  }

  func check() throws {
    var clauses: [String] = []
    if !missing.isEmpty {
      clauses.append("the checkpoint lacks \(NameList(missing)) of the graph")
    }
    if !unknown.isEmpty {
      clauses.append("the graph lacks \(NameList(unknown)) of the checkpoint")
    }
    if !differing.isEmpty { clauses.append("\(NameList(differing)) do not fit") }
    guard !clauses.isEmpty else { return }
    let mend =
      missing.isEmpty && unknown.isEmpty
      ? "Use the graph of the architecture that these weights belong to"
      : "Export the model again with its names kept (do_constant_folding=False, or optimize=False), "
        + "or name the checkpoint it was exported from"
    throw InputError(file: graph, problem: clauses.joined(separator: "; "), mend: mend)
  }
}

extension OnnxCorrespondence.Arrangement {
  fileprivate func fits(_ given: [Int], to wanted: [Int]) -> Bool {
    switch self {
    case .same: given == wanted
    case .reshaped: given.reduce(1, *) == wanted.reduce(1, *)
    case .transposed: given.count == 2 && given.reversed() == wanted
    }
  }
}

/// `3 tensors (a, b, c)`: at most eight names and a count of the rest.
struct NameList: CustomStringConvertible {
  private let names: [String]

  init(_ names: [String]) { self.names = names }

  var description: String {
    let shown = names.prefix(8).joined(separator: ", ")
    let rest = names.count > 8 ? " and \(names.count - 8) more" : ""
    return "\(names.count) tensor\(names.count == 1 ? "" : "s") (\(shown)\(rest))"
  }
}
