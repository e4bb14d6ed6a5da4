import Averaging
import Evaluation
import Glibc
import Synchronization
import Testing

@testable import Analysis

struct GapTests {
  private let names = ["a", "b", "c", "d"]

  /// Logits that are linear in the weights: soup and ensemble are one model, so that the two terms
  /// cancel exactly but for the step of the second difference.
  @Test(arguments: 1...4)
  func termsOfALinearModelCancel(seed: UInt64) async throws {
    let model = ToyModel(seed: seed, names: names)
    for count in 2...4 {
      let report = try await GapAnalysis(model, split: "val", step: 0.01)
        .report(of: .uniform(Array(names.prefix(count))))
      #expect(abs(report.gap) < 1e-6)
      #expect(report.rawGap.magnitude < 1e-6)
      #expect(report.accuracyGap == 0)
      let predicted = try #require(report.predicted)
      #expect(report.confidence > 1e-3)
      #expect(abs(predicted) < 2e-3 * report.confidence, "\(predicted) of \(report.confidence)")
    }
  }

  /// For linear logits `d²/dα² L = β² E Var_{softmax(βf)}[Δf]`: the curvature in closed form.
  @Test(arguments: 1...4)
  func curvatureOfALinearModel(seed: UInt64) async throws {
    let model = ToyModel(seed: seed, names: names)
    let blend = Blend.interpolation("a", "b", at: 0.25)
    let report = try await GapAnalysis(model, split: "val", step: 0.01).report(of: blend)
    let terms = try #require(report.twoModels)
    let (soup, first, second) = (
      model.exact(blend), model.exact(.uniform(["a"])), model.exact(.uniform(["b"]))
    )
    var variance = 0.0
    for row in soup.indices {
      let weights = soup[row].map { exp(report.beta * $0) }
      let total = weights.reduce(0, +)
      let difference = zip(second[row], first[row]).map(-)
      let mean = zip(weights, difference).reduce(0) { $0 + $1.0 * $1.1 } / total
      variance +=
        zip(weights, difference).reduce(0) {
          $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean)
        } / total
    }
    variance /= Double(soup.count)
    #expect(abs(terms.variance / variance - 1) < 1e-5)
    let exact = report.beta * report.beta * variance
    #expect(abs(terms.curvature / exact - 1) < 2e-3, "\(terms.curvature) against \(exact)")
  }

  /// Both forms are one at k = 2, for any weights, whatever the step.
  @Test(arguments: [0.1, 0.3, 0.5, 0.8], [0.01, 0.025, 0.1])
  func twoModelsAreTheGeneralForm(alpha: Double, step: Double) async throws {
    let model = ToyModel(seed: 7, names: names, bend: 0.15)
    let report = try await GapAnalysis(model, split: "val", step: step)
      .report(of: .interpolation("a", "b", at: alpha))
    let terms = try #require(report.twoModels)
    let (flatness, predicted) = (try #require(report.flatness), try #require(report.predicted))
    #expect(abs(terms.flatness - flatness) < 1e-9)
    #expect(abs(terms.confidence - report.confidence) < 1e-7 * report.confidence)
    #expect(abs(terms.predicted - predicted) < 1e-7)
  }

  /// A slightly bent model has a gap, and the prediction follows it.
  @Test func predictionsFollowGaps() async throws {
    var cases: [(predicted: Double, measured: Double)] = []
    for seed in UInt64(1)...6 {
      let model = ToyModel(seed: seed, names: names, bend: 0.05)
      for (first, second) in PairReport.pairs(of: names) {
        let report = try await GapAnalysis(model, split: "val")
          .report(of: .uniform([first, second]))
        cases.append((try #require(report.predicted), report.gap))
      }
    }
    let agreement = Agreement(cases)
    #expect(try #require(agreement.correlation) > 0.9)
    #expect(try #require(agreement.signAgreement) > 0.9)
  }

  @Test func betaIsHeldFixed() async throws {
    let model = ToyModel(seed: 3, names: names, bend: 0.1)
    let blend = Blend.uniform(["a", "b"])
    let report = try await GapAnalysis(model, split: "val").report(of: blend)
    let (up, down) = (
      blend.shifted(towards: "b", by: report.step), blend.shifted(towards: "b", by: -report.step)
    )
    let exact = SecondDifference.value(
      below: model.exactLoss(down, beta: report.beta),
      middle: model.exactLoss(blend, beta: report.beta),
      above: model.exactLoss(up, beta: report.beta), step: report.step)
    let measured = try #require(report.twoModels?.curvature)
    #expect(abs(measured / exact - 1) < 1e-3)
  }

  @Test func everyShareIsToldAndNothingIsAskedForTwice() async throws {
    let model = ToyModel(seed: 5, names: names)
    let told = Told()
    let blend = Blend.uniform(names)
    let report = try await GapAnalysis(model, split: "val").report(of: blend) { told.add($0) }
    let reports = told.reports
    #expect(reports.count == names.count + 1)
    #expect(reports.first?.isComplete == false)
    #expect(reports.last == report)
    let asked = model.asked.withLock { $0 }
    #expect(asked == Set(GapAnalysis.blends(for: blend).map { Set($0.terms) }))
    #expect(asked.count == 1 + 3 * names.count)
    // Two models: the step towards one is the step away from the other.
    #expect(GapAnalysis.blends(for: .interpolation("a", "b", at: 0.3)).count == 5)
  }

  @Test(arguments: [Double.infinity, .nan, 1e300])
  func theDivergedHaveAMeaning(curvature: Double) {
    let standing = Standing(correct: 5, n: 10, nll: 1, nllAtBeta: 1)
    let diverged = Standing(correct: 4, n: 10, nll: 1, nllAtBeta: abs(curvature))
    for soup in [standing, diverged] {
      let shares = ["a", "b"].map {
        GapReport.Share(
          ingredient: $0, weight: 0.5, curvature: -curvature, variance: abs(curvature), beta: 1,
          standing: standing)
      }
      let report = GapReport(
        blend: .uniform(["a", "b"]), split: "val", beta: 1, step: 0.1, soup: soup,
        ensemble: standing, shares: shares)
      #expect(!report.meaning.isEmpty)
    }
  }

  @Test func aSoupOfOneHasNoGap() async throws {
    let model = ToyModel(seed: 5, names: names)
    let report = try await GapAnalysis(model, split: "val").report(of: .uniform(["a"]))
    #expect(report.gap == 0)
    #expect(report.predicted == 0)
    #expect(report.twoModels == nil)
  }

  @Test func cancelled() async throws {
    let model = ToyModel(seed: 5, names: names)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await GapAnalysis(model, split: "val").report(of: .uniform(["a", "b"]))
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}

/// Collects what is told from anywhere.
final class Told: Sendable {
  private let kept = Mutex<[GapReport]>([])

  func add(_ report: GapReport) { kept.withLock { $0.append(report) } }
  var reports: [GapReport] { kept.withLock { $0 } }
}
