package import Analysis
import Averaging
package import Charts

/// Loss or error along lines between checkpoints, as a soup and as an ensemble.
package struct FlatnessPlot {
  package enum Quantity: String, CaseIterable, Sendable {
    case loss
    case error
  }

  let paths: [PathReport]
  let quantity: Quantity
  /// Curvatures at the soup where they were measured with a smaller step than the paths'.
  let gap: GapReport?

  package init(paths: [PathReport], quantity: Quantity, gap: GapReport? = nil) {
    self.paths = paths
    self.quantity = quantity
    self.gap = gap
  }

  /// Ensembles are drawn while the lines can still be told apart.
  private static let mostWithEnsembles = 3

  package var chart: LineChart {
    var series: [LineSeries] = []
    for (look, path) in paths.enumerated() {
      let showsEnsemble = paths.count <= Self.mostWithEnsembles
      if showsEnsemble {
        series.append(
          LineSeries(
            look == 0 ? "ensembles" : "ensemble \(path.line.toName)", points(path, \.ensemble),
            look: look, glyph: "·", dimmed: true, isListed: look == 0))
      }
      series.append(
        LineSeries(name(of: path), points(path, \.soup), look: look, emphasis: paths.count == 1))
    }
    let title = quantity == .loss ? "loss at β" : "error"
    let split = paths.first.map { " on \($0.split)" } ?? ""
    return LineChart(
      series: series, x: Axis(axisTitle, range: .fixed(0...1), padding: 0),
      y: Axis(title + split, format: quantity == .error ? .percent : .number),
      empty: "no paths yet: put two ingredients into the soup, or :paths")
  }

  private var axisTitle: String {
    Set(paths.map(\.line.fromName)).count == 1
      ? "\(paths[0].line.fromName) → ingredient" : "from → to"
  }

  private func name(of path: PathReport) -> String {
    Set(paths.map(\.line.fromName)).count == 1
      ? "→ \(path.line.toName)" : "\(path.line.fromName) → \(path.line.toName)"
  }

  private func points(
    _ path: PathReport, _ standing: KeyPath<PathReport.Point, Standing>
  ) -> [ChartPoint] {
    path.points.map { point in
      let value = point[keyPath: standing]
      if quantity == .loss { return ChartPoint(point.t, value.nllAtBeta) }
      // Bands of several would lie over each other.
      return paths.count == 1 && standing == \.soup
        ? ChartPoint(point.t, errorOf: value) : ChartPoint(point.t, value.error)
    }
  }

  /// Curvature of the loss at the soup towards each ingredient.
  var numbers: [PlotContent.Number] {
    guard !paths.isEmpty else { return [] }
    var numbers = [PlotContent.Number("curvature", "")]
    for path in paths {
      let share = gap?.shares.first { $0.ingredient == path.line.toName }
      let fromGap = path.line.anchor == 0 && gap?.blend == path.line.from ? share?.curvature : nil
      let inside = path.points.compactMap(\.curvature)
      let curvature = fromGap ?? (path.line.anchor == 0 ? inside.first : inside.middle)
      numbers.append(
        PlotContent.Number(
          " " + name(of: path), curvature.map { PlotText.signed($0, 3) } ?? "–"))
    }
    if let beta = paths.first?.beta { numbers.append(.init("β", PlotText.fixed(beta, 3))) }
    return numbers
  }

  var meaning: String? {
    guard !paths.isEmpty else { return nil }
    if let far = paths.max(by: { $0.barrier < $1.barrier }), far.barrier > 0.1 {
      return "Between \(far.line.fromName) and \(far.line.toName) the loss rises by "
        + "\(PlotText.fixed(far.barrier, 2)) over the line: they lie in different basins."
    }
    let spokes = paths.filter { $0.line.anchor == 0 }
    guard !spokes.isEmpty else {
      return "No barrier on the way: all of these lie in one basin."
    }
    let higher = spokes.count { path in
      (path.points.last?.soup.nllAtBeta ?? 0) > (path.points.first?.soup.nllAtBeta ?? 0)
    }
    let which = higher == spokes.count ? "every" : "\(higher) of \(spokes.count)"
    let noun = higher == spokes.count ? "ingredient" : "ingredients"
    return "The soup's loss is lower than that of \(which) \(noun), and no barrier lies between."
  }
}

extension Array {
  /// The one half-way; nil for none.
  fileprivate var middle: Element? { isEmpty ? nil : self[count / 2] }
}
