import Averaging
import Evaluation
import Synchronization
import Testing

@testable import Analysis

struct CurveTests {
  private let names = ["a", "b", "c", "d", "e"]

  @Test func pathsOfALinearModel() async throws {
    let model = ToyModel(seed: 2, names: names)
    let report = try await PathLine.pair("a", "b").report(model, split: "val")
    #expect(report.points.count == 11)
    #expect(report.points.first?.curvature == nil && report.points.last?.curvature == nil)
    for point in report.points {
      // Linear logits: soup and ensemble are one.
      #expect(abs(point.soup.nll - point.ensemble.nll) < 1e-6)
      #expect(point.soup.correct == point.ensemble.correct)
    }
    // Convex along every line.
    #expect(report.points.compactMap(\.curvature).allSatisfy { $0 > 0 })
    #expect(report.barrier == 0)
  }

  @Test func spokesStartAtTheSoup() async throws {
    let model = ToyModel(seed: 2, names: names, bend: 0.1)
    let soup = Blend.uniform(["a", "b", "c"])
    let report = try await PathLine.spoke(of: soup, to: "c").report(model, split: "val")
    let gap = try await GapAnalysis(model, split: "val").report(of: soup)
    #expect(report.beta == gap.beta)
    #expect(report.points.first?.soup == gap.soup)
    #expect(report.points.first?.ensemble == gap.ensemble)
    #expect(report.points.last?.soup == gap.shares[2].standing)
  }

  @Test func sizeCurvesEndTogether() async throws {
    let model = ToyModel(seed: 6, names: names, bend: 0.1)
    let steps = Mutex<[Int]>([])
    let curve = try await SizeCurve.measure(
      names, orders: 3, selection: model, report: model, split: "test"
    ) { _, step in steps.withLock { $0.append(step) } }
    #expect(curve.orders == 3)
    #expect(steps.withLock { $0.last } == 15)
    for kind in SizeCurve.Kind.allCases { #expect(curve.means(kind).count == 5) }
    let uniform = try await model.logits(of: .uniform(names)).correct(model.labels)
    let last = try #require(curve.means(.uniform).last)
    #expect(abs(last - Double(uniform) / Double(model.labels.count)) < 1e-12)
    // Selected on the split that is reported: greedy never falls, and is never below the best alone.
    let greedy = curve.means(.greedy)
    #expect(zip(greedy, greedy.dropFirst()).allSatisfy { $0 <= $1 + 1e-12 })
    #expect(curve.means(.uniform)[0] == curve.means(.best)[0])
  }

  @Test func calibrationLowersLoss() async throws {
    let model = ToyModel(seed: 8, names: names, bend: 0.2)
    let report = try await CalibrationReport.measure(
      .uniform(["a", "b"]), selection: model, report: model, split: "val")
    for subject in [report.soup, report.ensemble] {
      #expect(subject.after.nll <= subject.before.nll)
      for curve in [subject.before, subject.after] {
        #expect(curve.bars.reduce(0) { $0 + $1.count } == model.labels.count)
        let error = curve.bars.reduce(0.0) { sum, bar in
          guard let confidence = bar.confidence, let accuracy = bar.accuracy else { return sum }
          return sum + abs(confidence - accuracy) * Double(bar.count)
        }
        #expect(abs(error / Double(model.labels.count) - curve.error) < 1e-12)
      }
    }
  }

  @Test(arguments: [
    ("blocks.3.attn.qkv.weight", "blocks.3"), ("cls_token", "cls_token"),
    ("model.encoder.layers.11.mlp.fc1.bias", "model.encoder.layers.11"),
    ("head.weight", "head"), ("0.weight", "0"),
  ])
  func groupsOfTensors(tensor: String, group: String) {
    #expect(LayerGroups.group(ofTensor: tensor) == group)
  }
}
