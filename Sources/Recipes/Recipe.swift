public import Averaging

/// What became of one candidate.
public struct Decision: Hashable, Sendable {
  /// The candidate's name; after a minus, that of the ingredient that a pruned soup would drop.
  public let candidate: String
  /// The ingredients that were tried and their weights.
  public let tried: Blend
  /// What was measured of `tried`.
  public let judgement: Judgement
  /// Whether the recipe goes on with `tried`.
  public let isAccepted: Bool
  /// Merit of the candidate minus the bar it had to reach; nil for the first of a run.
  public let margin: Double?
  /// The ingredients after the decision.
  public let ingredients: [String]
  /// What linearised tables said of the candidate before it was evaluated.
  public let prediction: Prediction?

  /// What a recipe tells after it tried a candidate.
  public init(
    candidate: String, tried: Blend, judgement: Judgement, isAccepted: Bool, margin: Double?,
    ingredients: [String], prediction: Prediction? = nil
  ) {
    self.prediction = prediction
    self.candidate = candidate
    self.tried = tried
    self.judgement = judgement
    self.isAccepted = isAccepted
    self.margin = margin
    self.ingredients = ingredients
  }
}

/// What a recipe says while it works, in order.
public enum RecipeEvent: Sendable {
  /// Before the recipe begins, an ingredient is evaluated alone; `step` counts from 0.
  case measuring(ingredient: String, step: Int, of: Int)
  /// The candidates in the order they will be tried.
  case began(candidates: [String])
  /// What a step that is about to start will cost, for a person to read before it does.
  case planned(RecipeCost)
  /// A candidate is being evaluated; `step` counts from 0.
  case trying(candidate: String, step: Int, of: Int)
  case decided(Decision)
}

/// What the next part of a recipe will take.
public struct RecipeCost: Hashable, Sendable {
  /// Evaluations of all of val, or as many examples as that; at most.
  public let evaluations: Int
  /// Details in a few words, such as the memory it needs; nil when there is nothing to say.
  public let detail: String?

  /// So many evaluations of all of val at most.
  public init(evaluations: Int, detail: String? = nil) {
    self.evaluations = evaluations
    self.detail = detail
  }

  /// One line: `at most 25 evaluations of val; tables of 600 examples`.
  public var summary: String {
    "at most \(evaluations) evaluation\(evaluations == 1 ? "" : "s") of val"
      + (detail.map { "; \($0)" } ?? "")
  }
}

/// What a recipe ends with.
public struct Outcome: Hashable, Sendable {
  /// How the members are combined.
  public enum Kind: String, Sendable {
    case soup
    case ensemble
  }

  /// Whether weights or logits are averaged.
  public let kind: Kind
  /// The members and their weights.
  public let blend: Blend
  /// Of the finished soup on val; with its calibration for a soup that learned one.
  public let judgement: Judgement

  /// The members, their weights, and how good they are together.
  public init(kind: Kind = .soup, blend: Blend, judgement: Judgement) {
    self.kind = kind
    self.blend = blend
    self.judgement = judgement
  }
}

/// A procedure that chooses ingredients and weighs them, looking only at val.
public protocol Recipe: Sendable {
  /// As on the command line: `greedy`.
  var name: String { get }

  /// Works through `candidates` (in sweep order), telling each step.
  func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome
}

/// Why a recipe cannot start.
public enum RecipeError: Error, Hashable, Sendable, CustomStringConvertible {
  case noCandidates
  case unknownIngredient(String)
  /// The recipe needs something that this sweep or its evaluator does not have.
  case unavailable(String)
  case noInitialisation
  /// A recipe's options contradict each other.
  case misuse(String)

  /// A sentence for a person, with the mend.
  public var description: String {
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
