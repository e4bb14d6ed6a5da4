import Averaging
import Evaluation
import Ledger
import Synchronization

/// When an evaluation may be given up: once it cannot matter any more.
package struct Abandonment: Sendable {
  /// Given up as soon as fewer examples than this can be right.
  package let bar: Int
  /// The order of examples that shows it early, though any is right; nil for the split's own.
  package let order: @Sendable () throws -> [Int]?

  package init(bar: Int, order: @escaping @Sendable () throws -> [Int]? = { nil }) {
    self.bar = bar
    self.order = order
  }

  /// Batches that end where the first decision can fall: with every example so far wrong.
  func batch(of examples: Int) -> BatchSize { .deciding(after: examples - bar + 1) }
}

/// The soup that a job's candidates are held against, and the order of examples that it suggests.
///
/// What is barely right or wrong with the current soup is where candidates differ from it: its examples
/// are ordered by its margin of the true class, ascending.
final class CurrentSoup: Sendable {
  private struct State {
    var blend: Blend?
    var order: [Int]?
  }

  private let state = Mutex(State())

  func become(_ blend: Blend) { state.withLock { $0 = State(blend: blend) } }

  /// Made when it is first asked for; nil where the soup's logits are not known.
  func order(on split: Split, in kitchen: Kitchen) throws -> [Int]? {
    try state.withLock { state in
      if let order = state.order { return order }
      guard let blend = state.blend,
        let logits = try kitchen.ledger.logits(for: kitchen.key(of: blend, on: split))
      else { return nil }
      state.order = logits.logits.orderByMargin(split.labels)
      return state.order
    }
  }
}
