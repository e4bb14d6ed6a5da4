import Averaging
import Evaluation
import Recipes

/// The kitchen as one job's recipe sees it: val only, through the job's lane and its pause gate.
struct JobScorer: Scorer {
  let kitchen: Kitchen
  let split: String
  let lane: Lane
  let gate: PauseGate

  func score(_ blend: Blend, bar: Double?) async throws -> Judgement {
    try await gate.pass()
    let measurement = try await kitchen.measure(blend, on: split, lane: lane)
    return Judgement(
      score: measurement.score, merit: measurement.merit,
      isAbandoned: measurement.isAbandoned, evaluatedExamples: measurement.evaluatedExamples)
  }

  func scoreEnsemble(_ ingredients: [String]) async throws -> Judgement {
    try await gate.pass()
    let (score, evaluated) = try await kitchen.ensemble(ingredients, on: split, lane: lane)
    return Judgement(
      score: score, merit: Double(score.correct), evaluatedExamples: evaluated)
  }
}
