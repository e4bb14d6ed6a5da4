import Checkpoints
import Dispatch
import Foundation
import Synchronization

/// Walks through tensors of several tables side by side, in pieces, on all cores.
///
/// Pieces are handed out in order. A worker borrows a tensor from every table once and keeps it for
/// as many pieces as it gets, so tables that must make their bytes first make them seldom.
struct Lockstep {
  /// One tensor, and where to find it.
  struct Item {
    /// Which table, and which of its tensors; one a stream.
    let sources: [(table: Int, tensor: Int)]
    /// Elements of each stream.
    let count: Int
    /// Elements of a piece.
    let piece: Int
  }

  /// A run of elements of one item.
  struct Piece {
    /// Number of the piece, over all items.
    let number: Int
    let item: Int
    let range: Range<Int>
  }

  /// What is done with a piece: a worker's state, the piece, and its item's streams.
  typealias Body<State> = @Sendable (inout State, Piece, LentStreams) throws -> Void

  let tables: [any TensorTable]
  let items: [Item]
  private let pieces: [Piece]

  /// - Parameter mostPieces: of more pieces, so many are taken that lie evenly over all of them.
  init(tables: [any TensorTable], items: [Item], mostPieces: Int = .max) {
    self.tables = tables
    self.items = items
    var pieces: [Piece] = []
    for (index, item) in items.enumerated() {
      for start in stride(from: 0, to: item.count, by: item.piece) {
        let range = start..<min(start + item.piece, item.count)
        pieces.append(Piece(number: pieces.count, item: index, range: range))
      }
    }
    if pieces.count > mostPieces {
      let all = pieces
      pieces = (0..<mostPieces).map { number in
        let chosen = all[number * all.count / mostPieces]
        return Piece(number: number, item: chosen.item, range: chosen.range)
      }
    }
    self.pieces = pieces
  }

  /// Processors that this process may use.
  static var processors: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  /// What workers share.
  private final class Shared: Sendable {
    let next = Atomic(0)
    let stopped = Atomic(false)
    let failure = Mutex<(any Error)?>(nil)

    func stop(_ error: any Error) {
      failure.withLock { $0 = $0 ?? error }
      stopped.store(true, ordering: .relaxed)
    }
  }

  /// Calls `body` with every piece and its item's streams; each worker has a state of its own.
  ///
  /// - Parameter workers: threads; the calling one is among them.
  /// - Parameter start: makes a worker's state.
  /// - Throws: the first error of a table or of `body`, or for a table whose file was written to
  ///   meanwhile; `CancellationError` when the current task is cancelled, noticed between pieces.
  func run<State>(
    workers: Int, start: @escaping @Sendable () -> State,
    body: @escaping Body<State>
  ) throws {
    let shared = Shared()
    let workers = max(1, min(workers, pieces.count))
    if workers == 1 {
      work(shared, worker: 0, of: 1, start: start, body: body)
    } else {
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        work(shared, worker: worker, of: workers, start: start, body: body)
      }
    }
    if let error = shared.failure.withLock({ $0 }) { throw error }
    try Task.checkCancellation()
    // What was read last may be newer than what was read first.
    for table in tables { try table.checkUnchanged() }
  }

  private func work<State>(
    _ shared: Shared, worker: Int, of workers: Int, start: () -> State, body: Body<State>
  ) {
    var state = start()
    let streams = LentStreams(workers: workers)
    var claimed = claim(shared)
    do {
      while let first = claimed {
        let sources = items[first.item].sources
        try streams.lend(sources, of: tables, from: sources.count * worker / workers) {
          while let piece = claimed, piece.item == first.item {
            try body(&state, piece, streams)
            claimed = claim(shared)
          }
        }
      }
    } catch {
      shared.stop(error)
    }
  }

  private func claim(_ shared: Shared) -> Piece? {
    // Only the thread that the task runs on can see that it was cancelled.
    if Task.isCancelled { shared.stop(CancellationError()) }
    guard !shared.stopped.load(ordering: .relaxed) else { return nil }
    let number = shared.next.wrappingAdd(1, ordering: .relaxed).oldValue
    return number < pieces.count ? pieces[number] : nil
  }
}
