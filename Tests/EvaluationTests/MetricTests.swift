import Checkpoints
import Foundation
import Testing

@testable import Evaluation

/// What numpy computed for the committed logits (Fixtures/make_fixtures.py).
private struct Reference: Decodable {
  let correct: Int
  let top5: Int
  let nll: Double
  let macroF1: Double
  let matthews: Double
  let ece: Double
  let eceEqualMass: Double
  let beta: Double
  let nllAtBeta: Double
  let ensemble: Int
  let ensembleNLL: Double
  let weights: [Double]
  let weighted: Int
  let mcnemar: [[Double]]
}

struct MetricTests {
  private let reference: Reference
  private let logits: Logits
  private let labels: [Int32]
  private let members: [Logits]

  init() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: fixture("metrics.json")))
    reference = try JSONDecoder().decode(Reference.self, from: data)
    logits = Logits(
      rows: 240, classes: 7, values: try NumpyArray(path: fixture("metric_logits.npy")).floats())
    labels = try NumpyArray(path: fixture("metric_labels.npy")).int32Labels()
    let others = try NumpyArray(path: fixture("metric_others.npy")).floats()
    members =
      [logits]
      + (0..<3).map {
        Logits(rows: 240, classes: 7, values: Array(others[$0 * 1680..<($0 + 1) * 1680]))
      }
  }

  @Test func classification() {
    #expect(logits.correct(labels) == reference.correct)
    #expect(logits.correctInTopFive(labels) == reference.top5)
    #expect(logits.correctness(labels).count(where: { $0 }) == reference.correct)
    let confusion = logits.confusion(labels)
    #expect(abs(confusion.macroF1 - reference.macroF1) < 1e-12)
    #expect(abs(confusion.matthews - reference.matthews) < 1e-12)
  }

  @Test func calibration() {
    #expect(abs(logits.nll(labels) - reference.nll) < 1e-12)
    #expect(abs(logits.calibrationError(labels) - reference.ece) < 1e-12)
    let equalMass = logits.calibrationError(labels, equalMass: true)
    #expect(abs(equalMass - reference.eceEqualMass) < 1e-12)
    let beta = logits.calibratedBeta(labels)
    #expect(abs(beta - reference.beta) < 1e-6)
    #expect(abs(logits.nll(labels, beta: beta) - reference.nllAtBeta) < 1e-12)
  }

  @Test func metricsByName() {
    #expect(Metric.accuracy.value(logits, labels) == Double(reference.correct) / 240)
    #expect(Metric.top5.value(logits, labels) == Double(reference.top5) / 240)
    #expect(abs(Metric.nll.value(logits, labels) - reference.nll) < 1e-12)
    #expect(abs(Metric.f1.value(logits, labels) - reference.macroF1) < 1e-12)
    #expect(abs(Metric.matthews.value(logits, labels) - reference.matthews) < 1e-12)
    #expect(abs(Metric.ece.value(logits, labels) - reference.ece) < 1e-12)
  }

  @Test func ensembles() {
    #expect(Ensemble.correct(of: members, labels: labels) == reference.ensemble)
    let mean = Ensemble.logits(of: members)
    #expect(mean.correct(labels) == reference.ensemble)
    #expect(abs(mean.nll(labels) - reference.ensembleNLL) < 1e-6)
    let weights = reference.weights
    #expect(Ensemble.correct(of: members, weights: weights, labels: labels) == reference.weighted)
  }

  @Test func membersThatLeftLeaveNoTrace() {
    let sum = EnsembleSum(rows: 240, classes: 7)
    for member in members { _ = sum.add(member, labels: labels) }
    #expect(sum.add(members[1], weight: 0, labels: labels) == reference.ensemble)
    _ = sum.add(members[0], weight: -1, labels: labels)
    _ = sum.add(members[2], weight: -1, labels: labels)
    let rest = Ensemble.logits(of: [members[1], members[3]])
    let left = sum.logits()
    let same = rest.withUnsafeBuffer { first in
      left.withUnsafeBuffer { second in first.elementsEqual(second) }
    }
    #expect(same)
    _ = sum.add(members[1], weight: -1, labels: labels)
    #expect(sum.add(members[3], weight: -1, labels: labels) == 0)
  }

  /// A class that every model masks with −∞ changes nothing, wherever it stands.
  @Test(arguments: [0, 3, 7])
  func maskedClassesHaveNoPart(place: Int) {
    func masked(_ logits: Logits) -> Logits {
      let rows = logits.withUnsafeBuffer { values in
        (0..<240).flatMap { row in
          var row = Array(values[row * 7..<(row + 1) * 7])
          row.insert(-.infinity, at: place)
          return row
        }
      }
      return Logits(rows: 240, classes: 8, values: rows)
    }
    let moved = labels.map { Int($0) < place ? $0 : $0 + 1 }
    let beta = logits.calibratedBeta(labels)
    #expect(abs(masked(logits).calibratedBeta(moved) - beta) < 1e-9)
    let expected = logits.disagreement(members[0], members[1], beta: beta)
    let found = masked(logits).disagreement(masked(members[0]), masked(members[1]), beta: beta)
    #expect(abs(found - expected) < 1e-9 * expected)
  }

  @Test func mcnemarIsExact() {
    for row in reference.mcnemar {
      let test = McNemarTest(onlyFirst: Int(row[0]), onlySecond: Int(row[1]))
      #expect(abs(test.pValue - row[2]) <= 1e-10 * row[2], "\(row)")
    }
    let test = McNemarTest([true, true, false, false], [true, false, true, true])
    #expect(test == McNemarTest(onlyFirst: 1, onlySecond: 2))
  }

  @Test func wilsonIntervals() throws {
    // Newcombe 1998, table I: 81 of 263 and 0 of 20.
    let first = try #require(Score(correct: 81, n: 263).wilson())
    #expect(abs(first.lower - 0.2553) < 5e-5 && abs(first.upper - 0.3662) < 5e-5)
    let second = try #require(Score(correct: 0, n: 20).wilson())
    #expect(second.lower == 0 && abs(second.upper - 0.1611) < 5e-5)
    #expect(Score(correct: 0, n: 0).wilson() == nil)
  }

  @Test func binomialTailsAddUp() {
    for (n, p) in [(10, 0.5), (37, 0.2), (300, 0.9), (5, 0.0), (5, 1.0)] {
      let binomial = Binomial(n: n, p: p)
      var sum = 0.0
      for k in 0...n {
        sum += exp(binomial.logProbability(k))
        #expect(abs(binomial.cumulative(k) - sum) < 1e-10, "\(n) \(p) \(k)")
      }
    }
  }

  @Test func marginsOrderErrorsFirst() {
    let order = logits.orderByMargin(labels)
    #expect(order.sorted() == Array(0..<240))
    let margins = logits.margins(labels)
    #expect(zip(order, order.dropFirst()).allSatisfy { margins[$0] <= margins[$1] })
    let right = logits.correctness(labels)
    #expect(order.prefix(240 - reference.correct).allSatisfy { !right[$0] })
  }
}

