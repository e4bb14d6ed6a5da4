import Charts
import Foundation
import Kitchen
import Sweeps
import TerminalUI
import Testing
import Themes

@testable import Dashboard

/// Every plot against frames that were looked at.
///
/// `RECORD_FRAMES=1` writes them anew, and fails.
struct PlotTests {
  private static let kinds = PlotState.Kind.allCases.filter { $0 != .accuracy }

  private func theme(unicode: Bool = true, depth: ColorDepth = .indexed256) throws -> Theme {
    try ThemeLibrary().load(named: "dark", depth: depth, unicode: unicode)
  }

  /// The picture alone, in every marker.
  @Test(arguments: kinds, PlotMarker.allCases)
  func pictures(_ kind: PlotState.Kind, _ marker: PlotMarker) throws {
    var state = PlotData.state(columns: 100, rows: 30)
    state.plot.kind = kind
    let glyphs: Glyphs = marker == .ascii ? .asciiSet : .unicodeSet
    let picture = PlotBoard(state: state, glyphs: glyphs).content.picture.withoutColors
    let frame = picture.chart.render(columns: 80, rows: 18, marker: marker)
    try Frames.expect(frame.text, matches: "plot-\(kind.rawValue)-\(marker)-80x18")
  }

  /// The whole pane with what is said beside and below, every view.
  @Test(arguments: kinds)
  func panes(_ kind: PlotState.Kind) throws {
    for view in kind.views.indices {
      var state = PlotData.state(columns: 100, rows: 28)
      state.plot.kind = kind
      state.plot.views[kind] = view
      let frame = Screen.render(state, theme: try theme())
      let name = kind.views[view].replacing(" ", with: "-")
      try Frames.expect(frame.buffer.text, matches: "pane-\(kind.rawValue)-\(name)-100x28")
    }
  }

  /// Two at once, side by side and one below the other.
  @Test(arguments: [(160, 45), (100, 50)])
  func twoAtOnce(columns: Int, rows: Int) throws {
    var state = PlotData.state(columns: columns, rows: rows)
    state.plot.kind = .gap
    state.plot.showsTwo = true
    let frame = Screen.render(state, theme: try theme())
    try Frames.expect(frame.buffer.text, matches: "two-plots-\(columns)x\(rows)")
  }

  /// A crosshair and a part of the axis.
  @Test(arguments: [PlotState.Kind.flatness, .pairs, .landscape])
  func lookedAtClosely(_ kind: PlotState.Kind) throws {
    var state = PlotData.state(columns: 100, rows: 28)
    state.plot.kind = kind
    for command: Command in [.crosshairRight, .crosshairRight, .zoomIn] {
      _ = reduce(&state, .command(command), at: SmallSweep.epoch)
    }
    let frame = Screen.render(state, theme: try theme())
    try Frames.expect(frame.buffer.text, matches: "closer-\(kind.rawValue)-100x28")
  }

  /// A ground of colour where there are such colours, dotted edges elsewhere.
  @Test(arguments: ColorDepth.allCases, ThemeLibrary.builtins)
  func bandsAreSeenInEveryTheme(_ depth: ColorDepth, _ name: String) throws {
    let theme = try ThemeLibrary().load(named: name, depth: depth, unicode: true)
    var state = PlotData.state(columns: 100, rows: 28)
    state.plot.kind = .sizes
    let canvas = Screen.render(state, theme: theme)
    let styles = Set(canvas.stylesOfFirstPlot)
    let band = theme.series(SeriesLooks.soup).band
    if theme.tintsBands {
      #expect(styles.contains { $0.background == band.background })
    } else {
      #expect(styles.contains { $0.foreground == band.foreground })
    }
  }

