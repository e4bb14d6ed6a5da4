import Averaging
import Checkpoints
import Evaluation
import Recipes
import Sweeps

/// The kitchen as one job's recipe sees it: val only, through the job's lane and its pause gate.
struct JobScorer: Scorer {
  let kitchen: Kitchen
  let split: String
  /// Where recipes see only one half of val.
  let halves: SelectionHalves?
  let lane: Lane
  let gate: PauseGate
  /// Everything that was evaluated for the job.
  let count: ExampleCount
  /// Whether candidates may be given up once they cannot be accepted.
  let abandons: Bool
  let current = CurrentSoup()

  func score(_ blend: Blend, bar: Double?) async throws -> Judgement {
    try await gate.pass()
    if halves != nil {
      let (logits, evaluated) = try await kitchen.logits(of: blend, on: split, lane: lane)
      count.ask(blend)
      return try judgement(logits, evaluated: evaluated)
    }
    let measurement = try await kitchen.measure(
      blend, on: split, lane: lane, abandonment: try abandonment(bar))
    if !measurement.isAbandoned, bar.map({ measurement.merit >= $0 }) ?? true {
      current.become(blend)
    }
    count.add(evaluated: measurement.evaluatedExamples)
    count.ask(blend)
    return Judgement(
      score: measurement.score, merit: measurement.merit,
      isAbandoned: measurement.isAbandoned, evaluatedExamples: measurement.evaluatedExamples)
  }

  private func abandonment(_ bar: Double?) throws -> Abandonment? {
    guard abandons, let bar, let least = Int(exactly: bar.rounded(.up)) else { return nil }
    let split = try kitchen.split(named: split)
    return Abandonment(bar: least) { [current, kitchen] in
      try current.order(on: split, in: kitchen)
    }
  }

  func scoreEnsemble(_ ingredients: [String]) async throws -> Judgement {
    try await gate.pass()
    if halves != nil {
      let (logits, evaluated) = try await kitchen.ensembleLogits(
        of: ingredients, on: split, lane: lane)
      for name in ingredients { count.ask(.uniform([name])) }
      return try judgement(logits, evaluated: evaluated)
    }
    let (score, evaluated) = try await kitchen.ensemble(
      ingredients, on: split, lane: lane, withLikelihood: false)
    count.add(evaluated: evaluated)
    for name in ingredients { count.ask(.uniform([name])) }
    return Judgement(
      score: score, merit: Double(score.correct), evaluatedExamples: evaluated)
  }

  func logitSource() throws -> any LogitSource {
    let whole = try KitchenLogits(kitchen, split: split, lane: lane, gate: gate, count: count)
    return halves.map { SubsetLogits(whole, examples: $0.selecting) } ?? whole
  }

  /// Judges what recipes may see of val.
  private func judgement(_ logits: Logits, evaluated: Int) throws -> Judgement {
    count.add(evaluated: evaluated)
    let labels = try kitchen.split(named: split).labels
    let examples = halves?.selecting ?? Array(labels.indices)
    return Judgement(
      logits.only(examples), labels: examples.map { labels[$0] }, evaluatedExamples: evaluated)
  }

  func gradientSource() async throws -> (any BlendGradientSource)? {
    guard try kitchen.evaluatorAtWork().evaluator is any BlendDifferentiating else { return nil }
    let whole = KitchenGradients(
      source: try await kitchen.gradientSource(on: split), split: split, kitchen: kitchen,
      lane: lane, gate: gate, count: count)
    return halves.map { SubsetGradients(whole, examples: $0.selecting) } ?? whole
  }

  func tensorSource() -> any TensorSource {
    CheckpointTensors(initialisation: kitchen.sweep.initialisation?.name) {
      [files = kitchen.files] in
      try files.table(of: $0)
    }
  }
}
