import Evaluation
import Foundation
import Kitchen
import Recipes

/// A recipe's steps on stderr: each decision a line, and on a terminal a bar below them.
final class RunProgress: Sendable {
  private let steps: StepProgress
  /// By what the recipe selects; nil for accuracy.
  private let metric: Metric?

  init(isQuiet: Bool, metric: Metric?) {
    steps = StepProgress(isQuiet: isQuiet)
    self.metric = metric
  }

  func take(_ event: RecipeEvent) {
    switch event {
    case .measuring(let ingredient, let step, let total):
      steps.show("\(ingredient) alone", done: step, of: total)
    case .began(let candidates):
      steps.say("\(candidates.count) candidates")
    case .planned(let cost):
      steps.say(cost.summary)
    case .trying(let candidate, let step, let total):
      steps.show(candidate, done: step, of: total, isNews: false)
    case .decided(let decision):
      let verdict = decision.isAccepted ? "✓" : "✗"
      let judgement = decision.judgement
      let value = metric.map {
        "  \($0.rawValue) "
          + $0.text($0.value(ofMerit: judgement.merit, examples: judgement.score.n))
      }
      steps.say("\(verdict) \(decision.candidate) \(Self.count(judgement))\(value ?? "")")
    }
  }

  /// `552 of 600`, or `at most 551 of 600, given up after 64`.
  private static func count(_ judgement: Judgement) -> String {
    let score = judgement.score
    let unseen = judgement.unseenExamples
    let whole = "\(score.correct + unseen) of \(score.n + unseen)"
    return judgement.isAbandoned ? "at most \(whole), given up after \(score.n)" : whole
  }

  func report(_ split: String) { steps.say("reporting \(split)") }
}

/// What a person reads at the end of a run.
struct RunSummary {
  let text: String

  init(
    _ result: SoupResult, output: [String]?, repeats row: ComparisonRow? = nil,
    significance: [Significance] = []
  ) {
    var lines = ["\(result.spec.title): \(result.ingredients.count) ingredients"]
    lines.append("  " + result.ingredients.joined(separator: " "))
    for (split, score) in result.metrics {
      let accuracy = score.accuracy.map { String(format: "%6.2f %%", $0 * 100) } ?? "–"
      var line = "  \(split): \(accuracy)  \(score.correct)/\(score.n)"
      if let metric = result.spec.metric, let value = result.values[split] {
        line += "  \(metric.rawValue) \(metric.text(value))"
      }
      if let calibration = result.calibrations[split] {
        line += String(format: "  nll(β) %.4f at β %.3f", calibration.nll, calibration.beta)
      }
      if let found = significance.first(where: { $0.split == split }) {
        let p = found.test.pValue
        line += p < 0.001 ? "  p < 0.001" : String(format: "  p = %.3f", p)
        line += " against \(found.against)"
      }
      lines.append(line)
    }
    if let confirmation = result.confirmation {
      let (selected, confirmed) = (confirmation.selected, confirmation.confirmed)
      lines.append(
        "  of val, \(selected.correct)/\(selected.n) where it selected, "
          + "\(confirmed.correct)/\(confirmed.n) where it did not look"
          + String(
            format: " (%+.2f points)",
            100 * ((confirmed.accuracy ?? .nan) - (selected.accuracy ?? .nan))))
    }
    lines.append(
      String(
        format: "  %.1f passes over val, %d examples evaluated in %.1f s", result.passes,
        result.evaluatedExamples, result.seconds))
    let sparing = Sparing(over: result.decisions)
    if let share = sparing.share, sparing.abandoned > 0 {
      lines.append(
        String(
          format: "  %d of %d candidates given up early: %d of %d examples spared (%.0f %%)",
          sparing.abandoned, sparing.decisions, sparing.spared, sparing.seen + sparing.spared,
          share * 100))
    }
    if let row, row.results.count > 1 {
      lines.append("  the best on val of \(row.results.count); mean (standard deviation):")
      for (split, _) in result.metrics {
        lines.append(
          "  \(split): "
            + String(
              format: "%.2f %% (%.2f)", (row.accuracy(on: split) ?? .nan) * 100,
              (row.deviation(on: [split]) ?? .nan) * 100))
      }
    }
    if let output { lines.append("  written: \(output.joined(separator: ", "))") }
    text = lines.joined(separator: "\n")
  }
}
