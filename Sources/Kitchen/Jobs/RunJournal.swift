import Evaluation
import Foundation
import Ledger
import Recipes
import Synchronization

/// One run as the ledger keeps it: begun before the first evaluation, so that a run that dies is seen.
///
/// The same recipe after a run that died takes that run up: it walks through the same decisions, for
/// which the ledger has the evaluations, and goes on at the next candidate.
///
/// A journal that cannot be written stops no recipe: the evaluations are what costs, and they are kept.
final class RunJournal: Sendable {
  private let ledger: Ledger
  private let run: RunID
  /// The run that was taken up, as it was; nil for a new one.
  let resumed: Run?
  private let decisions = Mutex<[Decision]>([])

  init(ledger: Ledger, spec: RecipeSpec, members: [String]) throws {
    self.ledger = ledger
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let options = String(decoding: try encoder.encode(spec), as: UTF8.self)
    try ledger.markInterruptedRuns()
    resumed = try ledger.resume(
      recipe: spec.recipe.rawValue, options: options, members: members)
    run =
      try resumed?.id
      ?? ledger.beginRun(recipe: spec.recipe.rawValue, options: options, members: members)
  }

  /// All so far, in order.
  var all: [Decision] { decisions.withLock { $0 } }

  func append(_ decision: Decision) {
    let sequence = decisions.withLock { decisions in
      decisions.append(decision)
      return decisions.count - 1
    }
    let score = decision.judgement.score
    try? ledger.append(
      RunDecision(
        sequence: sequence, candidate: decision.candidate, correct: score.correct, n: score.n,
        accepted: decision.isAccepted, margin: decision.examplesAhead,
        payload: DecisionPayload(decision).json),
      to: run)
  }

  func finish(_ status: Run.Status, soup: String? = nil, message: String? = nil) {
    try? ledger.finish(run, status, soup: soup, message: message)
  }
}

/// What the ledger's columns have no place for.
struct DecisionPayload: Codable {
  let predicted: Int?
  let atMost: Int?
  /// By what the run selects, when that is not the number of right examples.
  let merit: Double?
  /// Of that merit, above (or below, negative) the bar.
  let margin: Double?
  let beta: Double?
  let nllBeta: Double?

  enum CodingKeys: String, CodingKey {
    case predicted, merit, margin, beta
    case atMost = "at_most"
    case nllBeta = "nll_beta"
  }

  init(_ decision: Decision) {
    atMost = decision.judgement.mostCorrect
    let isCount = decision.judgement.countsExamples
    merit = isCount ? nil : decision.judgement.merit.finite
    margin = isCount ? nil : decision.margin?.finite
    predicted = decision.prediction?.correct
    beta = decision.judgement.calibration?.beta
    nllBeta = decision.judgement.calibration?.nll
  }

  /// What an earlier run wrote; nothing where it cannot be understood.
  init(json: String) {
    let kept = try? JSONDecoder().decode(DecisionPayload.self, from: Data(json.utf8))
    predicted = kept?.predicted
    atMost = kept?.atMost
    merit = kept?.merit
    margin = kept?.margin
    beta = kept?.beta
    nllBeta = kept?.nllBeta
  }

  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}

extension Judgement {
  /// Whether its merit is a number of right examples.
  fileprivate var countsExamples: Bool { isAbandoned || merit == Double(score.correct) }
}

extension Decision {
  /// Its margin, where merits are numbers of examples.
  fileprivate var examplesAhead: Int? {
    judgement.countsExamples ? margin.flatMap { Int(exactly: $0.rounded()) } : nil
  }
}

extension Double {
  /// Nil for what JSON has no number for.
  fileprivate var finite: Double? { isFinite ? self : nil }
}
