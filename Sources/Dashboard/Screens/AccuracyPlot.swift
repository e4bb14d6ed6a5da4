import Charts
import Evaluation
import Kitchen
import Recipes
import Sweeps
import Themes

/// Which look of a series means what, in every plot.
enum SeriesLooks {
  static let soup = 0
  static let ingredients = 1
  static let best = 2
  static let uniform = 3
  static let ensemble = 4
  static let tried = 5
}

/// Accuracy on val: the soup as the recipe builds it, or every ingredient, best first.
struct AccuracyPlot {
  let state: State
  let glyphs: Glyphs

  var chart: LineChart { shownJob.map(recipe) ?? ingredients }

  /// The candidates in turn, or the ingredients from the best on.
  var subjects: [String] {
    shownJob.map { $0.decisions.map(\.candidate) } ?? ranked.map { name(of: $0) }
  }

  private var shownJob: Job? {
    guard let job = state.shownJob, job.decisions.count > 1, job.spec.recipe != .best else {
      return nil
    }
    return job
  }

  /// Says so where the split is too small for the differences that are shown.
  var meaning: String? {
    guard shownJob == nil else { return nil }
    guard ranked.count > 1, let best = ranked.first.flatMap(score(of:)),
      let least = ranked.last.flatMap(score(of:)), let above = best.wilson(),
      let below = least.wilson(), above.lower <= below.upper
    else { return nil }
    return
      "n = \(best.n) is too small to tell these ingredients apart: the 95 % intervals, "
      + "±\(Numbers.percent((above.upper - above.lower) / 2)) points, all overlap."
  }

  /// How the ingredients' accuracies are spread.
  var spread: BarChart {
    BarChart.histogram(
      of: ranked.map(\.accuracy), name: "ingredients", look: SeriesLooks.ingredients,
      x: Axis("accuracy on \(state.selectionSplit)", format: .percent))
  }

  /// The levels that the plot shows, and how a recipe stands or the ingredients are spread.
  var numbers: [PlotContent.Number] {
    let levels = (shownJob.map { recipe($0).references } ?? ingredientLevels).map {
      PlotContent.Number(
        $0.label.hasPrefix("best single") ? "best single" : $0.label,
        Numbers.percent($0.value))
    }
    guard let job = shownJob else { return levels + spreadBelowBest }
    return [
      .init("candidates", "\(job.decisions.count)"),
      .init("accepted", "\(job.decisions.count(where: \.isAccepted))"),
    ] + levels
  }

  var spreadNumbers: [PlotContent.Number] {
    guard let best = ranked.first else { return [] }
    return [
      .init("ingredients", "\(ranked.count)"), .init("best", Numbers.percent(best.accuracy)),
    ] + spreadBelowBest
  }

  private var spreadBelowBest: [PlotContent.Number] {
    guard let least = ranked.last else { return [] }
    return [
      .init("median", Numbers.percent(ranked[ranked.count / 2].accuracy)),
      .init("least", Numbers.percent(least.accuracy)),
    ]
  }

  /// Those with an accuracy, the best first.
  private var ranked: [AccuracyRanking.Entry] { state.table.ranking.entries }

  private func name(of entry: AccuracyRanking.Entry) -> String {
    state.table.ingredients[entry.place].name
  }

  private func score(of entry: AccuracyRanking.Entry) -> Score? {
    state.table.score(of: name(of: entry), on: state.selectionSplit)
  }

  /// A value with its 95 % interval.
  private func point(_ x: Double, _ y: Double, _ score: Score?) -> ChartPoint {
    let interval = score?.wilson()
    return ChartPoint(x, y, low: interval?.lower, high: interval?.upper)
  }

  private var references: [ReferenceLine] {
    var lines: [ReferenceLine] = []
    if let best = state.bestSingle {
      lines.append(
        ReferenceLine(best.accuracy, label: "best single \(best.name)", look: SeriesLooks.best))
    }
    for (name, look) in [("uniform", SeriesLooks.uniform), ("ensemble", SeriesLooks.ensemble)] {
      if let accuracy = state.bench.reference(name)?.scores[state.selectionSplit]?.accuracy {
        lines.append(ReferenceLine(accuracy, label: name, look: look))
      }
    }
    return lines
  }

