import Evaluation
import Kitchen
import Recipes
import Sweeps

/// The JSON documents of the commands: what scripts may rely on.
struct ScoreDocument: Encodable {
  let correct: Int?
  let n: Int?
  let accuracy: Double?
  let nll: Double?

  init(_ score: Score) {
    correct = score.correct
    n = score.n
    accuracy = score.accuracy
    nll = score.nll
  }

  init(_ metric: KnownMetric) {
    correct = metric.correct
    n = metric.n
    accuracy = metric.accuracy
    nll = metric.nll
  }
}

/// What `run` ends with.
struct RunDocument: Encodable {
  struct DecisionDocument: Encodable {
    let candidate: String
    let correct: Int
    let n: Int
    let accepted: Bool
    let abandoned: Bool
    let margin: Double?
    let ingredients: Int
    let evaluatedExamples: Int

    enum CodingKeys: String, CodingKey {
      case candidate, correct, n, accepted, abandoned, margin, ingredients
      case evaluatedExamples = "evaluated_examples"
    }
  }

  let recipe: String
  let options: RecipeSpec
  let kind: String
  let ingredients: [String]
  let weights: [String: Double]
  let decisions: [DecisionDocument]
  let metrics: [String: ScoreDocument]
  let evaluatedExamples: Int
  let seconds: Double
  let output: [String]?

  enum CodingKeys: String, CodingKey {
    case recipe, options, kind, ingredients, weights, decisions, metrics, seconds, output
    case evaluatedExamples = "evaluated_examples"
  }

  init(_ result: SoupResult, output: [String]?) {
    recipe = result.spec.recipe.rawValue
    options = result.spec
    kind = result.kind.rawValue
    ingredients = result.ingredients
    weights = result.weights
    decisions = result.decisions.map {
      DecisionDocument(
        candidate: $0.candidate, correct: $0.judgement.score.correct, n: $0.judgement.score.n,
        accepted: $0.isAccepted, abandoned: $0.judgement.isAbandoned, margin: $0.margin,
        ingredients: $0.ingredients.count, evaluatedExamples: $0.judgement.evaluatedExamples)
    }
    metrics = Dictionary(
      result.metrics.map { ($0.split, ScoreDocument($0.score)) },
      uniquingKeysWith: { first, _ in first })
    evaluatedExamples = result.evaluatedExamples
    seconds = result.seconds
    self.output = output
  }
}

/// One line of `eval`.
struct EvaluationDocument: Encodable {
  let name: String
  let kind: String
  let split: String
  let correct: Int
  let n: Int
  let accuracy: Double?
  let nll: Double?
}

/// One ingredient of `list`.
struct IngredientDocument: Encodable {
  let name: String
  let file: String?
  let hyperparameters: [String: HyperDocument]
  let metrics: [String: ScoreDocument]
}

/// A hyperparameter as JSON: number, text, boolean or null.
struct HyperDocument: Encodable {
  let value: HyperValue

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch value {
    case .number(let number):
      if let whole = Int(exactly: number) {
        try container.encode(whole)
      } else {
        try container.encode(number)
      }
    case .text(let text): try container.encode(text)
    case .bool(let flag): try container.encode(flag)
    case .null: try container.encodeNil()
    }
  }
}
