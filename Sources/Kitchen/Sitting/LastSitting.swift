import Foundation
import Ledger
import Sweeps

/// What a person had at hand when they left, and finds again.
extension Kitchen {
  var pickFile: String { ledger.directory + "/hand-picked.json" }

  /// Writes in the background which set is at hand; of several in a row only the last.
  package func remember(_ pick: HandPickedSet) {
    remember { $0.pick = pick }
  }

  /// The set that was at hand, without what is not in the sweep any more; nil when nothing is left.
  private func recallPick() -> HandPickedSet? {
    guard let data = FileManager.default.contents(atPath: pickFile),
      let pick = try? JSONDecoder().decode(HandPickedSet.self, from: data)
    else { return nil }
    let places = pick.members.indices.filter {
      sweep.ingredient(named: pick.members[$0])?.file != nil
    }
    guard !places.isEmpty else { return nil }
    let weights = pick.weights.flatMap { weights in
      weights.count == pick.members.count ? places.map { weights[$0] } : nil
    }
    return HandPickedSet(places.map { pick.members[$0] }, weights: weights)
  }

  /// Tells the observer of the recipes that were cooked in earlier sittings, and of the set that was
  /// at hand.
  func tellLastSitting() {
    for job in earlierJobs() { observer(.job(job)) }
    if let pick = recallPick() { observer(.recalled(pick)) }
  }
}
