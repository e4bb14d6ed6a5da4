import Checkpoints

/// The tensors of one item while they are lent, one a stream, read run by run.
///
/// A worker's own. Runs of elements that do not lie row-major are gathered into room that is kept
/// from item to item.
final class LentStreams {
  /// Room that all workers together should take, in bytes.
  private static let roomOfAll = 32 << 20

  private var elements: [TensorElements] = []
  private var room = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private let share: Int

  init(workers: Int) { share = Self.roomOfAll / workers }

  deinit { room.deallocate() }

  /// Elements that should be read at once for the room to stay small, however many streams there
  /// are.
  var longestRun: Int {
    let size = elements.reduce(0) { $0 + ($1.isRowMajor ? 0 : $1.elementSize) }
    return size == 0 ? .max : max(1 << 10, share / size)
  }

  /// Elements `range` of every stream, valid until the next call.
  func runs(_ range: Range<Int>) -> [UnsafeRawBufferPointer] {
    let sizes = elements.map { $0.isRowMajor ? 0 : (range.count * $0.elementSize + 63) & ~63 }
    let needed = sizes.reduce(0, +)
    if room.count < needed {
      room.deallocate()
      room = .allocate(byteCount: needed, alignment: 64)
    }
    var start = 0
    return zip(elements, sizes).map { elements, size in
      defer { start += size }
      return elements.run(
        range, room: UnsafeMutableRawBufferPointer(rebasing: room[start..<start + size]))
    }
  }

  /// Borrows `sources` from their tables, one within the other, while `body` runs.
  ///
  /// - Parameter first: the stream to begin with. Where each worker begins with another, tables that
  ///   must make their bytes make those of different streams at the same time.
  func lend(
    _ sources: [(table: Int, tensor: Int)], of tables: [any TensorTable], from first: Int,
    _ body: () throws -> Void
  ) throws {
    elements = Array(repeating: .none, count: sources.count)
    // What was lent must not be read any more.
    defer { elements.removeAll(keepingCapacity: true) }
    try lend(sources, of: tables, from: first, depth: 0, body)
  }

  private func lend(
    _ sources: [(table: Int, tensor: Int)], of tables: [any TensorTable], from first: Int,
    depth: Int, _ body: () throws -> Void
  ) throws {
    guard depth < sources.count else { return try body() }
    let stream = (first + depth) % sources.count
    let source = sources[stream]
    try tables[source.table].withElements(ofTensorAt: source.tensor) { lent in
      elements[stream] = lent
      try lend(sources, of: tables, from: first, depth: depth + 1, body)
    }
  }
}
