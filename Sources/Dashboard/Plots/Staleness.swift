import Analysis
import Averaging
import Kitchen

/// That a plot shows a soup which is not, or no more, the one at hand.
struct Staleness: Hashable, Sendable {
  /// Of what it is: the first ingredients' names.
  let subject: String
  /// Whether all of the picture is of that soup, not only the numbers beside it.
  let isOfPicture: Bool
  /// Whether there is a soup at hand that can be measured instead.
  let canBeRenewed: Bool
}

extension State {
  /// What analyses are of unless ingredients are named: the hand-picked soup, else the shown job's.
  func soupAtHand(prefersJob: Bool = false) -> Blend {
    if !prefersJob, self.set.members.count > 1 { return self.set.blend }
    guard let job = shownJob else { return .uniform([]) }
    return job.result?.blend ?? .uniform(job.ingredients)
  }

  /// The recipe whose soups the gap plot follows; nil while it shows those picked by hand.
  var jobWithGaps: Job.ID? {
    guard let job = shownJob, focus == .jobs || self.set.members.count < 2 else { return nil }
    return analysis.history(of: job.id).isEmpty ? nil : job.id
  }

  /// How stale a plot is; nil where it is of the soup at hand, or of no single soup.
  func staleness(of kind: PlotState.Kind) -> Staleness? {
    let soup: Blend?
    switch kind {
    case .gap: soup = jobWithGaps == nil ? analysis.gapsPickedByHand.last?.blend : nil
    case .flatness: soup = analysis.paths.first { $0.line.anchor == 0 }?.line.from
    case .calibration: soup = analysis.calibration?.blend
    case .accuracy, .scatter, .landscape, .angles, .pairs, .sizes: soup = nil
    }
    let atHand = soupAtHand()
    guard let soup, soup.shares != atHand.shares else { return nil }
    return Staleness(
      subject: soup.briefNames,
      // A line of gaps is of every soup that was looked at.
      isOfPicture: kind != .gap || plot.view(of: .gap) == 1,
      canBeRenewed: evaluatorTrouble == nil && atHand.tensors == nil
        && atHand.distinctIngredients.count > 1)
  }
}

extension Blend {
  /// The first ingredients, and how many more there are.
  fileprivate var briefNames: String {
    let names = distinctIngredients
    guard names.count > 4 else { return names.joined(separator: ", ") }
    return names.prefix(3).joined(separator: ", ") + " and \(names.count - 3) more"
  }
}
