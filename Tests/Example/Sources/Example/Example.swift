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
    let first = checkpoints[0]
    print(first.format, first.metadata)
    for (index, tensor) in first.tensors.enumerated() {
      let values = try first.values(ofTensorAt: index)
      let largest = values.map(abs).max() ?? 0
      print(tensor.name, tensor.dtype.rawValue, tensor.shape, "at most \(rounded(largest))")
    }

    // Look before averaging.
    let names = sweep.ingredients.indices.map { "ft_\($0)" }
    let theta0 = NamedTable("theta0", checkpoints[0])
    let ingredients = zip(names, checkpoints.dropFirst()).map { NamedTable($0, $1) }
    let preflight = Preflight()
    let readings = try ingredients.map { try preflight.read($0, reference: theta0) }
    let findings =
      preflight.headers(ingredients, initialisation: theta0)
      + preflight.compare(readings, reference: "theta0")
    for finding in findings {
      print("\(finding.severity) \(finding.subject ?? "sweep") \(finding.problem)")
    }

    // Average into a file.
    let report = try Averager.average(
      ingredients.map { AverageTerm($0.name, $0.table, weight: 1 / Double(names.count)) },
      AverageOptions(dtype: .dtype(.bf16)),
      to: CheckpointOutput(path: "\(folder)/uniform.pt"),
      metadata: ["ingredients": names.joined(separator: " ")], overwrite: true)
    print("uniform.pt: \(report.averaged) tensors averaged, \(report.bytesMade) bytes")

    // Change a soup by hand.
    let byHand = try RunningSoup(like: ingredients[0])
    for ingredient in ingredients { try byHand.add(ingredient) }
    try byHand.remove(named: names[0])
    let preview = try byHand.weights()
    let exact = try byHand.committed().weights
    let difference = try preview.tensors.indices.map { index in
      try zip(preview.values(ofTensorAt: index), exact.values(ofTensorAt: index))
        .map { abs($0 - $1) }.max() ?? 0
    }.max()
    print("without \(names[0]):", byHand.members.count, "left, sums off by", difference ?? 0)

    // Cook.
    @Sendable func table(of name: String) throws -> any TensorTable {
      guard let known = (ingredients + [theta0]).first(where: { $0.name == name }) else {
        throw RecipeError.unknownIngredient(name)
      }
      return known.table
    }
    let val = CheckpointLogits(of: ingredients + [theta0], by: sweep.evaluator, on: sweep.val)
    let scorer = LogitScorer(
      val, tensors: CheckpointTensors(initialisation: "theta0", table: table))
    let candidates = try await scorer.candidates(names)
    let greedy = try await RecipeSpec(.greedy).makeRecipe().cook(candidates, scorer: scorer) {
      guard case .decided(let decision) = $0 else { return }
      let score = decision.judgement.score
      print(decision.isAccepted ? "+" : "-", decision.candidate, score.correct, "of", score.n)
    }

    // Every other recipe that needs no gradients, and one of one's own.
    for name in RecipeSpec.Name.allCases where ![.learnedByLayer, .handPicked].contains(name) {
      let outcome = try await RecipeSpec(name).makeRecipe()
        .cook(candidates, scorer: scorer) { _ in }
      print(name.rawValue, outcome.judgement.score.correct)
    }
    let pair = try await BestPair().cook(candidates, scorer: scorer) { _ in }
    print("best pair", pair.judgement.score.correct)

    // Report.
    let test = CheckpointLogits(of: ingredients, by: sweep.evaluator, on: sweep.test)
    let soup = try await test.logits(of: greedy.blend)
    let score = soup.score(test.labels)
    if let interval = score.wilson() {
      print(
        "test \(score.correct) of \(score.n):", rounded(interval.lower), rounded(interval.upper))
    }
    let best = candidates.max { $0.merit < $1.merit }?.name ?? names[0]
    let single = try await test.logits(of: .uniform([best]))
    let mcnemar = McNemarTest(soup.correctness(test.labels), single.correctness(test.labels))
    print("against \(best): p = \(rounded(mcnemar.pValue))")
    let beta = try await val.logits(of: greedy.blend).calibratedBeta(val.labels)
    print("calibration error:", rounded(soup.calibrationError(test.labels, beta: beta)))

    // Ask why.
    let gap = try await GapAnalysis(val, split: "val").report(of: greedy.blend)
    print("soup - ensemble:", rounded(gap.gap), "predicted:", rounded(gap.predicted ?? .nan))
    print("flatness:", rounded(gap.flatness ?? .nan), "confidence:", rounded(gap.confidence))
    print(gap.meaning)
    let angles = AngleTable(
      names: names, geometry: try Geometry.gram(of: ingredients, minus: theta0))
    let pairs = PairReport.pairs(of: names)
    let agreement = try await PairReport.measure(
      pairs, of: pairs.count, source: val, split: "val", angles: angles
    ).agreement
    print("pairs:", agreement.count, "correlation:", rounded(agreement.correlation ?? .nan))

    // Leave with one file.
    try Averager.average(
      greedy.blend.averageTerms(table),
      to: CheckpointOutput(path: "\(folder)/soup.safetensors"),
      metadata: [
        "recipe": "greedy",
        "ingredients": greedy.blend.ingredients.joined(separator: " "),
        "val": "\(greedy.judgement.score.correct) of \(greedy.judgement.score.n)",
      ], overwrite: true)
  }

  static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
