import Averaging
import Evaluation
import Foundation
import Kitchen
import Recipes
import Synchronization
import Testing

/// Recipes that select by another number than the right examples, against a plain loop over logits.
struct MetricSelectionTests {
  private let lane = Lane("test", urgency: .recipe)

  private func cook(_ spec: RecipeSpec, in kitchen: Kitchen) async throws -> SoupResult {
    try await kitchen.cook(spec, lane: lane, tell: { _ in })
  }

  private func value(
    _ metric: Metric, of names: [String], in kitchen: Kitchen
  ) async throws -> Double {
    let (logits, _) = try await kitchen.logits(of: .uniform(names), on: "val", lane: lane)
    return metric.value(logits, try kitchen.split(named: "val").labels)
  }

  @Test(arguments: Metric.allCases)
  func greedyFollowsTheMetric(metric: Metric) async throws {
    let sweep = try ToySweep()
    let kitchen = try ToySweep.kitchen(at: sweep.folder.path)
    func isBetter(_ value: Double, _ other: Double) -> Bool {
      metric.isHigherBetter ? value > other : value < other
    }
    var alone: [(name: String, value: Double)] = []
    for name in (0..<5).map({ "m\($0)" }) {
      alone.append((name, try await value(metric, of: [name], in: kitchen)))
    }
    // Best first, ties in sweep order; a candidate stays when the soup is not worse.
    let order = alone.enumerated().sorted { left, right in
      left.element.value == right.element.value
        ? left.offset < right.offset
        : isBetter(left.element.value, right.element.value)
    }.map(\.element.name)
    var (chosen, best): ([String], Double?) = ([], nil)
    for name in order {
      let found = try await value(metric, of: chosen + [name], in: kitchen)
      if best.map({ !isBetter($0, found) }) ?? true {
        chosen.append(name)
        best = found
      }
    }
    var spec = RecipeSpec(.greedy)
    spec.metric = metric
    let result = try await cook(spec, in: kitchen)
    #expect(result.ingredients == chosen)
    #expect(result.decisions.map(\.candidate) == order)
    guard metric != .accuracy else { return }
    #expect(result.values["val"] == best)
    #expect(result.values["test"] != nil)
    let last = try #require(result.decisions.last { $0.isAccepted })
    #expect(result.value(of: last) == best)
  }

  @Test func theSweepsMetricHoldsUnlessAnotherIsSaid() async throws {
    let sweep = try ToySweep()
    let manifest = "[sweep]\ninitialisation = \"theta0.safetensors\"\nmetric = \"nll\"\n"
    try Data(manifest.utf8).write(
      to: URL(fileURLWithPath: sweep.folder.path + "/stockpot.toml"))
    let kitchen = try ToySweep.kitchen(at: sweep.folder.path)
    let own = try await cook(RecipeSpec(.greedy), in: kitchen)
    #expect(own.spec.metric == .nll && own.values["val"] != nil)
    #expect(own.decisions.allSatisfy { $0.judgement.merit < 0 })
    var spec = RecipeSpec(.greedy)
    spec.metric = .accuracy
    let counted = try await cook(spec, in: kitchen)
    #expect(counted.spec.metric == nil && counted.values.isEmpty)
    #expect(counted.decisions.allSatisfy { $0.judgement.merit >= 0 })
    // What minimises the likelihood anyway leaves no choice.
    var learned = RecipeSpec(.learned)
    learned.metric = .f1
    await #expect(throws: RecipeError.self) { try await cook(learned, in: kitchen) }
    learned.metric = nil
    learned.epochs = 1
    let plain = try await cook(learned, in: kitchen)
    #expect(plain.spec.metric == nil)
  }

  @Test func aMetricIsWrittenAndReadBack() throws {
    var spec = RecipeSpec(.greedy)
    spec.metric = .matthews
    let data = try JSONEncoder().encode(spec)
    let read = try JSONDecoder().decode(RecipeSpec.self, from: data)
    #expect(read == spec)
    #expect(Metric.nll.text(0.34567) == "0.3457")
    #expect(Metric.top5.text(0.98765) == "98.77 %")
    #expect(Metric.matthews.text(-0.05) == "−0.0500")
    #expect(Metric.ece.text(.nan) == "–")
  }

  @Test func aSecondBestWithoutABestSaysWhy() async throws {
    let sweep = try ToySweep()
    let evaluator = ToyEvaluator { if $0 == 1 { throw CocoaError(.fileReadUnknown) } }
    let kitchen = try ToySweep.kitchen(at: sweep.folder.path, evaluator: evaluator)
    let reasons = Mutex<[Int: String]>([:])
    _ = try await kitchen.compare(
      try kitchen.comparisonPlan(repeats: 1), lane: Lane("test", urgency: .recipe)
    ) { event in
      if case .skipped(let reason, let row) = event { reasons.withLock { $0[row] = reason } }
    }
    #expect(reasons.withLock { $0[0] } != nil)
    #expect(reasons.withLock { $0[1] } == "the best single model is not known")
  }

  @Test func everyRecipeIsComparedAndCutOffAndGoesOn() async throws {
    func compare(_ path: String, stopAt stop: Int?) async throws -> ComparisonStanding {
      let told = Mutex<[ComparisonStanding]>([])
      let evaluator = ToyEvaluator()
      let kitchen = try ToySweep.kitchen(at: path, evaluator: evaluator) { event in
        if case .comparison(let standing) = event { told.withLock { $0.append(standing) } }
      }
      kitchen.startComparison()
      while told.withLock({ $0.last?.status.isOver }) != true {
        if let stop, evaluator.begun >= stop { kitchen.cancelComparison() }
        try await Task.sleep(for: .milliseconds(1))
      }
      await kitchen.close()
      let all = told.withLock { $0 }
      #expect(zip(all, all.dropFirst()).allSatisfy { $0.share <= $1.share || $1.status.isOver })
      return try #require(all.last)
    }
    /// What a recipe costs is known before it starts, where experience need not tell.
    func checkCosts(_ standing: ComparisonStanding) {
      let experience = ["learned linearised", "pruned", "linearised search", "RADIN"]
      for row in standing.rows where !experience.contains(row.label) {
        guard let result = row.result else { continue }
        #expect(result.passes == row.passes, "\(row.label)")
      }
    }
    func account(_ standing: ComparisonStanding) -> [String] {
      standing.rows.map { row in
        let scores = row.result?.results.map { $0.metrics.map(\.score.correct) } ?? []
        return "\(row.label) \(scores)"
      }
    }
    let whole = try ToySweep()
    let expected = try await compare(whole.folder.path, stopAt: nil)
    #expect(expected.status == .done)
    #expect(expected.rows.count == 15 && expected.rows.allSatisfy { $0.result != nil })
    #expect(expected.share == 1)
    #expect(expected.rows[4].result?.results.count == 3)
    let cut = try ToySweep()
    for stop in [5, 40] {
      let stopped = try await compare(cut.folder.path, stopAt: stop)
      #expect(stopped.status == .cancelled || stopped.status == .done)
    }
    let resumed = try await compare(cut.folder.path, stopAt: nil)
    #expect(account(resumed) == account(expected))
    checkCosts(expected)
    checkCosts(resumed)
  }
}
