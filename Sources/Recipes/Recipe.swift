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
  /// What linearised tables said of the candidate before it was evaluated.
  package let prediction: Prediction?

  package init(
    candidate: String, judgement: Judgement, isAccepted: Bool, margin: Double?,
    ingredients: [String], prediction: Prediction? = nil
  ) {
    self.prediction = prediction
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
  /// What a step that is about to start will cost, for a person to read before it does.
  case planned(RecipeCost)
  /// A candidate is being evaluated; `step` counts from 0.
  case trying(candidate: String, step: Int, of: Int)
  case decided(Decision)
}

/// What the next part of a recipe will take.
package struct RecipeCost: Hashable, Sendable {
  /// Evaluations of all of val, or as many examples as that; at most.
  package let evaluations: Int
  /// Details in a few words, such as the memory it needs; nil when there is nothing to say.
  package let detail: String?

  package init(evaluations: Int, detail: String? = nil) {
    self.evaluations = evaluations
    self.detail = detail
  }

  /// One line: `at most 25 evaluations of val; tables of 600 examples`.
  package var summary: String {
    "at most \(evaluations) evaluation\(evaluations == 1 ? "" : "s") of val"
      + (detail.map { "; \($0)" } ?? "")
  }
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
  /// Of the finished soup on val; with its calibration for a soup that learned one.
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
  /// The recipe needs something that this sweep or its evaluator does not have.
  case unavailable(String)
  case noInitialisation
  /// A recipe's options contradict each other.
  case misuse(String)

  package var description: String {
    switch self {
    case .noCandidates:
      "No ingredients to choose from. Widen the filter or select some."
    case .unknownIngredient(let name):
      "There is no ingredient named '\(name)' in this sweep. `stockpot list` shows the names."
    case .unavailable(let what):
      "This recipe needs \(what), which this sweep's evaluator does not give."
    case .noInitialisation:
      "This recipe needs the initialisation θ0. Name it in stockpot.toml as sweep.initialisation."
    case .misuse(let problem):
      problem
    }
  }
}
