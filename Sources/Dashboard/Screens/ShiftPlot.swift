import Charts
import Evaluation
import Kitchen
import Sweeps
import Themes

/// Accuracy on val or test against the mean over the shifts: the paper's Figure 1.
struct ShiftPlot {
  let state: State
  let glyphs: Glyphs

  var chart: LineChart {
    let x =
      state.splits.count > 1 && !state.shifts.contains(state.splits[1])
      ? state.splits[1]
      : state.selectionSplit
    var alone: [ChartPoint] = []
    var picked: [ChartPoint] = []
    for ingredient in state.table.ingredients {
      guard let inside = state.table.accuracy(of: ingredient.name, on: x)?.value,
        let outside = state.table.shiftMean(of: ingredient.name)?.value
      else { continue }
      if state.set.contains(ingredient.name) {
        picked.append(ChartPoint(inside, outside))
      } else {
        alone.append(ChartPoint(inside, outside))
      }
    }
    var series = [
      LineSeries(
        "ingredients", alone, kind: .points, look: SeriesLooks.ingredients, glyph: glyphs.unmarked),
      LineSeries(
        "in the soup", picked, kind: .points, look: SeriesLooks.best, glyph: glyphs.mark),
    ]
    series += soups(x: x)
    return LineChart(
      series: series.filter { !$0.points.isEmpty },
      x: Axis("accuracy on \(x)", format: .percent),
      y: Axis("mean over shifts", format: .percent), empty: "no shifts with accuracies")
  }

  private func soups(x: String) -> [LineSeries] {
    var series: [LineSeries] = []
    let readings = Dictionary(
      uniqueKeysWithValues: state.splits.compactMap { split in
        state.bench.reading(.soup, on: split).flatMap { reading in
          state.bench.isStale(reading) ? nil : reading.score.map { (split, $0) }
        }
      })
    if let point = point(readings, x: x) {
      series.append(
        LineSeries(
          "this soup", [point], kind: .points, look: SeriesLooks.soup, glyph: glyphs.soup,
          emphasis: true))
    }
    for (place, reference) in state.bench.references.enumerated() {
      guard let point = point(reference.scores, x: x) else { continue }
      let isEnsemble = reference.name.contains("ensemble")
      series.append(
        LineSeries(
          reference.name, [point], kind: .points, look: SeriesLooks.uniform + place,
          glyph: isEnsemble ? glyphs.ensemble : glyphs.uniform, emphasis: true))
    }
    return series
  }

  private func point(_ scores: [String: Score], x: String) -> ChartPoint? {
    let outside = state.shifts.compactMap { scores[$0]?.accuracy }
    guard let inside = scores[x]?.accuracy, outside.count == state.shifts.count,
      !outside.isEmpty
    else { return nil }
    return ChartPoint(inside, outside.reduce(0, +) / Double(outside.count))
  }
}
