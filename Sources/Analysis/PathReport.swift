public import Averaging
public import Evaluation

/// Loss and accuracy along the straight line between two blends, as a soup and as an ensemble.
public struct PathReport: Hashable, Sendable {
  /// One place on the line.
  public struct Point: Hashable, Sendable {
    /// 0 at the beginning, 1 at the end.
    public let t: Double
    /// The weights at this place.
    public let soup: Standing
    /// Of the ensemble whose members have the weights that the soup has at this place.
    public let ensemble: Standing
    /// Second derivative of the soup's loss along t at fixed β; nil at the ends.
    public let curvature: Double?

    package init(t: Double, soup: Standing, ensemble: Standing, curvature: Double?) {
      self.t = t
      self.soup = soup
      self.ensemble = ensemble
      self.curvature = curvature
    }
  }

  /// Where it was measured along.
  public let line: PathLine
  /// What it was measured on.
  public let split: String
  /// Calibrates the soup at `line.anchor`; held fixed along the line.
  public let beta: Double
  /// In the order of the line's places.
  public let points: [Point]

  package init(line: PathLine, split: String, beta: Double, points: [Point]) {
    self.line = line
    self.split = split
    self.beta = beta
    self.points = points
  }

  /// How far the loss on the way rises over the straight line between the ends: 0 inside one basin.
  public var barrier: Double {
    guard let first = points.first, let last = points.last else { return 0 }
    return points.reduce(0) { highest, point in
      let level = first.soup.nllAtBeta * (1 - point.t) + last.soup.nllAtBeta * point.t
      return max(highest, point.soup.nllAtBeta - level)
    }
  }
}

/// A straight line between two blends and the places looked at on it.
public struct PathLine: Hashable, Sendable {
  /// At place 0.
  public let from: Blend
  /// At place 1.
  public let to: Blend
  /// What a person calls `from`.
  public let fromName: String
  /// What a person calls `to`.
  public let toName: String
  /// Rising, in 0...1 as a rule, at equal distances.
  public let places: [Double]
  /// Where β is found.
  public let anchor: Double

  /// - Parameters:
  ///   - from: the weights at 0.
  ///   - fromName: what a person calls them.
  ///   - to: the weights at 1.
  ///   - toName: what a person calls them.
  ///   - count: how many places, both ends included.
  ///   - anchor: where β is found.
  public init(
    from: Blend, named fromName: String, to: Blend, named toName: String, count: Int = 11,
    anchor: Double = 0.5
  ) {
    self.from = from
    self.to = to
    self.fromName = fromName
    self.toName = toName
    self.anchor = anchor
    places = (0..<max(2, count)).map { Double($0) / Double(max(2, count) - 1) }
  }

  /// Between two ingredients, β found half-way.
  public static func pair(_ first: String, _ second: String, count: Int = 11) -> PathLine {
    PathLine(
      from: .uniform([first]), named: first, to: .uniform([second]), named: second, count: count)
  }

  /// From a soup to one of its ingredients, β found at the soup.
  public static func spoke(
    of soup: Blend, named name: String = "soup", to ingredient: String, count: Int = 11
  ) -> PathLine {
    PathLine(
      from: soup, named: name, to: .uniform([ingredient]), named: ingredient, count: count,
      anchor: 0)
  }

  /// Distance between two places.
  public var step: Double { places.count > 1 ? places[1] - places[0] : 1 }

  /// The weights at place `t`.
  public func blend(at t: Double) -> Blend { from.mixed(with: to, at: t) }
}

extension PathLine {
  /// Evaluates every place; ends and middles that are known cost nothing.
  ///
  /// - Throws: what the source throws.
  public func report(
    _ source: any LogitSource, split: String, tell: @Sendable (_ done: Int) -> Void = { _ in }
  ) async throws -> PathReport {
    let labels = source.labels
    let beta = try await source.logits(of: blend(at: anchor)).calibratedBeta(labels)
    var members: [String: Logits] = [:]
    for name in Set(from.ingredients + to.ingredients).sorted() {
      members[name] = try await source.logits(of: .uniform([name]))
    }
    var soups: [Standing] = []
    var ensembles: [Standing] = []
    for t in places {
      let blend = blend(at: t)
      let soup = try await source.logits(of: blend)
      let present = blend.distinctIngredients.compactMap { name in
        members[name].map { ($0, blend.weight(of: name)) }
      }
      let ensemble = Ensemble.logits(of: present.map(\.0), weights: present.map(\.1))
      soups.append(Standing(soup, labels: labels, beta: beta))
      ensembles.append(Standing(ensemble, labels: labels, beta: beta))
      tell(soups.count)
    }
    let curvatures = SecondDifference.series(soups.map(\.nllAtBeta), step: step)
    return PathReport(
      line: self, split: split, beta: beta,
      points: places.indices.map {
        PathReport.Point(
          t: places[$0], soup: soups[$0], ensemble: ensembles[$0], curvature: curvatures[$0])
      })
  }
}
