import Analysis
import Charts
import Evaluation
import Kitchen
import Sweeps
import Themes

/// Every ingredient by two of its numbers: in- against out-of-distribution accuracy, as in the
/// paper's Figure 1, or whatever a person puts on the axes.
struct ScatterPlot {
  private let state: State
  private let glyphs: Glyphs
  private let x: ScatterColumn
  private let y: ScatterColumn
  /// The ingredients that have both values, by their places in the sweep.
  private let measured: [(place: Int, x: Double, y: Double)]
  private let agreement: Agreement

  init(state: State, glyphs: Glyphs) {
    self.state = state
    self.glyphs = glyphs
    x = state.scatterColumn(on: .x)
    y = state.scatterColumn(on: .y)
    let values = zip(state.scatterValues(of: x), state.scatterValues(of: y))
    measured = values.enumerated().compactMap { place, values in
      values.0.isFinite && values.1.isFinite ? (place, values.0, values.1) : nil
    }
    agreement = Agreement(measured.map { (predicted: $0.x, measured: $0.y) })
  }

  private var missing: Int { state.table.ingredients.count - measured.count }
  /// More of both is better.
  private var isOfAccuracies: Bool { x.isAccuracy && y.isAccuracy }

  var chart: ScatterChart {
    let groups = measured.isEmpty ? [] : ingredients + soups.map(\.group)
    return ScatterChart(
      title: title, groups: groups.filter { !$0.points.isEmpty },
      x: axis(x, measured.map(\.x)), y: axis(y, measured.map(\.y)),
      front: isOfAccuracies ? (.higher, .higher) : nil,
      selected: state.table.cursor, empty: empty)
  }

  private var title: String {
    guard !measured.isEmpty else { return "" }
    var parts = ["n = \(measured.count)"]
    if let rho = agreement.rankCorrelation {
      parts.insert("Spearman \(PlotText.signed(rho, 2))", at: 0)
    }
    if missing > 0 { parts.append("\(missing) without a value") }
    return parts.joined(separator: ", ")
  }

  private var empty: String {
    if state.topic(of: .scatter) != nil { return "no distances yet: Enter measures them" }
    return x == y
      ? "no ingredient has \(x.caption)" : "no ingredient has \(x.caption) and \(y.caption)"
  }

  private func axis(_ column: ScatterColumn, _ values: [Double]) -> Axis {
    if column.isAccuracy { return Axis(column.caption, format: .percent) }
    // The initialisation has a place too: zero.
    if column == .distance { return Axis(column.caption, includesZero: true) }
    let isWhole = values.allSatisfy { $0 == $0.rounded() && abs($0) < 1e7 }
    let spansDecades =
      values.min().map { least in least > 0 && (values.max() ?? least) >= 10 * least } ?? false
    return Axis(
      column.caption, scale: spansDecades ? .log10 : .linear,
      format: isWhole && !spansDecades ? .integer : .number)
  }

  // MARK: Points

  private var ingredients: [ScatterGroup] {
    var alone: [ScatterPoint] = []
    var picked: [ScatterPoint] = []
    var best: [ScatterPoint] = []
    let bestName = state.bestSingle?.name
    for (place, x, y) in measured {
      let name = state.table.ingredients[place].name
      let point = ScatterPoint(name, x: x, y: y)
      if name == bestName {
        best.append(point)
      } else if state.set.contains(name) {
        picked.append(point)
      } else {
        alone.append(point)
      }
    }
    var groups = [
      ScatterGroup(
        "alone", alone, look: SeriesLooks.ingredients, glyph: glyphs.unicode ? "○" : "."),
      ScatterGroup("picked", picked, look: SeriesLooks.best, glyph: glyphs.mark),
      ScatterGroup("best", best, look: SeriesLooks.best, glyph: glyphs.best),
    ]
    if let origin = state.sweep.initialisation,
      let place = place(distance: 0, { origin.metrics[$0]?.accuracy })
    {
      groups.append(
        ScatterGroup(
          "init", [ScatterPoint(origin.name, x: place.x, y: place.y)],
          look: SeriesLooks.tried, glyph: glyphs.initialisation))
    }
    return groups
  }

