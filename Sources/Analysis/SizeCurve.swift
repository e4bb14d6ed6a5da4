import Averaging
package import Evaluation

/// Accuracy against the number of models looked at, over several random orders.
///
/// After k models of an order: the uniform soup of all k, the greedy soup that took or left each in
/// turn (accepted while the count of right examples on the selection split does not fall), the
/// ensemble of all k, and the best single one on the selection split.
package struct SizeCurve: Hashable, Sendable {
  /// How sets of k models are made into one.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    case uniform
    case greedy
    case ensemble
    case best
  }

  /// The split reported on.
  package let split: String
  /// Accuracies of each order that is done, by kind; place k − 1 for k models.
  private var walks: [[Kind: [Double]]] = []

  package init(split: String) { self.split = split }

  /// How many orders are done, seeds counted from 1.
  package var orders: Int { walks.count }

  /// Mean accuracy after 1, 2, … models; empty before the first order is done.
  package func means(_ kind: Kind) -> [Double] {
    ranked(kind).map { $0.reduce(0, +) / Double($0.count) }
  }

  /// The lowest and the highest accuracy of any order after 1, 2, … models.
  package func ranges(_ kind: Kind) -> [ClosedRange<Double>] {
    ranked(kind).map { ($0.first ?? .nan)...($0.last ?? .nan) }
  }

  /// Accuracies of all orders after 1, 2, … models, ascending.
  private func ranked(_ kind: Kind) -> [[Double]] {
    let values = walks.compactMap { $0[kind] }
    return (0..<(values.map(\.count).min() ?? 0)).map { place in
      values.map { $0[place] }.sorted()
    }
  }

  mutating func add(_ accuracies: [Kind: [Double]]) { walks.append(accuracies) }

  /// Walks through `orders` seeded orders of `names`.
  ///
  /// - Parameters:
  ///   - selection: logits on the split that greedy looks at.
  ///   - report: logits on the split whose accuracies are told.
  ///   - tell: hears after each order, and of each step in between.
  /// - Throws: what the sources throw.
  package static func measure(
    _ names: [String], orders: Int = 3, selection: any LogitSource, report: any LogitSource,
    split: String, tell: @Sendable (SizeCurve, _ step: Int) -> Void
  ) async throws -> SizeCurve {
    var curve = SizeCurve(split: split)
    for seed in 0..<max(1, orders) {
      var generator = SeededGenerator(seed: UInt64(seed + 1))
      let order = names.shuffled(using: &generator)
      let done = curve
      let walk = SizeWalk(order: order, selection: selection, report: report)
      curve.add(try await walk.accuracies { tell(done, seed * names.count + $0) })
      tell(curve, (seed + 1) * names.count)
    }
    return curve
  }
}

/// One order, walked through.
private struct SizeWalk {
  let order: [String]
  let selection: any LogitSource
  let report: any LogitSource

  func accuracies(_ step: (Int) -> Void) async throws -> [SizeCurve.Kind: [Double]] {
    let n = Double(report.labels.count)
    var values: [SizeCurve.Kind: [Double]] = [:]
    var greedy = Greedy()
    var ensemble: EnsembleSum?
    for (place, name) in order.enumerated() {
      let seen = Array(order[...place])
      try await greedy.consider(name, selection)
      let own = try await report.logits(of: .uniform([name]))
      let sum = ensemble ?? EnsembleSum(rows: own.rows, classes: own.classes)
      ensemble = sum
      let uniform = try await correct(.uniform(seen))
      values[.uniform, default: []].append(Double(uniform) / n)
      values[.greedy, default: []].append(Double(try await correct(.uniform(greedy.members))) / n)
      values[.ensemble, default: []].append(Double(sum.add(own, labels: report.labels)) / n)
      values[.best, default: []].append(Double(try await correct(.uniform([greedy.best]))) / n)
      step(place + 1)
    }
    return values
  }

  private func correct(_ blend: Blend) async throws -> Int {
    try await report.logits(of: blend).correct(report.labels)
  }

  /// The greedy rule along an order.
  private struct Greedy {
    var members: [String] = []
    var best = ""
    private var correct = -1
    private var bestCorrect = -1

    mutating func consider(_ name: String, _ source: any LogitSource) async throws {
      let alone = try await source.logits(of: .uniform([name])).correct(source.labels)
      if alone > bestCorrect { (best, bestCorrect) = (name, alone) }
      let count = try await source.logits(of: .uniform(members + [name])).correct(source.labels)
      guard count >= correct else { return }
      members.append(name)
      correct = count
    }
  }
}
