package import Checkpoints

extension OnnxGraph {
  /// Finds the checkpoint that the graph was exported from, by value: with one it is known that no
  /// weight was folded into another on the way.
  ///
  /// The beginnings of a few tensors are compared with every checkpoint until one agrees in all of
  /// them; only that one is read as a whole. No other checkpoint is the origin when it agrees in some
  /// tensors, for layers that training leaves as they are agree in all: those count in which it alone
  /// agrees.
  /// - Parameters:
  ///   - names: of the checkpoints, the likeliest first.
  ///   - table: opens one; those that cannot be opened are passed over.
  /// - Returns: its name; nil when it is none of them.
  /// - Throws: `InputError` naming the weights that differ from those of the one checkpoint that agrees
  ///   with the graph in most others; `CancellationError`.
  package func origin(
    among names: [String], table: (String) throws -> any TensorTable
  ) throws -> String? {
    let samples = samples
    guard !samples.isEmpty else { return nil }
    var found: [(name: String, agrees: [Bool])] = []
    for name in names {
      try Task.checkCancellation()
      guard let opened = try? table(name) else { continue }
      let agrees = try samples.map { try agreesAtFirst(with: opened, in: $0) }
      if !agrees.contains(false), try altered(from: opened).isEmpty { return name }
      if agrees.contains(true) { found.append((name, agrees)) }
    }
    for (name, agrees) in found {
      let own = samples.indices.filter { sample in
        agrees[sample] && found.count { $0.agrees[sample] } == 1
      }
      guard own.count * 2 > samples.count else { continue }
      let altered = try altered(from: table(name))
      guard altered.count * 2 < initializers.count else { continue }
      throw InputError(
        file: file, place: "initializers",
        problem: "was exported from \(name) but holds other values in \(NameList(altered))",
        mend:
          "Export the model again without folding (do_constant_folding=False, or optimize=False)")
    }
    return nil
  }

  /// A few initializers of numbers from the first to the last, which is often the head.
  private var samples: [Int] {
    let weights = initializers.indices.filter {
      initializers[$0].info.dtype.isFloatingPoint && initializers[$0].info.count > 1
    }
    let count = min(weights.count, 12)
    guard count > 1 else { return weights }
    return (0..<count).map { weights[$0 * (weights.count - 1) / (count - 1)] }
  }

  private func agreesAtFirst(with table: any TensorTable, in index: Int) throws -> Bool {
    let wanted = initializers[index].info
    guard let source = table.index(of: wanted.name) else { return false }
    let given = table.tensors[source]
    guard given.shape == wanted.shape else { return false }
    return try withBytes(ofTensorAt: index) { own in
      try table.withBytes(ofTensorAt: source) { bytes in
        ElementComparison.equal(
          own, wanted.dtype, bytes, given.dtype, count: min(wanted.count, 256))
      }
    }
  }

  /// Initializers that do not have the values of the tensor of their name, as they are.
  private func altered(from table: any TensorTable) throws -> [String] {
    let comparison = try compare(with: table)
    let turned = comparison.renamed.filter { $0.initializer == $0.tensor }
    return comparison.different + turned.map(\.initializer)
  }
}