struct EdgeCaseTests {
  @Test func firstLargestLogitWins() {
    let logits = Logits(rows: 3, classes: 3, values: [1, 1, 0, 0, 2, 2, 5, 5, 5])
    #expect(logits.predictions() == [0, 1, 0])
  }

  @Test(arguments: [1, 3, 15, 16, 17, 33, 100])
  func longRowsAgreeWithAPlainSearch(_ classes: Int) {
    var generator = SeededGenerator(seed: UInt64(classes))
    let rows = 60
    var values = (0..<rows * classes).map { _ in
      Float(Int.random(in: -3...3, using: &generator))
    }
    for row in stride(from: 0, to: rows, by: 7) {
      values[row * classes + Int.random(in: 0..<classes, using: &generator)] = .nan
    }
    for row in stride(from: 1, to: rows, by: 7) {
      values[row * classes + Int.random(in: 0..<classes, using: &generator)] = -.infinity
    }
    let expected = (0..<rows).map { row -> Int? in
      let part = values[row * classes..<(row + 1) * classes]
      if part.contains(where: \.isNaN) { return nil }
      return part.enumerated().reduce((0, -Float.infinity)) { best, next in
        next.1 > best.1 ? next : best
      }.0
    }
    #expect(Logits(rows: rows, classes: classes, values: values).predictions() == expected)
  }

