import Evaluation
import Kitchen
import Recipes
import Sweeps

/// The JSON documents of the commands: what scripts may rely on.
struct ScoreDocument: Encodable {
  let correct: Int?
  let n: Int?
  let accuracy: Double?
  /// Of raw logits.
  let nll: Double?
  /// Of logits multiplied with the soup's own β; only for soups that learned one.
  let nllBeta: Double?

  enum CodingKeys: String, CodingKey {
    case correct, n, accuracy, nll
    case nllBeta = "nll_beta"
  }

  init(_ score: Score, nllBeta: Double? = nil) {
    correct = score.correct
    n = score.n
    accuracy = score.accuracy
    nll = score.nll
    self.nllBeta = nllBeta
  }

  init(_ metric: KnownMetric) {
    correct = metric.correct
    n = metric.n
    accuracy = metric.accuracy
    nll = metric.nll
    nllBeta = nil
  }
}

/// What `run` ends with.
struct RunDocument: Encodable {
  struct DecisionDocument: Encodable {
    let candidate: String
    let correct: Int
    let n: Int
    let accepted: Bool
    /// Whether the evaluation was given up; `correct` and `n` are then of the examples seen.
    let abandoned: Bool
    /// Where it was given up: a whole evaluation has no more right.
    let atMost: Int?
    let margin: Double?
    /// Of the metric that selects; nil when that is accuracy.
    let value: Double?
    let ingredients: Int
    /// What linearised tables had said.
    let predicted: Int?
    let beta: Double?
    let nllBeta: Double?
    let evaluatedExamples: Int

    enum CodingKeys: String, CodingKey {
      case candidate, correct, n, accepted, abandoned, margin, value, ingredients, predicted
      case beta
      case nllBeta = "nll_beta"
      case evaluatedExamples = "evaluated_examples"
      case atMost = "at_most"
    }
  }

  let recipe: String
  let options: RecipeSpec
  let kind: String
  let ingredients: [String]
  let weights: [String: Double]
  let decisions: [DecisionDocument]
  let metrics: [String: ScoreDocument]
  /// Of the metric that selected, by split; empty when that was accuracy.
  let values: [String: Double]
  /// The inverse temperature that a learned soup learned.
  let beta: Double?
  /// Passes over val that selection looked at, known before or not.
  let passes: Double
  let evaluatedExamples: Int
  /// Examples that judging the candidates took, and those that giving up early spared.
  let seenExamples: Int
  let sparedExamples: Int
  let seconds: Double
  let output: [String]?
  /// Against the best ingredient alone: McNemar's exact test by split.
  let significance: [String: SignificanceDocument]
  /// Where half of val was held back: on the half that selected, and on the other.
  let confirmation: [String: ScoreDocument]?
  /// Where it was cooked several times: this is the best of them on val.
  let repeats: RepeatsDocument?

  enum CodingKeys: String, CodingKey {
    case recipe, options, kind, ingredients, weights, decisions, metrics, values, beta, passes
    case seconds
    case output, repeats, significance, confirmation
    case evaluatedExamples = "evaluated_examples"
    case seenExamples = "seen_examples"
    case sparedExamples = "spared_examples"
  }

  init(
    _ result: SoupResult, output: [String]?, repeats row: ComparisonRow? = nil,
    significance: [Significance] = []
  ) {
    self.significance = Dictionary(
      significance.map { ($0.split, SignificanceDocument($0)) },
      uniquingKeysWith: { first, _ in first })
    confirmation = result.confirmation.map {
      ["selected": ScoreDocument($0.selected), "confirmed": ScoreDocument($0.confirmed)]
    }
    repeats = row.flatMap { $0.results.count > 1 ? RepeatsDocument($0) : nil }
    recipe = result.spec.recipe.rawValue
    options = result.spec
    kind = result.kind.rawValue
    ingredients = result.ingredients
    weights = result.weights
    decisions = result.decisions.map {
      DecisionDocument(
        candidate: $0.candidate, correct: $0.judgement.score.correct, n: $0.judgement.score.n,
        accepted: $0.isAccepted, abandoned: $0.judgement.isAbandoned,
        atMost: $0.judgement.mostCorrect, margin: $0.margin, value: result.value(of: $0),
        ingredients: $0.ingredients.count, predicted: $0.prediction?.correct,
        beta: $0.judgement.calibration?.beta, nllBeta: $0.judgement.calibration?.nll,
        evaluatedExamples: $0.judgement.evaluatedExamples)
    }
    metrics = Dictionary(
      result.metrics.map {
        ($0.split, ScoreDocument($0.score, nllBeta: result.calibrations[$0.split]?.nll))
      },
      uniquingKeysWith: { first, _ in first })
    values = result.values
    beta = result.calibrations.first?.value.beta
    passes = result.passes
    let sparing = Sparing(over: result.decisions)
    seenExamples = sparing.seen
    sparedExamples = sparing.spared
    evaluatedExamples = result.evaluatedExamples
    seconds = result.seconds
    self.output = output
  }
}

/// A soup against the best ingredient alone on one split.
struct SignificanceDocument: Encodable {
  let against: String
  /// Examples that only the soup gets right.
  let onlySoup: Int
  /// Examples that only the ingredient gets right.
  let onlySingle: Int
  /// McNemar's exact p, two-sided.
  let p: Double

  enum CodingKeys: String, CodingKey {
    case against, p
    case onlySoup = "only_soup"
    case onlySingle = "only_single"
  }

  init(_ significance: Significance) {
    against = significance.against
    onlySoup = significance.test.onlyFirst
    onlySingle = significance.test.onlySecond
    p = significance.test.pValue
  }
}

/// Several cookings of one recipe with different seeds.
struct RepeatsDocument: Encodable {
  struct Spread: Encodable {
    let mean: Double?
    let std: Double?
  }

  let seeds: [UInt64]
  /// Accuracy by split.
  let accuracy: [String: Spread]

  init(_ row: ComparisonRow) {
    seeds = row.results.map(\.spec.seed)
    accuracy = Dictionary(
      uniqueKeysWithValues: row.results[0].metrics.map(\.split).map {
        ($0, Spread(mean: row.accuracy(on: $0), std: row.deviation(on: [$0])))
      })
  }
}

/// What a replay without a file to write ends with.
struct VerificationDocument: Encodable {
  struct Split: Encodable {
    let recorded: ScoreDocument
    let measured: ScoreDocument
    let agrees: Bool
  }

  let ingredients: [String]
  let splits: [String: Split]
  let agrees: Bool

  init(_ provenance: Provenance, _ found: [Remeasurement]) {
    ingredients = provenance.ingredients.map(\.name)
    splits = Dictionary(
      uniqueKeysWithValues: found.map {
        (
          $0.split,
          Split(
            recorded: ScoreDocument($0.recorded), measured: ScoreDocument($0.measured),
            agrees: $0.agrees)
        )
      })
    agrees = found.allSatisfy(\.agrees)
  }
}

/// What a replay ends with.
struct ReplayDocument: Encodable {
  let recipe: RecipeSpec?
  let ingredients: [String]
  let output: [String]

  init(_ provenance: Provenance, output: [String]) {
    recipe = provenance.recipe
    ingredients = provenance.ingredients.map(\.name)
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
