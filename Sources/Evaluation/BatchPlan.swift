/// How many examples an evaluator is to take at once, where that is not left to it.
public enum BatchSize: Hashable, Sendable, ExpressibleByIntegerLiteral {
  case fixed(Int)
  /// Batches for an evaluation that may be broken off, but not before so many examples were seen:
  /// the batches end there, and those that follow are small for as long again.
  case deciding(after: Int)

  /// So many examples a batch.
  public init(integerLiteral value: Int) { self = .fixed(value) }
}

/// The batches of one evaluation: consecutive ranges that cover its order of examples.
struct BatchPlan: Hashable, Sendable {
  /// The smallest batch after the first decision may fall: less would be mostly overhead.
  private static let smallest = 8

  private(set) var ranges: [Range<Int>] = []

  /// Examples of the largest batch.
  var most: Int { ranges.map(\.count).max() ?? 0 }

  /// - Parameters:
  ///   - count: examples of the evaluation.
  ///   - size: nil for shares as equal as `most` allows.
  ///   - most: examples of a batch at most, unless `size` fixes it.
  ///   - workers: how many take batches at once.
  init(count: Int, size: BatchSize?, most: Int, workers: Int) {
    switch size {
    case .fixed(let size):
      add(to: count, by: max(size, 1))
    case nil:
      addShares(to: count, most: most, workers: workers)
    case .deciding(let first):
      let first = min(max(first, 0), count)
      addShares(to: first, most: most, workers: workers)
      // A bad candidate fails soon after the first moment at which it can.
      add(to: min(2 * first, count), by: min(max(first / 8, Self.smallest), max(most, 1)))
      addShares(to: count, most: most, workers: workers)
    }
  }

  private var end: Int { ranges.last?.upperBound ?? 0 }

  private mutating func add(to end: Int, by size: Int) {
    ranges += stride(from: self.end, to: end, by: size).map { $0..<min($0 + size, end) }
  }

  /// Equal shares: no worker waits at the end for another's full batch.
  private mutating func addShares(to end: Int, most: Int, workers: Int) {
    let count = end - self.end
    guard count > 0 else { return }
    let round = max(most, 1) * workers
    let batches = (count + round - 1) / round * workers
    add(to: end, by: (count + batches - 1) / batches)
  }
}
