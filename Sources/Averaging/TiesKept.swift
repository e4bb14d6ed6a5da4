import Checkpoints
import Glibc

extension AveragePlan {
  /// The first term's ties that every term has, by what becomes of them: kept in the result where
  /// their tensors are treated alike, broken where some are treated otherwise than others.
  ///
  /// A format that does not speak of ties (safetensors) holds tied tensors as equal bytes, so terms
  /// that say nothing are compared byte by byte.
  /// - Throws: `InputError` when such a tensor cannot be read.
  static func ties(
    _ terms: [AverageTerm], _ alignment: [Alignment], works: [Work], rows: [[Double]]?
  ) throws -> (kept: [[String]], broken: [[String]]) {
    guard let first = terms.first, let ties = (first.table as? Checkpoint)?.ties, !ties.isEmpty
    else { return ([], []) }
    func names(_ group: [Int]) -> [String] { group.map { first.table.tensors[$0].name } }
    var (kept, broken) = ([[String]](), [[String]]())
    for group in ties {
      let members = group.compactMap { first.table.index(of: $0) }
      let tied = try members.grouped { left, right in
        try zip(terms.dropFirst(), alignment).allSatisfy { term, place in
          try term.table.hasSameElements(place.indexes[left], place.indexes[right])
        }
      }
      for same in tied where same.count > 1 {
        let alike = same.grouped { works[$0].isLike(works[$1]) && rows?[$0] == rows?[$1] }
        kept += alike.filter { $0.count > 1 }.map(names)
        if alike.count > 1 { broken.append(names(same)) }
      }
    }
    return (kept, broken)
  }
}

extension [Int] {
  /// Those that are like the first of them, then those like the first of the rest, and so on.
  fileprivate func grouped(_ areAlike: (Int, Int) throws -> Bool) rethrows -> [[Int]] {
    var groups: [[Int]] = []
    var rest = self
    while let leader = rest.first {
      let group = try rest.filter { try areAlike(leader, $0) }
      groups.append(group)
      rest.removeAll { group.contains($0) }
    }
    return groups
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
