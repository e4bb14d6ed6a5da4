package import Averaging

/// What became of one candidate.
package struct Decision: Hashable, Sendable {
  /// The candidate's name; for a dropped ingredient of a pruned soup, its name.
  package let candidate: String
  package let judgement: Judgement
  package let isAccepted: Bool
  /// Merit of the candidate minus the bar it had to reach; nil for the first of a run.
  package let margin: Double?
  /// The ingredients after the decision.
  package let ingredients: [String]

  package init(
    candidate: String, judgement: Judgement, isAccepted: Bool, margin: Double?,
    ingredients: [String]
  ) {
    self.candidate = candidate
    self.judgement = judgement
    self.isAccepted = isAccepted
    self.margin = margin
    self.ingredients = ingredients
  }
}

/// What a recipe says while it works, in order.
package enum RecipeEvent: Sendable {
  /// The candidates in the order they will be tried.
  case began(candidates: [String])
  /// A candidate is being evaluated; `step` counts from 0.
  case trying(candidate: String, step: Int, of: Int)
  case decided(Decision)
}

/// What a recipe ends with.
package struct Outcome: Hashable, Sendable {
  /// How the members are combined.
  package enum Kind: String, Sendable {
    case soup
    case ensemble
  }

  package let kind: Kind
  package let blend: Blend
  /// Of the finished soup on val.
  package let judgement: Judgement

  package init(kind: Kind = .soup, blend: Blend, judgement: Judgement) {
    self.kind = kind
    self.blend = blend
    self.judgement = judgement
  }
}

/// A procedure that chooses ingredients and weighs them, looking only at val.
package protocol Recipe: Sendable {
  /// As on the command line: `greedy`.
  var name: String { get }

  /// Works through `candidates` (in sweep order), telling each step.
  func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome
}

/// Why a recipe cannot start.
package enum RecipeError: Error, Hashable, Sendable, CustomStringConvertible {
  case noCandidates
  case unknownIngredient(String)

  package var description: String {
    switch self {
    case .noCandidates:
      "No ingredients to choose from. Widen the filter or select some."
    case .unknownIngredient(let name):
      "There is no ingredient named '\(name)' in this sweep. `stockpot list` shows the names."
    }
  }
}
