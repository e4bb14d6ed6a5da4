import Foundation
import Ledger
import Recipes
import Synchronization

/// The decisions of one run, collected while it goes.
final class DecisionList: Sendable {
  private let decisions = Mutex<[Decision]>([])

  func append(_ decision: Decision) { decisions.withLock { $0.append(decision) } }

  var all: [Decision] { decisions.withLock { $0 } }
}
