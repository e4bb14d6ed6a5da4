import Averaging
import Checkpoints
import Evaluation
package import Recipes
import Sweeps

/// A job's view of val that judges by another number than the right examples.
///
/// Such a number has no bound before every example was seen, so nothing is given up early.
struct MetricScorer: Scorer {
  let base: JobScorer
  let metric: Metric

  func score(_ blend: Blend, bar: Double?) async throws -> Judgement {
    try await base.gate.pass()
    let (kitchen, name, lane) = (base.kitchen, base.split, base.lane)
    let split = try kitchen.split(named: name)
    if split.isScalar {
      let measurement = try await kitchen.measure(blend, on: name, lane: lane)
      base.count.add(evaluated: measurement.evaluatedExamples)
      base.count.ask(blend)
      return try judgement(measurement, split: split)
    }
    let (logits, evaluated) = try await kitchen.logits(of: blend, on: name, lane: lane)
    base.count.add(evaluated: evaluated)
    base.count.ask(blend)
    return judgement(logits, labels: split.labels, evaluated: evaluated)
  }

  func scoreEnsemble(_ ingredients: [String]) async throws -> Judgement {
    try await base.gate.pass()
    let labels = try base.kitchen.split(named: base.split).labels
    let (logits, evaluated) = try await base.kitchen.ensembleLogits(
      of: ingredients, on: base.split, lane: base.lane)
    base.count.add(evaluated: evaluated)
    for name in ingredients { base.count.ask(.uniform([name])) }
    return judgement(logits, labels: labels, evaluated: evaluated)
  }

  func logitSource() throws -> any LogitSource { try base.logitSource() }

  func gradientSource() async throws -> (any BlendGradientSource)? {
    try await base.gradientSource()
  }

  func tensorSource() throws -> any TensorSource { base.tensorSource() }

  private func judgement(_ logits: Logits, labels: [Int32], evaluated: Int) -> Judgement {
    let examples = base.halves?.selecting ?? Array(labels.indices)
    return Judgement(
      logits.only(examples), labels: examples.map { labels[$0] }, by: metric,
      evaluatedExamples: evaluated)
  }

  /// Of an evaluator that gives metrics in place of logits: its own by that name.
  private func judgement(_ measurement: Measurement, split: Split) throws -> Judgement {
    let known = measurement.metrics[metric.rawValue]
    guard let value = metric == .nll ? known ?? measurement.score.nll : known else {
      throw InputError(
        file: split.labelsFile, place: "metric()",
        problem: "gives no \(metric.rawValue), by which this recipe selects",
        mend: "Return \(metric.rawValue), or select by what it returns")
    }
    return Judgement(
      score: measurement.score,
      merit: metric.merit(ofValue: value, examples: measurement.score.n),
      evaluatedExamples: measurement.evaluatedExamples)
  }
}

extension Kitchen {
  /// The spec with the number that its recipe selects by: its own, or the sweep's where the recipe
  /// selects by merit at all; nil stays for accuracy.
  /// - Throws: `RecipeMistake` for an option that makes no sense, `RecipeError.misuse` for a recipe that
  ///   minimises the likelihood whatever is said.
  package func resolved(_ spec: RecipeSpec) throws -> RecipeSpec {
    try spec.validate()
    var spec = spec
    if spec.order == .predicted, spec.recipe != .greedy {
      throw RecipeError.misuse("Only greedy takes its candidates in a predicted order.")
    }
    if spec.minimisesLikelihood {
      guard [nil, .nll].contains(spec.metric) else {
        throw RecipeError.misuse(
          "\(spec.recipe.rawValue) minimises the likelihood; leave --metric away.")
      }
      return spec
    }
    let metric = spec.metric ?? sweep.selectionMetric
    spec.metric = metric == .accuracy ? nil : metric
    return spec
  }

  /// The finished soup's value of the metric that it was selected by, split by split; empty for
  /// accuracy, which every score has.
  func values(
    of outcome: Outcome, by metric: Metric?, on splits: [String], lane: Lane
  ) async throws -> [String: Double] {
    guard let metric else { return [:] }
    var values: [String: Double] = [:]
    for name in splits {
      let split = try split(named: name)
      if split.isScalar {
        values[name] = try lookUp(key(of: outcome.blend, on: split))?.metrics[metric.rawValue]
      } else {
        let logits = try await logits(of: outcome.kind, outcome.blend, on: name, lane: lane)
        values[name] = metric.value(logits, split.labels)
      }
    }
    return values
  }
}
