import Averaging
import Evaluation

/// A blend whose logits on val are known.
struct ProbedSoup: Sendable {
  /// One an ingredient, of sum one.
  let weights: [Double]
  let correct: Int
  /// By the metric of the probe, higher is better.
  let merit: Double
  /// Mean NLL of the raw logits, in nats.
  let nll: Double
  let calibration: Calibration

  init(weights: [Double], logits: Logits, labels: [Int32], metric: Metric) {
    self.weights = weights
    correct = logits.correct(labels)
    merit = metric.merit(logits, labels)
    nll = logits.nll(labels)
    calibration = Calibration(of: logits, labels: labels)
  }

  /// Of more merit, or of as much and likelier.
  func isBetter(than other: ProbedSoup) -> Bool {
    merit == other.merit ? calibration.nll < other.calibration.nll : merit > other.merit
  }
}

/// Evaluates blends for a recipe and counts them, known ones too: a run that is resumed takes the same
/// way and ends at the same place.
struct SoupProbe {
  let ingredients: [String]
  let source: any LogitSource
  /// Evaluations that may be made in all; nil: as many as it takes.
  let budget: Int?
  let metric: Metric
  private(set) var evaluations = 0

  init(
    ingredients: [String], source: any LogitSource, budget: Int?, metric: Metric = .accuracy
  ) {
    self.ingredients = ingredients
    self.source = source
    self.budget = budget
    self.metric = metric
  }

  /// Whether the budget leaves room for so many more.
  func canAfford(_ more: Int) -> Bool { budget.map { evaluations + more <= $0 } ?? true }

  mutating func probe(_ weights: [Double]) async throws -> ProbedSoup {
    evaluations += 1
    let logits = try await source.logits(of: Blend(ingredients, weights))
    return ProbedSoup(weights: weights, logits: logits, labels: source.labels, metric: metric)
  }

  /// Linearises around a soup that was probed, telling cost and steps.
  mutating func linearise(
    around soup: ProbedSoup, seed: UInt64, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> LinearisedTables {
    let (count, before) = (ingredients.count, evaluations)
    evaluations += count
    return try await LinearisedTables.make(
      of: ingredients, around: soup.weights, from: source, seed: seed
    ) { step in
      switch step {
      case .planned(let plan):
        tell(.planned(RecipeCost(evaluations: count, detail: "tables of \(plan.summary)")))
      case .slope(let name, let step):
        tell(
          .trying(candidate: "slope towards \(name)", step: before + step, of: before + count + 4))
      }
    }.tables
  }

  /// A judgement of a soup that was probed.
  func judgement(_ soup: ProbedSoup) -> Judgement {
    Judgement(
      score: Score(correct: soup.correct, n: source.labels.count, nll: soup.nll),
      merit: soup.merit, evaluatedExamples: source.labels.count,
      calibration: soup.calibration)
  }

  /// The finished soup, judged as it would be exported: rounded to the ingredients' own type.
  func outcome(_ soup: ProbedSoup, scorer: any Scorer) async throws -> Outcome {
    let blend = Blend(ingredients, soup.weights)
    let judgement = try await scorer.score(blend, bar: nil)
    return Outcome(
      blend: blend,
      judgement: Judgement(
        score: judgement.score, merit: judgement.merit,
        evaluatedExamples: judgement.evaluatedExamples, calibration: soup.calibration))
  }
}
