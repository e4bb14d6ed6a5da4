import Checkpoints
import Glibc

extension AveragePlan {
  /// The first term's ties that the result has too: those whose tensors are treated alike and equal
  /// each other in every term.
  ///
  /// A format that does not speak of ties (safetensors) holds tied tensors as equal bytes, so terms
  /// that say nothing are compared byte by byte.
  /// - Throws: `InputError` when such a tensor cannot be read.
  static func tiesKept(
    _ terms: [AverageTerm], _ alignment: [Alignment], works: [Work], rows: [[Double]]?
  ) throws -> [[String]] {
    guard let first = terms.first, let ties = (first.table as? Checkpoint)?.ties, !ties.isEmpty
    else { return [] }
    var kept: [[String]] = []
    for group in ties {
      var rest = group.compactMap { first.table.index(of: $0) }
      while let leader = rest.first {
        let same = try rest.filter { member in
          guard works[member].isLike(works[leader]), rows?[member] == rows?[leader] else {
            return false
          }
          return try zip(terms.dropFirst(), alignment).allSatisfy { term, place in
            try term.table.hasSameElements(place.indexes[leader], place.indexes[member])
          }
        }
        if same.count > 1 { kept.append(same.map { first.table.tensors[$0].name }) }
        rest.removeAll { same.contains($0) }
      }
    }
    return kept
  }
}

extension AveragePlan.Work {
  fileprivate func isLike(_ other: Self) -> Bool {
    switch (self, other) {
    case (.copy, .copy): true
    case (.sum(let left, _, _, let type), .sum(let right, _, _, let otherType)):
      left == right && type == otherType
    default: false
    }
  }
}

extension TensorTable {
  /// Whether two tensors are one: said to be tied, or equal in type, shape and bytes.
  fileprivate func hasSameElements(_ left: Int, _ right: Int) throws -> Bool {
    if left == right { return true }
    let (a, b) = (tensors[left], tensors[right])
    guard a.dtype == b.dtype, a.shape == b.shape else { return false }
    let ties = (self as? Checkpoint)?.ties ?? []
    if ties.contains(where: { $0.contains(a.name) && $0.contains(b.name) }) { return true }
    return try withElements(ofTensorAt: left) { first in
      try withElements(ofTensorAt: right) { first.isSame(as: $0) }
    }
  }
}

extension TensorElements {
  /// Whether all bytes are equal, for as many elements of one size; compared run by run.
  fileprivate func isSame(as other: TensorElements) -> Bool {
    let piece = 1 << 16
    let room = UnsafeMutableRawBufferPointer.allocate(
      byteCount: 2 * piece * elementSize, alignment: 64)
    defer { room.deallocate() }
    let halves = (
      UnsafeMutableRawBufferPointer(rebasing: room[..<(room.count / 2)]),
      UnsafeMutableRawBufferPointer(rebasing: room[(room.count / 2)...])
    )
    return stride(from: 0, to: count, by: piece).allSatisfy { start in
      let range = start..<min(start + piece, count)
      let (a, b) = (run(range, room: halves.0), other.run(range, room: halves.1))
      guard let x = a.baseAddress, let y = b.baseAddress else { return true }
      return memcmp(x, y, a.count) == 0
    }
  }
}
