import CKernels
public import Checkpoints

/// How an ingredient's matrices stand to those of the reference.
struct Kinship {
  let name: String
  let cosine: Double
  /// Elements that the cosine is taken over.
  let elements: Int
}

extension Preflight {
  /// Elements of every ingredient that are looked at: a cosine that is zero but for noise comes out
  /// within 0.004 of it, and reading them takes no time that anybody notices.
  private static let sampled = 1 << 20
  /// Elements that are read in one go.
  private static let run = 1 << 14

  /// Looks at a sample of each ingredient's matrices for those that do not come from the same
  /// initialisation as the first.
  ///
  /// The runs that are looked at lie evenly over all matrices, so that their cosine is that of the
  /// whole but for a percent or so. What does not fit the first is passed over.
  /// - Throws: `InputError` when tensors cannot be read; `CancellationError`.
  public func sample(_ ingredients: [NamedTable]) throws -> [Finding] {
    guard let first = ingredients.first else { return [] }
    let matrices = first.table.tensors.indices.filter { index in
      let info = first.table.tensors[index]
      return info.shape.count > 1 && info.dtype.kernel != nil
    }
    let kinships = try ingredients.dropFirst().compactMap { other -> Kinship? in
      guard let alignment = try? Alignment(other, to: first, exactly: false) else { return nil }
      return try kinship(of: other, to: first, matrices.map { ($0, alignment.indexes[$0]) })
    }
    return strangers(kinships, first.name)
  }

  /// - Parameter matrices: where each is in the reference and in the other.
  /// - Returns: nil when one of them has none, or only zeros.
  private func kinship(
    of other: NamedTable, to first: NamedTable, _ matrices: [(first: Int, other: Int)]
  ) throws -> Kinship? {
    let types = matrices.compactMap { pair -> (ck_dtype, ck_dtype)? in
      guard let type = first.table.tensors[pair.first].dtype.kernel,
        let otherType = other.table.tensors[pair.other].dtype.kernel
      else { return nil }
      return (type, otherType)
    }
    let items = matrices.map { pair in
      Lockstep.Item(
        sources: [(0, pair.first), (1, pair.other)],
        count: first.table.tensors[pair.first].count, piece: Self.run)
    }
    let sum = OrderedSum<Part, Part>(Part()) { total, _, part in
      total.relation.add(part.relation)
      total.elements += part.elements
    }
    try Lockstep(
      tables: [first.table, other.table], items: items, mostPieces: Self.sampled / Self.run
    ).run(workers: Lockstep.processors, start: {}) { _, piece, streams in
      let runs = streams.runs(piece.range)
      let relation = ck_relate(
        runs[0].baseAddress, types[piece.item].0, runs[1].baseAddress, types[piece.item].1,
        piece.range.count, CK_BEST)
      sum.submit(Part(relation: relation, elements: piece.range.count), number: piece.number)
    }
    let total = sum.total
    let product = (total.relation.xx * total.relation.yy).squareRoot()
    guard product > 0 else { return nil }
    return Kinship(
      name: other.name, cosine: total.relation.xy / product, elements: total.elements)
  }

  private struct Part: Sendable {
    var relation = ck_relation()
    var elements = 0
  }
}
