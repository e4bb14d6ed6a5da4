import CKernels
public import Checkpoints

/// Lengths and angles of ingredients seen from the initialisation.
public enum Geometry {
  /// Inner products of differences from the origin, over all floating-point tensors and by group.
  public struct Result: Hashable, Sendable {
    /// Over all floating-point tensors.
    public let total: Gram
    /// In the order in which groups first appear among the tensors.
    public let groups: [Group]
  }

  /// Some tensors' share of the inner products.
  public struct Group: Hashable, Sendable {
    /// As the caller grouped the tensors.
    public let name: String
    /// Over the group's tensors.
    public let gram: Gram

    package init(name: String, gram: Gram) {
      self.name = name
      self.gram = gram
    }
  }

  /// Takes all inner products in one pass over the tables, in f64 and in a fixed order.
  ///
  /// Each element costs `k (k + 1) / 2` products for `k` tables.
  /// - Parameters:
  ///   - tables: the vectors, by their names in errors.
  ///   - origin: what is subtracted, as a rule θ0; nil: nothing.
  ///   - group: the group that a tensor counts in besides the total; nil: none.
  /// - Throws: `InputError` when tensors do not fit together; `CancellationError`.
  public static func gram(
    of tables: [NamedTable], minus origin: NamedTable?,
    group: (TensorInfo) -> String? = { _ in nil }
  ) throws -> Result {
    guard let first = tables.first else {
      throw InputError(file: "angles", problem: "no ingredient is given", mend: "Name at least one")
    }
    let all = tables + [origin].compactMap { $0 }
    let alignments = try all.map { try Alignment($0, to: first, exactly: false) }
    let chosen = first.table.tensors.indices.filter {
      first.table.tensors[$0].dtype.isFloatingPoint
    }
    var groupNames: [String] = []
    var groupOfItem: [Int?] = []
    for index in chosen {
      let name = group(first.table.tensors[index])
      if let name, !groupNames.contains(name) { groupNames.append(name) }
      groupOfItem.append(name.flatMap(groupNames.firstIndex(of:)))
    }
    let sums = try run(
      all, alignments, chosen, groupOfItem, groups: groupNames.count, count: tables.count)
    let grams = sums.map { Gram(count: tables.count, lowerTriangle: $0) }
    return Result(
      total: grams[0], groups: zip(groupNames, grams.dropFirst()).map { Group(name: $0, gram: $1) })
  }

  /// A worker's room.
  private struct Scratch {
    var streams: [ck_stream]
    var values: [Double]
    var gram: [Double]
  }

  /// Sums over all tensors, then over those of each group.
  private static func run(
    _ all: [NamedTable], _ alignments: [Alignment], _ chosen: [Int], _ groupOfItem: [Int?],
    groups: Int, count: Int
  ) throws -> [[Double]] {
    let items = chosen.map { index in
      Lockstep.Item(
        sources: alignments.enumerated().map { ($0.offset, $0.element.indexes[index]) },
        count: all[0].table.tensors[index].count, piece: 1 << 18)
    }
    let dtypes = items.map { item in
      item.sources.compactMap { all[$0.table].table.tensors[$0.tensor].dtype.kernel }
    }
    let lockstep = Lockstep(tables: all.map(\.table), items: items)
    let zero = Array(repeating: Array(repeating: 0.0, count: count * count), count: groups + 1)
    let sum = OrderedSum<(group: Int?, gram: [Double]), [[Double]]>(zero) { total, _, part in
      for target in [0] + [part.group.map { $0 + 1 }].compactMap({ $0 }) {
        for (index, value) in part.gram.enumerated() { total[target][index] += value }
      }
    }
    try lockstep.run(
      workers: Lockstep.processors,
      start: {
        Scratch(
          streams: [], values: Array(repeating: 0, count: ck_gram_scratch(count)),
          gram: Array(repeating: 0, count: count * count))
      },
      body: { scratch, piece, streams in
        let item = piece.item
        scratch.streams = zip(streams.runs(piece.range), dtypes[item]).map { run, dtype in
          ck_stream(data: run.baseAddress, weight: 1, dtype: dtype)
        }
        let origin =
          all.count > count
          ? scratch.streams[count] : ck_stream(data: nil, weight: 1, dtype: CK_F32)
        for index in scratch.gram.indices { scratch.gram[index] = 0 }
        ck_gram(
          scratch.streams, count, origin, piece.range.count, &scratch.values, &scratch.gram, CK_BEST
        )
        sum.submit((groupOfItem[item], scratch.gram), number: piece.number)
      })
    return sum.total
  }
}