  /// Before anything is known each says what to do.
  @Test(arguments: kinds)
  func nothingKnownYet(_ kind: PlotState.Kind) throws {
    var state = SmallSweep.state(columns: 80, rows: 16)
    state.focus = .plot
    state.plot.kind = kind
    let text = Screen.render(state, theme: try theme()).buffer.text
    if kind != .scatter, kind != .angles { #expect(text.contains("yet"), "\(text)") }
  }

  @Test(arguments: kinds)
  func withoutUnicodeNothingButASCIIIsDrawn(_ kind: PlotState.Kind) throws {
    var state = PlotData.state(columns: 110, rows: 36)
    state.plot.kind = kind
    let text = Screen.render(state, theme: try theme(unicode: false, depth: .none)).buffer.text
    let odd = Set(text.unicodeScalars.filter { !$0.isASCII })
    #expect(odd.isEmpty, "\(odd)")
  }

  @Test(arguments: kinds)
  func everySizeDraws(_ kind: PlotState.Kind) throws {
    let theme = try theme()
    for columns in stride(from: 1, through: 200, by: 23) {
      for rows in stride(from: 1, through: 60, by: 7) {
        var state = PlotData.state(columns: columns, rows: rows)
        state.plot.kind = kind
        state.focus = .plot
        let canvas = Screen.render(state, theme: theme)
        let bounds = canvas.buffer.bounds
        #expect(bounds == Rect(Size(columns: columns, rows: rows)))
        #expect(canvas.hits.allSatisfy { bounds.contains($0.rect) }, "\(columns)×\(rows)")
        guard let rect = state.layout.panes[.plot] else { continue }
        #expect(Frames.corners(of: rect, in: canvas) == "╭╮╰╯", "\(columns)×\(rows)")
        let inside = rect.inset(by: 1)
        let drawn = (inside.top..<inside.bottom).flatMap { row in
          (inside.left..<inside.right).filter {
            canvas.buffer.text(of: canvas.buffer[$0, row]) != " "
          }
        }
        #expect(drawn.count > inside.columns / 4, "\(columns)×\(rows)")
      }
    }
  }

  /// The paper's Figure 1 from its published results (`Fixtures/paper-72`): no weights are there.
  @Test func thePapersFigureOne() throws {
    let folder = try #require(
      Bundle.module.url(forResource: "Fixtures/paper-72", withExtension: nil))
    let sweep = try Sweep.open(folder.path)
    #expect(sweep.ingredients.count + (sweep.initialisation == nil ? 0 : 1) >= 72)
    for (columns, rows) in [(160, 45), (100, 30)] {
      var state = State(
        sweep: sweep, size: Size(columns: columns, rows: rows), now: SmallSweep.epoch)
      state.focus = .plot
      state.plot.kind = .scatter
      if columns < 120 { state.isMaximised = true }
      let frame = Screen.render(state, theme: try theme())
      try Frames.expect(frame.buffer.text, matches: "paper-72-\(columns)x\(rows)")
    }
    var state = State(sweep: sweep, size: Size(columns: 160, rows: 45), now: SmallSweep.epoch)
    let plot = ScatterPlot(state: state, glyphs: .unicodeSet).chart
    func place(_ name: String) throws -> ScatterPoint {
      try #require(plot.groups.flatMap(\.points).first { $0.name == name })
    }
    // Means of the published results, in per cent: reference accuracy and five shifts.
    for (name, x, y) in [
      ("greedy_soup", 81.026, 50.86), ("uniform_soup", 79.972, 51.58), ("ensemble", 81.188, 50.88),
      ("model_43", 80.386, 47.97),
    ] {
      let point = try place(name)
      #expect(abs(point.x * 100 - x) < 0.001, "\(name)")
      #expect(abs(point.y * 100 - y) < 0.006, "\(name)")
    }
    // The table sorts and filters without weights as well.
    _ = reduce(&state, .command(.filter, argument: "lr<1e-5"), at: SmallSweep.epoch)
    #expect(!state.table.shown.isEmpty && state.table.shown.count < 72)
    _ = reduce(&state, .command(.sort, argument: "ImageNet"), at: SmallSweep.epoch)
    #expect(state.log.messages.isEmpty)
  }

  @Test func savedPlotsAreDocuments() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("stockpot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for kind in Self.kinds {
      var state = PlotData.state(columns: 100, rows: 30)
      state.plot.kind = kind
      let picture = PlotBoard(state: state, glyphs: .unicodeSet).content.picture
      let svg = folder.appendingPathComponent("\(kind.rawValue).svg").path
      try PlotFile.write(picture, to: svg, as: .svg, overwrite: false)
      let text = try String(contentsOfFile: svg, encoding: .utf8)
      #expect(text.hasPrefix("<?xml") || text.hasPrefix("<svg"))
      #expect(text.contains("</svg>"))
      #expect(throws: (any Error).self) {
        try PlotFile.write(picture, to: svg, as: .svg, overwrite: false)
      }
      let csv = folder.appendingPathComponent("\(kind.rawValue).csv").path
      try PlotFile.write(picture, to: csv, as: .csv)
      let lines = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n")
      #expect(lines.count > 3, "\(kind)")
    }
  }
}
