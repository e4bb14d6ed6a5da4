import Averaging
package import Evaluation
import Ledger
import Recipes
import Synchronization

/// McNemar's exact test of a hand-picked soup against something else, on one split.
package struct SoupTest: Sendable {
  /// What the soup is held against.
  package enum Rival: Hashable, Sendable {
    /// The best ingredient alone on val.
    case bestSingle(String)
    /// The soup that was measured before it.
    case previous
  }

  package let soup: HandPickedSet
  package let rival: Rival
  package let split: String
  /// The soup first.
  package let test: McNemarTest

  package init(of soup: HandPickedSet, against rival: Rival, on split: String, test: McNemarTest) {
    self.soup = soup
    self.rival = rival
    self.split = split
    self.test = test
  }
}

/// The soups that were measured by hand last.
struct MeasuredSoups {
  private(set) var previous: Blend?
  private var current: Blend?

  /// The same soup again changes nothing.
  mutating func take(_ blend: Blend) {
    guard blend != current else { return }
    previous = current
    current = blend
  }
}

extension Kitchen {
  /// Tests a soup that was just measured on a split against the best single and against the soup
  /// before it, where their logits are known: nothing is evaluated for it.
  func tellTests(of set: HandPickedSet, on splitName: String) throws {
    let split = try split(named: splitName)
    let blend = set.blend
    guard !split.isScalar, let soup = try correctness(of: blend, on: split) else { return }
    let previous = measuredByHand.withLock { soups in
      soups.take(blend)
      return soups.previous
    }
    var rivals: [(SoupTest.Rival, Blend)] = []
    if let best = try bestKnownSingle(among: nil) {
      rivals.append((.bestSingle(best), .uniform([best])))
    }
    if let previous { rivals.append((.previous, previous)) }
    for (rival, other) in rivals {
      guard let known = try correctness(of: other, on: split) else { continue }
      observer(
        .soupTest(
          SoupTest(of: set, against: rival, on: splitName, test: McNemarTest(soup, known))))
    }
  }

  /// Which examples a blend gets right; nil when its logits are not in the ledger.
  private func correctness(of blend: Blend, on split: Split) throws -> [Bool]? {
    try ledger.logits(for: key(of: blend, on: split)).map {
      $0.logits.correctness(split.labels)
    }
  }
}
