import Averaging
public import Evaluation

/// Soup against ensemble for two ingredients half and half.
public struct PairPoint: Hashable, Sendable {
  /// One ingredient's name.
  public let first: String
  /// The other's.
  public let second: String
  /// Of the two half and half.
  public let gap: GapReport
  /// Between the two directions from the initialisation, in degrees; nil without one.
  public let angle: Double?

  package init(first: String, second: String, gap: GapReport, angle: Double?) {
    self.first = first
    self.second = second
    self.gap = gap
    self.angle = angle
  }

  /// `first+second`.
  public var name: String { "\(first)+\(second)" }

  /// `Acc(½θ1 + ½θ2) − ½(Acc θ1 + Acc θ2)`.
  public var interpolationAdvantage: Double {
    gap.soup.accuracy - gap.shares.reduce(0) { $0 + $1.standing.accuracy } / 2
  }
}

/// Pairs of a sweep, and how well the approximation does over them.
public struct PairReport: Hashable, Sendable {
  /// Where everything was measured.
  public let split: String
  /// In the order in which pairs were given.
  public let points: [PairPoint]
  /// Pairs there are in all; more than `points` when only some were taken.
  public let possible: Int

  package init(split: String, points: [PairPoint], possible: Int) {
    self.split = split
    self.points = points
    self.possible = possible
  }

  /// Predicted against measured differences in loss at β.
  public var agreement: Agreement {
    Agreement(
      points.compactMap { point in
        point.gap.predicted.map { (predicted: $0, measured: point.gap.gap) }
      })
  }

  /// Predicted loss differences against measured differences in error.
  public var errorAgreement: Agreement {
    Agreement(
      points.compactMap { point in
        point.gap.predicted.map { (predicted: $0, measured: point.gap.accuracyGap) }
      })
  }

  /// Soup accuracy against ensemble accuracy.
  public var accuracies: Agreement {
    Agreement(
      points.map { (predicted: $0.gap.soup.accuracy, measured: $0.gap.ensemble.accuracy) })
  }

  /// All pairs of `names`, or a seeded choice of `limit` of them; in the order of the names.
  public static func pairs(
    of names: [String], limit: Int? = nil, seed: UInt64 = 1
  ) -> [(String, String)] {
    var pairs: [(String, String)] = []
    for (place, first) in names.enumerated() {
      for second in names[(place + 1)...] { pairs.append((first, second)) }
    }
    guard let limit, limit < pairs.count else { return pairs }
    var generator = SeededGenerator(seed: seed)
    let chosen = Array(pairs.indices).shuffled(using: &generator).prefix(max(0, limit)).sorted()
    return chosen.map { pairs[$0] }
  }

  /// Measures pairs half and half.
  ///
  /// - Parameters:
  ///   - pairs: the pairs, by name.
  ///   - possible: how many there are in all.
  ///   - source: gives the logits of every blend.
  ///   - split: the name of the split that it gives them on.
  ///   - step: how far an ingredient's weight is moved for a curvature.
  ///   - angles: seen from the initialisation; nil leaves them out.
  ///   - tell: hears after each pair.
  /// - Throws: what the source throws.
  public static func measure(
    _ pairs: [(String, String)], of possible: Int, source: any LogitSource, split: String,
    step: Double = SecondDifference.standardStep, angles: AngleTable?,
    tell: @Sendable (PairReport) -> Void = { _ in }
  ) async throws -> PairReport {
    let analysis = GapAnalysis(source, split: split, step: step)
    var points: [PairPoint] = []
    for (first, second) in pairs {
      let gap = try await analysis.report(of: .uniform([first, second]))
      points.append(
        PairPoint(
          first: first, second: second, gap: gap, angle: angles?.angle(first, second)))
      tell(PairReport(split: split, points: points, possible: possible))
    }
    return PairReport(split: split, points: points, possible: possible)
  }
}