  private func recipe(_ job: Job) -> LineChart {
    var soup: [ChartPoint] = []
    var tried: [ChartPoint] = []
    var bounds: [ChartPoint] = []
    var alone: [ChartPoint] = []
    var current: (accuracy: Double, score: Score)?
    for (step, decision) in job.decisions.enumerated() {
      let x = Double(step + 1)
      // An accuracy whatever the recipe selects by.
      let judgement = decision.judgement
      let unseen = judgement.unseenExamples
      let accuracy =
        judgement.score.n == 0
        ? judgement.merit
        : Double(judgement.score.correct + unseen) / Double(judgement.score.n + unseen)
      if decision.isAccepted {
        current = (accuracy, judgement.score)
      } else if judgement.isAbandoned {
        bounds.append(ChartPoint(x, accuracy))
      } else {
        tried.append(ChartPoint(x, accuracy))
      }
      if let current { soup.append(point(x, current.accuracy, current.score)) }
      if let value = state.table.accuracy(of: decision.candidate, on: state.selectionSplit)?.value {
        alone.append(ChartPoint(x, value))
      }
    }
    let name = job.spec.recipe == .greedyEnsemble ? "ensemble" : "soup"
    return LineChart(
      series: [
        LineSeries(
          "alone", alone, kind: .points, look: SeriesLooks.ingredients, glyph: "·"),
        LineSeries(
          "not taken", tried, kind: .points, look: SeriesLooks.tried,
          glyph: glyphs.cross),
        LineSeries(
          "at most", bounds, kind: .points, look: SeriesLooks.tried, glyph: "v"),
        LineSeries(name, soup, kind: .steps, look: SeriesLooks.soup, emphasis: true),
      ].filter { !$0.points.isEmpty },
      x: Axis(
        "candidate", range: .atLeast(1...Double(max(2, candidates(of: job)))), format: .integer,
        padding: 0),
      y: Axis(
        "accuracy on \(state.selectionSplit)", range: focusRange(soup + tried), format: .percent),
      references: references)
  }

  private var ingredients: LineChart {
    let val = ranked.enumerated().map { rank, entry in
      point(Double(rank + 1), entry.accuracy, score(of: entry))
    }
    var series = [
      LineSeries(
        state.selectionSplit, val, kind: .points, look: SeriesLooks.ingredients,
        glyph: glyphs.unmarked)
    ]
    let picked = state.set.members.compactMap(state.table.rank(of:)).sorted().map { val[$0] }
    if !picked.isEmpty {
      series.append(
        LineSeries(
          "in the soup", picked, kind: .points, look: SeriesLooks.soup, glyph: glyphs.mark,
          emphasis: true))
    }
    return LineChart(
      series: series,
      x: Axis(
        "rank on \(state.selectionSplit)", format: .integer,
        limits: 0.5...(Double(max(1, val.count)) + 0.5), padding: 0.02),
      y: Axis("accuracy on \(state.selectionSplit)", format: .percent),
      references: ingredientLevels,
      empty: "no accuracies yet: R, then best, measures every ingredient")
  }

  /// What ingredients are held against, and the soup at hand.
  private var ingredientLevels: [ReferenceLine] {
    guard let reading = state.bench.reading(.soup, on: state.selectionSplit), reading.seen > 0,
      !state.bench.isStale(reading)
    else { return references }
    let accuracy = Double(reading.correct) / Double(reading.seen)
    return references + [ReferenceLine(accuracy, label: "this soup", look: SeriesLooks.soup)]
  }

  /// As many as are still to come where every step is a candidate; no recipe that also ranks or
  /// prepares says beforehand.
  private func candidates(of job: Job) -> Int {
    let stepsAreCandidates = job.decisions.count + 1 >= job.step
    return job.status.isOver || !stepsAreCandidates ? job.decisions.count : job.steps
  }

  /// Outliers far below would flatten the part that matters.
  private func focusRange(_ points: [ChartPoint]) -> Axis.Reach {
    var values = points.map(\.y) + references.map(\.value)
    guard values.count > 3, let best = values.max() else { return .auto }
    values.sort()
    let low = values[values.count / 8]
    return low < best ? .atLeast(low...best) : .auto
  }
}
