import Analysis
import Averaging
import Checkpoints
import Evaluation
import Recipes

/// From a folder of checkpoints to a soup whose origin is on record.
@main
struct Example {
  static func main() async throws {
    let folder = CommandLine.arguments.dropFirst().first ?? "."
    let sweep = try Sweep(in: folder)

    // Open.
    let checkpoints = try Checkpoint.open(all: [sweep.initialisation] + sweep.ingredients)
    for (index, tensor) in checkpoints[0].tensors.enumerated() {
      let values = try checkpoints[0].values(ofTensorAt: index)
      let largest = values.map(abs).max() ?? 0
      print(tensor.name, tensor.dtype.rawValue, tensor.shape, "at most \(rounded(largest))")
    }

    // Look before averaging.
    let theta0 = NamedTable("theta0", checkpoints[0])
    let names = (0..<sweep.ingredients.count).map { "ft_\($0)" }
    let ingredients = zip(names, checkpoints.dropFirst()).map { NamedTable($0, $1) }
    let preflight = Preflight()
    let readings = try ingredients.map { try preflight.read($0, reference: theta0) }
    let findings =
      preflight.headers(ingredients, initialisation: theta0)
      + preflight.compare(readings, reference: "theta0")
    for finding in findings { print("\(finding.severity): \(finding.problem)") }
    print("pre-flight: \(findings.count) findings")

    // Average into a file.
    let uniform = try Averager.average(
      ingredients.map { AverageTerm($0.name, $0.table, weight: 1 / Double(names.count)) },
      to: CheckpointOutput(path: "\(folder)/uniform.pt"),
      metadata: ["ingredients": names.joined(separator: " ")], overwrite: true)
    print("uniform.pt: \(uniform.averaged) tensors averaged")

    // Cook.
    let logits = CheckpointLogits(
      of: ingredients + [theta0], by: sweep.evaluator, on: sweep.val)
    let tables = Dictionary(uniqueKeysWithValues: (ingredients + [theta0]).map { ($0.name, $0.table) })
    let tensors = CheckpointTensors(initialisation: theta0.name) { name in
      guard let table = tables[name] else { throw RecipeError.unknownIngredient(name) }
      return table
    }
    let scorer = LogitScorer(logits, tensors: tensors)
    let candidates = try await scorer.candidates(names)
    let greedy = try await RecipeSpec(.greedy).makeRecipe().cook(candidates, scorer: scorer) {
      guard case .decided(let decision) = $0 else { return }
      let score = decision.judgement.score
      print(decision.isAccepted ? "+" : "-", decision.candidate, "\(score.correct) of \(score.n)")
    }

    // Every other recipe.
    for name in RecipeSpec.Name.allCases where name != .learnedByLayer && name != .handPicked {
      let outcome = try await RecipeSpec(name).makeRecipe()
        .cook(candidates, scorer: scorer) { _ in }
      print(name.rawValue, outcome.judgement.score.correct)
    }

    // Report.
    let test = CheckpointLogits(of: ingredients, by: sweep.evaluator, on: sweep.test)
    let soup = try await test.logits(of: greedy.blend)
    let best = candidates.max { $0.merit < $1.merit }?.name ?? names[0]
    let single = try await test.logits(of: .uniform([best]))
    let score = soup.score(test.labels)
    if let accuracy = score.accuracy, let interval = score.wilson() {
      print("test \(rounded(accuracy)) in \(rounded(interval.lower))...\(rounded(interval.upper))")
    }
    let mcnemar = McNemarTest(soup.correctness(test.labels), single.correctness(test.labels))
    print("against \(best): p \(rounded(mcnemar.pValue))")
    let beta = try await logits.logits(of: greedy.blend).calibratedBeta(logits.labels)
    print("calibration error \(rounded(soup.calibrationError(test.labels, beta: beta)))")

    // Ask why.
    let gap = try await GapAnalysis(logits, split: "val").report(of: greedy.blend)
    print("soup - ensemble \(rounded(gap.gap)), predicted \(rounded(gap.predicted ?? .nan))")
    let angles = AngleTable(
      names: names, geometry: try Geometry.gram(of: ingredients, minus: theta0))
    let pairs = PairReport.pairs(of: names)
    let report = try await PairReport.measure(
      pairs, of: pairs.count, source: logits, split: "val", angles: angles)
    print("pairs: correlation \(rounded(report.agreement.correlation ?? .nan))")

    // Leave with one file.
    try Averager.average(
      greedy.blend.terms.compactMap { term in
        tables[term.ingredient].map { AverageTerm(term.ingredient, $0, weight: term.weight) }
      },
      to: CheckpointOutput(path: "\(folder)/soup.safetensors"),
      metadata: [
        "recipe": "greedy", "ingredients": greedy.blend.ingredients.joined(separator: " "),
        "val": "\(greedy.judgement.score.correct)/\(greedy.judgement.score.n)",
      ], overwrite: true)
  }

  static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
