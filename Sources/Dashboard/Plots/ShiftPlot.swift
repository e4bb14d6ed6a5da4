import Charts
import Evaluation
import Kitchen
import Sweeps
import Themes

/// Accuracy in distribution against the mean over the shifts: the paper's Figure 1.
struct ShiftPlot {
  let state: State
  let glyphs: Glyphs

  /// Test where there is one; what is selected on otherwise.
  private var inside: String {
    state.sweep.splits.first { $0.role == .test }?.name ?? state.selectionSplit
  }

  var chart: ScatterChart {
    ScatterChart(
      groups: (ingredients + soups.map(\.group)).filter { !$0.points.isEmpty },
      x: Axis("accuracy on \(inside)", format: .percent),
      y: Axis("mean over shifts", format: .percent), front: (.higher, .higher),
      selected: state.table.cursor, empty: "no shifts with accuracies")
  }

  private var ingredients: [ScatterGroup] {
    var alone: [ScatterPoint] = []
    var picked: [ScatterPoint] = []
    for (place, x, y) in measured {
      let name = state.table.ingredients[place].name
      let point = ScatterPoint(name, x: x, y: y)
      if state.set.contains(name) { picked.append(point) } else { alone.append(point) }
    }
    var groups = [
      ScatterGroup(
        "alone", alone, look: SeriesLooks.ingredients, glyph: glyphs.unicode ? "○" : "."),
      ScatterGroup("picked", picked, look: SeriesLooks.best, glyph: glyphs.mark),
    ]
    if let origin = state.sweep.initialisation, let place = place(origin.metrics) {
      groups.append(
        ScatterGroup(
          "init", [ScatterPoint(origin.name, x: place.x, y: place.y)],
          look: SeriesLooks.tried, glyph: glyphs.initialisation))
    }
    return groups
  }

  /// The ingredients that have both values, by their places in the sweep.
  private var measured: some Sequence<(place: Int, x: Double, y: Double)> {
    let x = state.table.values(in: .accuracy(split: inside))
    let y = state.table.values(in: .shiftMean)
    return zip(x, y).lazy.enumerated().compactMap { place, values in
      guard let x = values.0.number, let y = values.1.number else { return nil }
      return (place, x, y)
    }
  }

  private func place(_ metrics: [String: KnownMetric]) -> (x: Double, y: Double)? {
    place { metrics[$0]?.accuracy }
  }

  private func place(_ accuracy: (String) -> Double?) -> (x: Double, y: Double)? {
    let outside = state.shifts.compactMap(accuracy)
    guard let x = accuracy(inside), outside.count == state.shifts.count, !outside.isEmpty else {
      return nil
    }
    return (x, outside.reduce(0, +) / Double(outside.count))
  }

  private struct Soup {
    let name: String
    let place: (x: Double, y: Double)
    let group: ScatterGroup
  }

  /// The hand-picked soup and those it is held against, each with a glyph of its own.
  private var soups: [Soup] {
    var soups: [Soup] = []
    func add(_ name: String, _ place: (x: Double, y: Double)?, look: Int, glyph: Character) {
      guard let place else { return }
      let title = name.replacing("_", with: " ")
      let point = ScatterPoint(name, x: place.x, y: place.y, label: title)
      soups.append(
        Soup(
          name: title, place: place,
          group: ScatterGroup(Self.short(title), [point], look: look, glyph: glyph)))
    }
    add(
      "this soup",
      place { split in
        state.bench.reading(.soup, on: split).flatMap { reading in
          state.bench.isStale(reading) ? nil : reading.score?.accuracy
        }
      }, look: SeriesLooks.soup, glyph: glyphs.soup)
    for (name, accuracy) in references {
      let (look, glyph) = look(of: name)
      add(name, place(accuracy), look: look, glyph: glyph)
    }
    return soups
  }

  /// As the legend names it: which of the soups.
  private static func short(_ title: String) -> String {
    title.hasSuffix(" soup") && title != "this soup" ? String(title.dropLast(5)) : title
  }

  /// Measured here first; those that came with the sweep by their own names.
  private var references: [(name: String, accuracy: (String) -> Double?)] {
    var references = state.bench.references.map { reference in
      (name: reference.name, accuracy: { reference.scores[$0]?.accuracy } as (String) -> Double?)
    }
    let known = Set(references.map(\.name))
    for reference in state.sweep.references where !known.contains(reference.name) {
      references.append((reference.name, { reference.metrics[$0]?.accuracy }))
    }
    return references
  }

  private func look(of name: String) -> (Int, Character) {
    if name.contains("ensemble") { return (SeriesLooks.ensemble, glyphs.ensemble) }
    if name.contains("greedy") { return (SeriesLooks.soup, glyphs.soup) }
    return (SeriesLooks.uniform, glyphs.uniform)
  }

  var numbers: [PlotContent.Number] {
    var numbers: [PlotContent.Number] = []
    if let best = bestInside {
      numbers += [
        .init("best alone", Numbers.percent(best.x)), .init(" shifts", Numbers.percent(best.y)),
      ]
    }
    for soup in soups {
      numbers += [
        .init(soup.name, Numbers.percent(soup.place.x)),
        .init(" shifts", Numbers.percent(soup.place.y)),
      ]
    }
    return numbers
  }

  private var bestInside: (x: Double, y: Double)? {
    measured.max { $0.x < $1.x }.map { ($0.x, $0.y) }
  }

  var meaning: String? {
    guard let best = bestInside, let soup = soups.max(by: { $0.place.x < $1.place.x }) else {
      return nil
    }
    let (dx, dy) = (soup.place.x - best.x, soup.place.y - best.y)
    return "\(soup.name) is \(Numbers.points(dx)) points on \(inside) and \(Numbers.points(dy)) on "
      + "the shifts from the best alone."
  }
}