  /// Where something stands that is no ingredient; nil while it lacks one of the values.
  private func place(
    distance: Double? = nil, _ accuracy: (String) -> Double?
  ) -> (x: Double, y: Double)? {
    func value(_ column: ScatterColumn) -> Double? {
      switch column {
      case .table(.accuracy(let split)): return accuracy(split)
      case .table(.shiftMean):
        let outside = state.shifts.compactMap(accuracy)
        guard outside.count == state.shifts.count, !outside.isEmpty else { return nil }
        return outside.reduce(0, +) / Double(outside.count)
      case .table: return nil
      case .distance: return distance
      }
    }
    guard let x = value(x), let y = value(y) else { return nil }
    return (x, y)
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
      place(
        distance: state.analysis.angles?.norm(of: state.set.blend), accuracy(of: .soup)),
      look: SeriesLooks.soup, glyph: glyphs.soup)
    if state.set.members.count > 1 {
      add(
        "its ensemble", place(accuracy(of: .ensemble)), look: SeriesLooks.ensemble,
        glyph: glyphs.ensemble)
    }
    for (name, accuracy) in references {
      let (look, glyph) = look(of: name)
      add(name, place(accuracy), look: look, glyph: glyph)
    }
    return soups
  }

  /// Of the set at hand, on a split that is measured.
  private func accuracy(of subject: Reading.Subject) -> (String) -> Double? {
    { [bench = state.bench] split in
      bench.reading(subject, on: split).flatMap { bench.isStale($0) ? nil : $0.score?.accuracy }
    }
  }

  /// As the legend names it: which of the soups.
  private static func short(_ title: String) -> String {
    if title == "this soup" { return "soup" }
    return title.hasSuffix(" soup") ? String(title.dropLast(5)) : title
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

  // MARK: Words

  var numbers: [PlotContent.Number] {
    let shown = [bestSingle.map { ("best single", $0) }].compactMap(\.self)
    return (shown + soups.map { ($0.name, $0.place) }).flatMap { name, place in
      let up = PlotContent.Number(" " + y.title, text(place.y, in: y))
      return isOfAccuracies
        ? [PlotContent.Number(name, text(place.x, in: x)), up]
        : [.init(name, ""), .init(" " + x.title, text(place.x, in: x)), up]
    }
  }

  /// A value as the table writes it.
  private func text(_ value: Double, in column: ScatterColumn) -> String {
    guard case .table(let column) = column else { return PlotText.fixed(value, 3) }
    let text = IngredientTable.text(of: .number(value), in: column, state.table.notations[column])
    return String(text.drop { $0 == " " }.prefix { $0 != " " })
  }

  /// The best alone by what is selected on.
  private var bestSingle: (x: Double, y: Double)? {
    guard let name = state.bestSingle?.name else { return nil }
    return measured.first { state.table.ingredients[$0.place].name == name }.map { ($0.x, $0.y) }
  }

  var meaning: String? { isOfAccuracies ? gain ?? relation : relation }

  /// What the best soup gains over the best single.
  private var gain: String? {
    guard let best = bestSingle, let soup = soups.max(by: { $0.place.x < $1.place.x }) else {
      return nil
    }
    let (dx, dy) = (soup.place.x - best.x, soup.place.y - best.y)
    return "\(soup.name) is \(Numbers.points(dx)) points on \(x.place) and "
      + "\(Numbers.points(dy)) on \(y.place) from the best single."
  }

  /// Whether one number tells anything of the other.
  private var relation: String? {
    guard let rho = agreement.rankCorrelation, let isClear = agreement.ranksExceedChance else {
      return nil
    }
    let number = "\(PlotText.signed(rho, 2)) over \(agreement.count) ingredients"
    guard isClear else {
      return "\(y.caption) does not follow \(x.caption) clearly: a rank correlation of \(number) "
        + "may well be chance."
    }
    return "Higher \(x.caption) goes with \(rho > 0 ? "higher" : "lower") \(y.caption): rank "
      + "correlation \(number)."
  }
}

extension ScatterColumn {
  /// Where an accuracy was found, in a sentence.
  fileprivate var place: String { self == .table(.shiftMean) ? "the shifts" : title }
}
