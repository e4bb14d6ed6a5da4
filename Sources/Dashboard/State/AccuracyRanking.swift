/// Ingredients by their accuracy on one split, the best first; the first in the sweep of equals.
///
/// It is kept in order as accuracies come in, so that a frame need not sort the sweep.
package struct AccuracyRanking: Sendable {
  /// An ingredient's place in the sweep, and its accuracy.
  package struct Entry: Hashable, Sendable {
    package let place: Int
    package let accuracy: Double

    /// Whether it stands before another.
    fileprivate func precedes(_ other: Entry) -> Bool {
      accuracy == other.accuracy ? place < other.place : accuracy > other.accuracy
    }
  }

  /// Those that have an accuracy, in order.
  package private(set) var entries: [Entry]
  /// By place in the sweep; nil without an accuracy.
  private var accuracies: [Double?]

  /// - Parameter accuracies: one for each place; what is not finite counts as none.
  package init(of accuracies: [Double?]) {
    self.accuracies = accuracies.map { $0.flatMap { $0.isFinite ? $0 : nil } }
    entries = self.accuracies.enumerated().compactMap { place, accuracy in
      accuracy.map { Entry(place: place, accuracy: $0) }
    }
    entries.sort { $0.precedes($1) }
  }

  /// Takes in an accuracy, in place of the one before.
  /// - Complexity: O(log n) comparisons; the entries between move by one.
  package mutating func set(_ accuracy: Double, at place: Int) {
    if let rank = rank(of: place) { entries.remove(at: rank) }
    accuracies[place] = accuracy.isFinite ? accuracy : nil
    guard accuracy.isFinite else { return }
    let entry = Entry(place: place, accuracy: accuracy)
    entries.insert(entry, at: firstRank(notBefore: entry))
  }

  /// How many stand before the ingredient at a place; nil for one without an accuracy.
  /// - Complexity: O(log n).
  package func rank(of place: Int) -> Int? {
    accuracies[place].map { firstRank(notBefore: Entry(place: place, accuracy: $0)) }
  }

  private func firstRank(notBefore entry: Entry) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].precedes(entry) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