  @Test func nanIsWrongEverywhere() {
    let logits = Logits(rows: 2, classes: 2, values: [.nan, 1, 3, 0])
    let labels: [Int32] = [1, 0]
    #expect(logits.correct(labels) == 1)
    #expect(logits.correctInTopFive(labels) == 1)
    #expect(logits.nll(labels).isNaN)
    #expect(logits.calibratedBeta(labels).isNaN)
    #expect(logits.orderByMargin(labels) == [0, 1])
    #expect(logits.confusion(labels).right == [1, 0])
    #expect(logits.calibrationError(labels).isFinite)
    #expect(logits.calibrationError(labels, equalMass: true).isFinite)
  }

  @Test func infiniteLogitsKeepTheOrder() {
    let infinity = Float.infinity
    let logits = Logits(
      rows: 4, classes: 2, values: [infinity, infinity, 0, infinity, -infinity, 1, 1, 2])
    #expect(logits.margins([0, 0, 0, 1]) == [0, -infinity, -infinity, 1])
    #expect(logits.orderByMargin([0, 0, 0, 1]) == [1, 2, 0, 3])
    #expect(logits.correct([0, 0, 0, 1]) == 2)
  }

  @Test func hugeLogitsDoNotOverflow() {
    let logits = Logits(rows: 1, classes: 2, values: [1e30, -1e30])
    #expect(logits.nll([0]) == 0)
    #expect(logits.nll([1]).isFinite)
  }

  @Test func theDivergedHaveTheLeastMerit() {
    let logits = Logits(rows: 2, classes: 2, values: [.nan, 1, 3, 0])
    #expect(Metric.nll.merit(logits, [1, 0]) == -.infinity)
    for metric in Metric.allCases {
      #expect(metric.merit(ofValue: .nan, examples: 10) == -.infinity)
    }
  }

  @Test func valuesOfAnySizeHaveAText() {
    for value in [1e15, -1e16, 1e300, .infinity, .nan] {
      for metric in Metric.allCases { #expect(!metric.text(value).isEmpty) }
    }
    #expect(Metric.nll.text(1.5e16) == "1.5e+16")
    #expect(Metric.nll.text(-12.34567) == "−12.3457")
    #expect(Metric.accuracy.text(0.98765) == "98.77 %")
  }

  @Test(arguments: [([0, 1, -100] as [Int32], "-100"), ([0, 2, 1], "2")])
  func labelsThatAreNoClassesAreNamed(labels: [Int32], named: String) {
    let split = Split(name: "val", role: .val, inputs: [], labelsFile: "y.npy", labels: labels)
    let text = message { try LabelCheck(split: split)(classes: 2) }
    #expect(text.contains("has the label \(named)"), "\(text)")
    let right = Split(name: "val", role: .val, inputs: [], labelsFile: "y.npy", labels: [1, 0])
    #expect(throws: Never.self) { try LabelCheck(split: right)(classes: 2) }
  }

  @Test func betaIsLimited() {
    let perfect = Logits(rows: 2, classes: 2, values: [2, 0, 0, 2])
    #expect(perfect.calibratedBeta([0, 1]) > 15)
    #expect(perfect.calibratedBeta([0, 1]) <= 1024)
    #expect(perfect.calibratedBeta([1, 0]) < 0.01)
    #expect(perfect.calibratedBeta([1, 0]) > 0)
  }

  @Test func constantPredictionsHaveNoCorrelation() {
    let logits = Logits(rows: 4, classes: 2, values: [1, 0, 1, 0, 1, 0, 1, 0])
    #expect(logits.confusion([0, 1, 0, 1]).matthews == 0)
  }

  @Test func memoryOfAnotherIsKeptWhileLogitsLive() {
    final class Owner: Sendable {
      nonisolated(unsafe) let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: 6)
      deinit { values.deallocate() }
    }
    var owner: Owner? = Owner()
    weak let kept = owner
    _ = owner?.values.initialize(from: [1, 2, 3, 4, 5, 6])
    var logits = owner.map {
      Logits(rows: 2, classes: 3, at: UnsafeBufferPointer($0.values), keptBy: $0)
    }
    owner = nil
    #expect(kept != nil)
    #expect(logits?.withUnsafeBuffer { Array($0) } == [1, 2, 3, 4, 5, 6])
    logits = nil
    #expect(kept == nil)
  }

  @Test func rowsAreSplitTheSameForEveryMachine() {
    let ranges = Parallel.map(rows: 1000, width: 1000) { $0 }
    #expect(ranges.first?.lowerBound == 0 && ranges.last?.upperBound == 1000)
    #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    #expect(Parallel.map(rows: 0, width: 10) { $0.count } == [0])
  }
}
