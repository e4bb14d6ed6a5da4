import Synchronization

/// Logits of a split: one row an example, in the split's order; in memory or mapped from a file.
public struct Logits: Sendable {
  /// Number of examples.
  public let rows: Int
  /// Number of logits an example.
  public let classes: Int
  private let storage: LogitStorage

  /// - Precondition: `values` holds `rows × classes` numbers, row-major.
  public init(rows: Int, classes: Int, values: [Float]) {
    precondition(values.count == rows * classes, "\(values.count) logits, not \(rows) × \(classes)")
    self.rows = rows
    self.classes = classes
    storage = LogitStorage(values)
  }

  /// Takes memory as it lies, row-major.
  ///
  /// - Parameters:
  ///   - values: `rows × classes` numbers that never change.
  ///   - owner: keeps that memory for as long as it lives itself.
  package init(
    rows: Int, classes: Int, at values: UnsafeBufferPointer<Float>,
    keptBy owner: any AnyObject & Sendable
  ) {
    precondition(values.count == rows * classes, "\(values.count) logits, not \(rows) × \(classes)")
    self.rows = rows
    self.classes = classes
    storage = LogitStorage(values, owner: owner)
  }

  /// Lends all values, row-major; the buffer must not escape.
  public func withUnsafeBuffer<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(storage.values)
  }

  /// All values; valid as long as these logits are kept.
  var unmanagedBuffer: UnsafeBufferPointer<Float> { storage.values }
}

/// Where logits lie: at one address from beginning to end.
private final class LogitStorage: Sendable {
  // Written in `init` alone, and freed or unmapped after the last use.
  nonisolated(unsafe) let values: UnsafeBufferPointer<Float>
  /// Of memory that is not this object's own.
  private let owner: (any AnyObject & Sendable)?

  init(_ values: [Float]) {
    let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
    _ = memory.initialize(from: values)
    self.values = UnsafeBufferPointer(memory)
    owner = nil
  }

  init(_ values: UnsafeBufferPointer<Float>, owner: any AnyObject & Sendable) {
    self.values = values
    self.owner = owner
  }

  deinit { if owner == nil { values.deallocate() } }
}

/// Gathers batches into the logits of a whole split.
public final class LogitCollector: Sendable {
  private struct State {
    var classes = 0
    var values: [Float] = []
    var seen = 0
  }

  private let rows: Int
  private let state = Mutex(State())

  /// - Parameter rows: number of examples in the split.
  public init(rows: Int) { self.rows = rows }

  /// Takes in a batch; each example is given once.
  public func add(_ batch: LogitBatch) {
    state.withLock { state in
      if state.values.isEmpty {
        state.classes = batch.classes
        state.values = [Float](repeating: .nan, count: rows * batch.classes)
      }
      precondition(state.classes == batch.classes, "batches of different numbers of classes")
      let classes = state.classes
      for (position, example) in batch.examples.enumerated() {
        let target = example * classes
        state.values.replaceSubrange(
          target..<target + classes,
          with: batch.logits[position * classes..<(position + 1) * classes])
      }
      state.seen += batch.examples.count
    }
  }

  /// The logits, once every example was given; nil before.
  public var logits: Logits? {
    state.withLock { state in
      guard state.seen == rows, rows > 0 else { return nil }
      return Logits(rows: rows, classes: state.classes, values: state.values)
    }
  }
}
