import Checkpoints

/// Where one table keeps each of another's tensors.
struct Alignment {
  /// One a tensor of the other, in its order.
  let indexes: [Int]

  /// Finds every tensor of `reference` in `other`.
  ///
  /// - Parameter exactly: whether `other` may have no more.
  /// - Throws: `InputError` listing the tensors of `comparison` that hinder an average.
  init(_ other: NamedTable, to reference: NamedTable, exactly: Bool = true) throws {
    let comparison = LayoutComparison(other.table, to: reference.table)
    let mend = "Leave it out, or check that both were trained from the same model"
    func failure(_ names: [String], _ problem: String) -> InputError {
      InputError(file: other.name, place: Self.list(names), problem: problem, mend: mend)
    }
    if !comparison.missing.isEmpty {
      throw failure(comparison.missing, "missing, but in \(reference.name)")
    }
    if exactly, !comparison.extra.isEmpty {
      throw failure(comparison.extra, "not in \(reference.name)")
    }
    if !comparison.shapes.isEmpty {
      throw failure(comparison.shapes, "the shape differs from that in \(reference.name)")
    }
    if !comparison.kinds.isEmpty {
      throw failure(comparison.kinds, "the type cannot be averaged with that in \(reference.name)")
    }
    self.indexes = comparison.indexes.compactMap { $0 }
  }

  /// Up to five names, then how many more there are.
  static func list(_ names: [String]) -> String {
    let shown = names.prefix(5).joined(separator: ", ")
    let word = names.count == 1 ? "tensor" : "tensors"
    return names.count <= 5
      ? "\(word) \(shown)" : "\(word) \(shown) and \(names.count - 5) more"
  }
}

/// How one table's names, shapes and types stand to another's.
struct LayoutComparison {
  /// Where each of the reference's tensors is in the other; nil for those it lacks.
  private(set) var indexes: [Int?] = []
  /// Names that only the reference has.
  private(set) var missing: [String] = []
  /// Names that only the other has.
  private(set) var extra: [String] = []
  /// Tensors of another shape, each with both.
  private(set) var shapes: [String] = []
  /// Tensors of types that do not mix, each with both: whole numbers differ, or meet fractions.
  private(set) var kinds: [String] = []
  /// Names of floating-point tensors of another type.
  private(set) var dtypes: [String] = []

  init(_ other: any TensorTable, to reference: any TensorTable) {
    let ours = reference.tensors
    let theirs = other.tensors
    indexes.reserveCapacity(ours.count)
    for (position, info) in ours.enumerated() {
      // Files of one sweep have the same order; a look at the same place saves hashing the name.
      let same = position < theirs.count && theirs[position].name == info.name
      let found = same ? position : other.index(of: info.name)
      indexes.append(found)
      guard let found else {
        missing.append(info.name)
        continue
      }
      let match = theirs[found]
      if match.shape != info.shape {
        shapes.append("\(info.name) \(match.shape) against \(info.shape)")
      } else if match.dtype != info.dtype {
        if match.dtype.isFloatingPoint && info.dtype.isFloatingPoint {
          dtypes.append(info.name)
        } else {
          kinds.append("\(info.name) \(match.dtype.rawValue) against \(info.dtype.rawValue)")
        }
      }
    }
    if theirs.count > ours.count - missing.count {
      extra = theirs.map(\.name).filter { reference.index(of: $0) == nil }
    }
  }
}
