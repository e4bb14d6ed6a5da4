import Averaging
import Checkpoints
import Evaluation
import Ledger

extension Measurement {
  /// The number that recipes compare: correct examples, or the evaluator's `score` where it does not
  /// count them.
  var merit: Double {
    guard score.n == 0 else { return Double(mostCorrect) }
    return metrics["score"] ?? (metrics.count == 1 ? metrics.values.first : nil) ?? .nan
  }
}

extension Kitchen {
  /// Evaluates a blend with an evaluator that gives metrics in place of logits.
  ///
  /// `correct` and `n`, or `accuracy` and `n`, become counts; `nll` is taken over.
  func evaluateMetrics(
    _ blend: Blend, on split: Split, key: EvaluationKey
  ) async throws -> Measurement {
    guard let evaluator = try evaluatorAtWork().evaluator as? any MetricEvaluator else {
      throw InputError(
        file: split.labelsFile, place: "split \(split.name)", problem: "has no labels",
        mend: "Return labels from data(split)")
    }
    let weights = try averaged(blend, as: key.weights)
    let clock = ContinuousClock()
    let start = clock.now
    let metrics = try await evaluator.metrics(of: weights, on: split)
    let score = try score(of: metrics, file: split.labelsFile)
    let measurement = Measurement(
      score: score, isAbandoned: false, mostCorrect: score.correct, evaluatedExamples: score.n,
      metrics: metrics)
    guard !measurement.merit.isNaN else {
      throw InputError(
        file: split.labelsFile, place: "metric()",
        problem: "gave \(metrics.keys.sorted().joined(separator: ", ")), none of which is a number "
          + "to select by",
        mend: "Return one number, larger is better, or name it \"score\" or \"accuracy\"")
    }
    try checkUnchanged(split, since: key)
    try ledger.record(
      EvaluationRecord(
        score: score, seconds: (clock.now - start).inSeconds, metrics: metrics), for: key)
    if let name = blend.singleIngredient {
      observer(.measured(ingredient: name, split: split.name, score: score))
    }
    return measurement
  }

  private func score(of metrics: [String: Double], file: String) throws -> Score {
    let nll = metrics["nll"].flatMap { $0.isFinite ? $0 : nil }
    guard let n = metrics["n"].flatMap({ Int(exactly: $0) }), n > 0 else {
      return Score(correct: 0, n: 0, nll: nll)
    }
    let correct = metrics["correct"] ?? metrics["accuracy"].map { $0 * Double(n) }
    guard let correct else { return Score(correct: 0, n: 0, nll: nll) }
    guard correct >= 0, correct.rounded() <= Double(n) else {
      throw InputError(
        file: file, place: "metric()",
        problem: "gave \(correct) correct examples of \(n)",
        mend: "Return an accuracy between 0 and 1")
    }
    return Score(correct: Int(correct.rounded()), n: n, nll: nll)
  }
}
