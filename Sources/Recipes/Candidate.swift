import Averaging
import Evaluation

/// An ingredient as recipes see it: a name and how good it is alone.
public struct Candidate: Hashable, Sendable {
  /// The ingredient's.
  public let name: String
  /// Merit of the ingredient alone on val; higher is better (see `Judgement.merit`).
  public let merit: Double

  /// An ingredient and its merit; NaN where a recipe does not ask for it.
  public init(name: String, merit: Double) {
    self.name = name
    self.merit = merit
  }
}

/// The order in which a sequential recipe takes its candidates.
package enum CandidateOrder: Hashable, Sendable {
  /// Best alone first, ties in sweep order (Wortsman et al. 2022, Recipe 1).
  case val
  /// Best alone first, ties in reversed sweep order, as the published code sorts.
  case published
  /// Shuffled by a seeded generator.
  case random(seed: UInt64)

  /// `candidates`, given in sweep order, in this order.
  package func sorted(_ candidates: [Candidate]) -> [Candidate] {
    switch self {
    case .val:
      return descending(candidates)
    case .published:
      return descending(candidates.reversed())
    case .random(let seed):
      var generator = SeededGenerator(seed: seed)
      return candidates.shuffled(using: &generator)
    }
  }

  /// A stable descending sort; a merit that is not a number comes last.
  private func descending(_ candidates: some Sequence<Candidate>) -> [Candidate] {
    let keyed = candidates.enumerated().map { place, candidate in
      (candidate, candidate.merit.isNaN ? -.infinity : candidate.merit, place)
    }
    return keyed.sorted { $0.1 > $1.1 || ($0.1 == $1.1 && $0.2 < $1.2) }.map(\.0)
  }
}
