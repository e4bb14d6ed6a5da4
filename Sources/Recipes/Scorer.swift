public import Averaging
public import Evaluation

/// What is known of a blend (or an ensemble) on val after it was looked at.
public struct Judgement: Hashable, Sendable {
  /// Counts over the examples that were seen.
  public let score: Score
  /// The number that recipes compare, higher is better: correct examples for accuracy, otherwise the
  /// selection metric, negated where lower is better.
  public let merit: Double
  /// Whether evaluation ended early because the bar was out of reach; `score` then covers only the
  /// examples seen, and `merit` is an upper bound.
  public let isAbandoned: Bool
  /// Examples put through the model for this judgement; 0 when the ledger knew.
  public let evaluatedExamples: Int
  /// What learned recipes compare instead of the merit; nil for the others.
  public let calibration: Calibration?

  /// What is known of a blend; `score` covers the examples that were seen.
  public init(
    score: Score, merit: Double, isAbandoned: Bool = false, evaluatedExamples: Int,
    calibration: Calibration? = nil
  ) {
    self.score = score
    self.merit = merit
    self.isAbandoned = isAbandoned
    self.evaluatedExamples = evaluatedExamples
    self.calibration = calibration
  }

  /// Of a whole evaluation, from its logits.
  ///
  /// - Precondition: a label for every row, each below `logits.classes`.
  public init(
    _ logits: Logits, labels: [Int32], by metric: Metric = .accuracy, evaluatedExamples: Int
  ) {
    self.init(
      score: logits.score(labels), merit: metric.merit(logits, labels),
      evaluatedExamples: evaluatedExamples)
  }

  /// Examples that an abandoned evaluation did not look at.
  package var unseenExamples: Int { isAbandoned ? Int(merit) - score.correct : 0 }

  /// What an abandoned evaluation can have right at most; nil for a whole one.
  package var mostCorrect: Int? { isAbandoned ? Int(merit) : nil }
}

/// An inverse temperature and the likelihood that it gives.
public struct Calibration: Hashable, Sendable {
  /// What logits are multiplied with.
  public let beta: Double
  /// Mean NLL of `softmax(β z)`, in nats.
  public let nll: Double

  /// An inverse temperature and its likelihood, both known.
  public init(beta: Double, nll: Double) {
    self.beta = beta
    self.nll = nll
  }

  /// The best β for these logits.
  public init(of logits: Logits, labels: [Int32]) {
    beta = logits.calibratedBeta(labels)
    nll = logits.nll(labels, beta: beta)
  }
}

/// Looks at blends on the val split for a recipe.
///
/// The kitchen is one; tests use tables.
///
/// Every call may suspend while the job is paused, and throws `CancellationError` when it is cancelled.
public protocol Scorer: Sendable {
  /// Evaluates `blend`; with a `bar`, may abandon it once its merit cannot reach the bar any more.
  ///
  /// A blend that is judged without a bar, or reaches it, is what later ones are held against.
  func score(_ blend: Blend, bar: Double?) async throws -> Judgement

  /// Judges the uniform logit ensemble of `ingredients`; a name given twice counts twice.
  func scoreEnsemble(_ ingredients: [String]) async throws -> Judgement

  /// Logits of any blend on val, for recipes that look closer than at counts.
  /// - Throws: `RecipeError.unavailable` where there are none.
  func logitSource() throws -> any LogitSource

  /// Gradients by mixing weights on val; nil when the evaluator has none.
  func gradientSource() async throws -> (any BlendGradientSource)?

  /// The ingredients' tensors.
  /// - Throws: `RecipeError.unavailable` where there are none.
  func tensorSource() throws -> any TensorSource
}

extension Scorer {
  /// There are none.
  public func logitSource() throws -> any LogitSource {
    throw RecipeError.unavailable("logits")
  }

  /// There are none.
  public func gradientSource() async throws -> (any BlendGradientSource)? { nil }

  /// There are none.
  public func tensorSource() throws -> any TensorSource {
    throw RecipeError.unavailable("checkpoints")
  }
}

/// What recipes ask of the checkpoints themselves.
public protocol TensorSource: Sendable {
  /// Name of θ0; nil when the sweep has none.
  var initialisation: String? { get }

  /// The floating-point tensors of an ingredient, in its order.
  func tensorNames(of ingredient: String) throws -> [String]

  /// Inner products of the ingredients' differences from `origin`, tensor by tensor.
  func grams(of ingredients: [String], minus origin: String) throws -> [Geometry.Group]
}
