import Analysis
import Charts
import Evaluation
import Kitchen
import Sweeps
import Themes

/// What the plot pane shows: a pure function of the state.
struct PlotBoard {
  let state: State
  let glyphs: Glyphs
  let kind: PlotState.Kind

  /// - Parameter kind: nil for the plot that is shown.
  init(state: State, glyphs: Glyphs, kind: PlotState.Kind? = nil) {
    self.state = state
    self.glyphs = glyphs
    self.kind = kind ?? state.plot.kind
  }

  /// The plot as it is looked at: crosshair, zoom, scale and smoothing included.
  var seen: PlotContent {
    let whole = content
    let stop = state.plot.crosshairs[kind].flatMap(whole.stop)
    var content = whole.showing(crosshair: stop)
      .windowed(state.plot.viewports[kind], about: stop)
    if let manner = state.plot.manners[kind] {
      content.picture = manner.applied(to: content.picture)
    }
    return content
  }

  /// All of the plot.
  var content: PlotContent {
    let view = state.plot.view(of: kind)
    switch kind {
    case .accuracy:
      let plot = AccuracyPlot(state: state, glyphs: glyphs)
      return view == 0
        ? PlotContent(
          .line(plot.chart), numbers: plot.numbers, subjects: plot.subjects, meaning: plot.meaning)
        : PlotContent(.bars(plot.spread), numbers: plot.spreadNumbers)
    case .scatter:
      let plot = ScatterPlot(state: state, glyphs: glyphs)
      return PlotContent(.scatter(plot.chart), numbers: plot.numbers, meaning: plot.meaning)
    case .gap:
      let plot = gap(view == 0 ? .loss : .accuracy)
      if view == 1 {
        let shares = SharesPlot(report: plot.soups.last?.report, selected: state.table.cursor)
        return PlotContent(
          .scatter(shares.chart), numbers: shares.numbers, meaning: shares.meaning)
      }
      return PlotContent(.line(plot.chart), numbers: plot.numbers, meaning: plot.meaning)
    case .flatness:
      let plot = FlatnessPlot(
        paths: state.analysis.paths, quantity: view == 0 ? .loss : .error,
        gap: state.analysis.gap)
      return PlotContent(.line(plot.chart), numbers: plot.numbers, meaning: plot.meaning)
    case .landscape:
      let plot = landscape(view)
      return PlotContent(
        .heat(plot.chart), numbers: plot.numbers, meaning: plot.meaning, isWhole: plot.isWhole)
    case .angles:
      let plot = AnglesPlot(
        table: state.analysis.angles, quantity: AnglesPlot.Quantity.allCases[view],
        layers: state.plot.layerGroup, order: state.table.shown, selected: state.table.cursor)
      return PlotContent(.matrix(plot.chart), numbers: plot.numbers, meaning: plot.meaning)
    case .calibration:
      let plot = CalibrationPlot(
        report: state.analysis.calibration, subject: view == 0 ? .soup : .ensemble)
      return PlotContent(.bars(plot.chart), numbers: plot.numbers, meaning: plot.meaning)
    case .pairs:
      let plot = PairsPlot(
        report: state.analysis.pairs, view: PairsPlot.View.allCases[view])
      return PlotContent(.scatter(plot.chart), numbers: plot.numbers, meaning: plot.meaning)
    case .sizes:
      let plot = SizesPlot(curve: state.analysis.sizes)
      return PlotContent(.line(plot.chart), numbers: plot.numbers, meaning: plot.meaning)
    }
  }

  /// The shown recipe's soups while it has any; those picked by hand otherwise.
  private func gap(_ quantity: GapPlot.Quantity) -> GapPlot {
    if let job = state.jobWithGaps {
      return GapPlot(
        soups: state.analysis.history(of: job).map { ($0.step, $0.report) }, axis: "candidate",
        quantity: quantity, glyphs: glyphs)
    }
    return GapPlot(
      soups: state.analysis.gapsPickedByHand.enumerated().map { ($0.offset + 1, $0.element) },
      axis: "soups picked by hand", quantity: quantity, glyphs: glyphs)
  }

  private func landscape(_ view: Int) -> LandscapePlot {
    let test = state.sweep.splits.first { $0.role == .test }?.name ?? state.selectionSplit
    let quantity: LandscapePlot.Quantity
    switch view {
    case 1: quantity = .error(split: test)
    case 2:
      quantity = .shiftError(
        state.sweep.splits.filter { $0.role == .shift && $0.isEvaluable }.map(\.name))
    default: quantity = .loss(split: state.selectionSplit)
    }
    return LandscapePlot(
      landscape: state.analysis.landscape, quantity: quantity, glyphs: glyphs,
      initialisation: state.sweep.initialisation?.name,
      crosshair: state.plot.crosshairs[kind].map { Int($0.stop) })
  }
}
