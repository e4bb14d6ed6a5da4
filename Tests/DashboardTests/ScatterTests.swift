import Averaging
import Charts
import Evaluation
import Kitchen
import OrderedCollections
import Sweeps
import TerminalUI
import Testing
import Themes

@testable import Analysis
@testable import Dashboard

/// Any column of the table against any other.
struct ScatterTests {
  private let now = SmallSweep.epoch
  private let lr = ScatterColumn.table(.hyperparameter("lr"))
  private let val = ScatterColumn.table(.accuracy(split: "val"))

  private func scattered(
    _ names: String? = nil, columns: Int = 100, rows: Int = 28
  ) -> State {
    var state = PlotData.state(columns: columns, rows: rows)
    _ = reduce(&state, .command(.scatter, argument: names), at: now)
    return state
  }

  private func chart(_ state: State) -> ScatterChart {
    ScatterPlot(state: state, glyphs: .unicodeSet).chart
  }

  private func press(_ keys: String, _ state: inout State) -> [Effect] {
    keys.split(separator: " ").flatMap { name -> [Effect] in
      guard let key = KeyPress(parsing: String(name)) else { return [] }
      return reduce(&state, .key(key), at: now)
    }
  }

  // MARK: Choosing

  @Test func everyColumnWithNumbersCanBeChosen() {
    var state = SmallSweep.state()
    #expect(
      state.scatterColumns.map(\.title) == [
        "val", "test", "shifts", "lr", "epochs", "noise", "rotation",
      ])
    // Distances wait for an initialisation, or for angles that are measured.
    _ = reduce(&state, .kitchen(.analysis(.angles(PlotData.angles))), at: now)
    #expect(state.scatterColumns.last == .distance)
    #expect(
      chart(state).x.title == "accuracy on test" && chart(state).y.title == "mean over shifts")
  }

  @Test func namesPutBothOrOneOnTheAxes() {
    var state = SmallSweep.state()
    let effects = reduce(&state, .command(.scatter, argument: "lr val"), at: now)
    #expect(state.focus == .plot && state.plot.kind == .scatter)
    #expect(state.scatterColumn(on: .x) == lr && state.scatterColumn(on: .y) == val)
    #expect(effects == [.ask(.remember(state.tableMemory))])
    _ = reduce(&state, .command(.scatter, argument: "EPO"), at: now)
    #expect(state.scatterColumn(on: .x).title == "epochs" && state.scatterColumn(on: .y) == val)
    _ = reduce(&state, .command(.plotY, argument: "noise"), at: now)
    #expect(state.scatterColumn(on: .y).title == "noise")
    #expect(state.log.messages.isEmpty)
    #expect(reduce(&state, .command(.plotX, argument: "aug"), at: now).isEmpty, "a text")
    #expect(reduce(&state, .command(.scatter, argument: "val nothing"), at: now).isEmpty)
    #expect(
      state.log.messages.map(\.text)
        == ["aug", "val nothing"].map {
          "no numbers are called '\($0)'; there are val, test, shifts, lr, epochs, noise, rotation"
        })
    #expect(state.scatterColumn(on: .x).title == "epochs")
  }

  @Test func titlesMayHaveSpaces() {
    let columns = ["batch size", "batch", "size"]
    #expect(columns.titled("batch size", by: \.self) == "batch size")
    #expect(columns.titled("BATCH", by: \.self) == "batch")
    #expect(columns.titled("s", by: \.self) == "size")
    #expect(columns.titled("x", by: \.self) == nil)
    let ingredients = (0..<3).map { place in
      Ingredient(
        name: "m\(place)", file: nil, hyperparameters: ["batch size": .number(Double(8 << place))],
        metrics: ["val": KnownMetric(accuracy: 0.5 + Double(place) / 10)])
    }
    let sweep = Sweep(
      directory: "/sweeps/few", name: "few", manifest: nil, ingredients: ingredients,
      initialisation: nil, evaluator: nil, splits: [SplitSpec(name: "val", role: .val)])
    var state = State(sweep: sweep, size: Size(columns: 120, rows: 40), now: now)
    // With nothing but val, the first hyperparameter is what it is held against.
    #expect(state.scatterColumn(on: .x).title == "batch size" && state.scatterColumn(on: .y) == val)
    _ = reduce(&state, .command(.scatter, argument: "val batch size"), at: now)
    #expect(state.scatterColumn(on: .x) == val && state.scatterColumn(on: .y).title == "batch size")
  }

  @Test func theMenuShowsWhatItIsOnAndGivesItBack() {
    var state = scattered()
    state.plot.viewports[.scatter] = Charts.Viewport(.window(0.7...0.8))
    let before = state.plot
    _ = reduce(&state, .command(.plotX), at: now)
    guard case .axis(let prompt)? = state.modes.last else {
      Issue.record("no menu")
      return
    }
    #expect(prompt.choices.map(\.column) == state.scatterColumns && prompt.selected == 1)
    #expect(press("j j", &state).isEmpty)
    #expect(state.scatterColumn(on: .x) == lr, "the plot goes along")
    #expect(state.plot.viewports[.scatter] == nil, "what was zoomed was another scale")
    #expect(press("esc", &state).isEmpty && state.modes.isEmpty)
    #expect(state.plot == before)
    _ = reduce(&state, .command(.plotX), at: now)
    #expect(press("j j enter", &state) == [.ask(.remember(state.tableMemory))])
    #expect(state.scatterColumn(on: .x) == lr && state.modes.isEmpty)
    // A click takes at once.
    _ = reduce(&state, .command(.plotY), at: now)
    #expect(!reduce(&state, .click(.choice(0)), at: now).isEmpty)
    #expect(state.scatterColumn(on: .y) == val && state.modes.isEmpty)
  }

  @Test func keysAndTheLineLeadThere() throws {
    var state = SmallSweep.state()
    state.focus = .plot
    #expect(Keymap.standard.command(for: try #require(KeyPress(parsing: "X")), in: .plot) == .plotX)
    #expect(Keymap.standard.command(for: try #require(KeyPress(parsing: "Y")), in: .plot) == .plotY)
    #expect(
      Keymap.standard.command(for: try #require(KeyPress(parsing: "Y")), in: .soup) == .copyCommand)
    #expect(Palette.suggestions(for: "plot-x e", in: state).map(\.line).first == "plot-x epochs")
    #expect(Palette.suggestions(for: "scatter lr v", in: state).first?.line == "scatter lr val")
    _ = reduce(&state, .command(.palette), at: now)
    _ = reduce(&state, .paste("scatter lr val"), at: now)
    _ = press("enter", &state)
    #expect(state.scatterColumn(on: .x) == lr)
  }

  @Test func theChoiceIsRememberedOfTheSweep() {
    let memory = scattered("lr distance").tableMemory
    var again = PlotData.state(columns: 100, rows: 28)
    again.recall(table: memory, soups: [])
    #expect(again.scatterColumn(on: .x) == lr && again.scatterColumn(on: .y) == .distance)
    // What the sweep has no more gives way to what stands there unasked.
    var odd = memory
    odd.scatterX = "hyper:gone"
    again.recall(table: odd, soups: [])
    #expect(again.scatterColumn(on: .x).title == "test")
  }

  // MARK: Drawing

  @Test func scalesFollowTheValues() {
    #expect(chart(scattered("lr val")).x.scale == .log10)
    let epochs = chart(scattered("epochs val"))
    #expect(epochs.x.scale == .linear && epochs.x.format == .integer && epochs.y.format == .percent)
    #expect(chart(scattered("distance val")).x.scale == .linear, "the initialisation is at zero")
  }

  @Test func theFrontIsDrawnWhereMoreIsBetter() {
    for (names, hasFront) in [("test shifts", true), ("lr val", false), ("val distance", false)] {
      #expect((chart(scattered(names)).front != nil) == hasFront, "\(names)")
    }
  }

  @Test func whatHasNoValueIsCountedAndTheRestCorrelated() throws {
    let plot = ScatterPlot(state: scattered("lr val"), glyphs: .unicodeSet)
    let points = plot.chart.groups.flatMap(\.points)
    #expect(points.count == 11 && !points.contains { $0.name == "ft_5" })
    // ft_5 has no lr; worked out by hand with mid-ranks of the other eleven.
    let rho = Self.spearman(points.map { ($0.x, $0.y) })
    #expect(
      plot.chart.title
        == "Spearman \(PlotText.signed(rho, 2)), n = 11, 1 without a value")
    #expect(plot.meaning?.contains("does not follow lr clearly") == true)
    let whole = ScatterPlot(state: scattered("val test"), glyphs: .unicodeSet)
    #expect(whole.chart.title == "Spearman +1.00, n = 12")
  }

  /// By the definition: Pearson's of ranks, ties sharing theirs.
  private static func spearman(_ points: [(Double, Double)]) -> Double {
    func ranks(_ values: [Double]) -> [Double] {
      values.map { value in
        Double(values.count { $0 < value }) + Double(values.count { $0 == value } + 1) / 2
      }
    }
    let (x, y) = (ranks(points.map(\.0)), ranks(points.map(\.1)))
    let mean = Double(points.count + 1) / 2
    func sum(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
    }
    return sum(x, y) / (sum(x, x) * sum(y, y)).squareRoot()
  }

  @Test func whatChanceGivesIsSaidToBeChance() {
    let rising = (0..<20).map { (predicted: Double($0), measured: Double($0 * $0)) }
    #expect(Agreement(rising).ranksExceedChance == true)
    #expect(Agreement(Array(rising.prefix(4))).ranksExceedChance == false, "four may well")
    #expect(
      Agreement(rising.map { (predicted: 1, measured: $0.measured) }).ranksExceedChance == nil)
    let sentence = ScatterPlot(state: scattered("val test"), glyphs: .unicodeSet).meaning
    #expect(sentence?.hasPrefix("Higher accuracy on val goes with higher accuracy on test") == true)
  }

  @Test func soupsStandWhereTheyAreMeasured() {
    var state = scattered("val test")
    let members = state.set.members
    func names() -> [String] { chart(state).groups.map(\.name) }
    #expect(names() == ["alone", "picked", "best"])
    for split in ["val", "test"] {
      for subject: Reading.Subject in [.soup, .ensemble] {
        let reading = Reading(
          members: members, subject: subject, split: split, score: Score(correct: 94, n: 100))
        _ = reduce(&state, .kitchen(.reading(reading)), at: now)
      }
      _ = reduce(
        &state,
        .kitchen(.reference(name: "uniform", split: split, score: Score(correct: 91, n: 100))),
        at: now)
    }
    #expect(names().suffix(3) == ["soup", "its ensemble", "uniform"])
    // A soup has no learning rate, nor an accuracy that belongs to another set.
    _ = reduce(&state, .command(.plotX, argument: "lr"), at: now)
    #expect(names() == ["alone", "picked", "best"])
    _ = reduce(&state, .command(.plotX, argument: "val"), at: now)
    _ = reduce(&state, .command(.undo), at: now)
    #expect(names().last == "uniform" && !names().contains("soup"))
  }

  @Test func distancesAreAskedForBeforeTheyAreThere() throws {
    var state = SmallSweep.state()
    state.plot.axes.x = .distance
    _ = reduce(&state, .command(.scatter), at: now)
    #expect(chart(state).empty == "no distances yet: Enter measures them")
    #expect(reduce(&state, .command(.adopt), at: now) == [.analyse(.angles)])
    #expect(state.plot.kind == .scatter)
    _ = reduce(&state, .kitchen(.analysis(.angles(PlotData.angles))), at: now)
    #expect(reduce(&state, .command(.adopt), at: now).isEmpty, "nothing is left to measure")
    let points = chart(state).groups.flatMap(\.points)
    #expect(points.first { $0.name == "ft_3" }.map { abs($0.x - 4) < 1e-9 } == true)
    // A soup is nearer than its ingredients are on average, by the angles between them.
    let table = PlotData.angles
    let pair = try #require(table.norm(of: .uniform(["ft_3", "ft_4"])))
    let square = (16 + 25 + 2 * table.total.gram[3, 4]) / 4
    #expect(abs(pair * pair - square) < 1e-9 && pair < 4.5)
    #expect(table.norm(of: .uniform(["ft_3", "nobody"])) == nil)
  }

  @Test func aLogarithmicAxisIsZoomedByPowers() throws {
    var state = scattered("lr val")
    func bounds() throws -> ClosedRange<Double> {
      guard
        case .scatter(let chart) = PlotBoard(state: state, glyphs: .unicodeSet).seen.picture
      else { throw Unexpected() }
      return try #require(chart.render(columns: 80, rows: 20, marker: .braille).plot).x.bounds
    }
    let whole = try bounds()
    _ = reduce(&state, .command(.zoomIn), at: now)
    let half = try bounds()
    let middle = (whole.lowerBound * whole.upperBound).squareRoot()
    #expect(abs(half.lowerBound * half.upperBound / (middle * middle) - 1) < 1e-6)
    #expect(abs(half.ratio * half.ratio / whole.ratio - 1) < 1e-6)
    // A logarithm has no zero to begin from.
    _ = reduce(&state, .command(.scatter, argument: "val lr"), at: now)
    _ = reduce(&state, .command(.scale), at: now)
    guard case .held? = state.plot.manners[.scatter]?.rise else { throw Unexpected() }
  }

  private struct Unexpected: Error {}

  @Test(arguments: [(160, 45), (100, 30), (60, 20)])
  func frames(columns: Int, rows: Int) throws {
    var state = scattered("lr val", columns: columns, rows: rows)
    state.isMaximised = false
    let theme = try ThemeLibrary().load(named: "dark", depth: .indexed256, unicode: true)
    try Frames.expect(
      Screen.render(state, theme: theme).buffer.text, matches: "scatter-\(columns)x\(rows)")
    _ = reduce(&state, .command(.plotX), at: now)
    try Frames.expect(
      Screen.render(state, theme: theme).buffer.text, matches: "scatter-axis-\(columns)x\(rows)")
  }
}

extension ClosedRange<Double> {
  fileprivate var ratio: Double { upperBound / lowerBound }
}
