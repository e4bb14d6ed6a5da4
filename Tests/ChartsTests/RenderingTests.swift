import Foundation
import Testing
import Themes

@testable import Charts

/// What holds for every frame, whatever the data and the size.
struct RenderingTests {
  @Test(arguments: PlotMarker.allCases)
  func everySizeIsDrawn(_ marker: PlotMarker) {
    let strange: [Double] = [
      .nan, .infinity, -.infinity, 0, -0.0, 1e300, -1e300, 1e-300, .greatestFiniteMagnitude,
      -.greatestFiniteMagnitude, .leastNonzeroMagnitude, 1, 1,
    ]
    var random = SplitMix(seed: 11)
    var charts = Scenes.all.map(\.chart)
    for _ in 0..<12 {
      func value() -> Double { strange.randomElement(using: &random) ?? 0 }
      let points = (0..<8).map { _ in ChartPoint(value(), value(), low: value(), high: value()) }
      let scales: [Axis.Scale] = [.linear, .log10]
      let axis = Axis("中\u{7}", scale: scales.randomElement(using: &random) ?? .linear)
      let kinds: [LineSeries.Kind] = [.line, .steps, .points, .bars]
      var lines = LineChart(
        series: kinds.map { LineSeries("\u{1B}[31m", points, kind: $0, smoothing: 0.5) },
        x: axis, y: axis, references: [ReferenceLine(value(), label: "r", look: 1)],
        events: [EventMark(x: value(), glyph: "✓", paint: .positive, isLine: true)],
        crosshair: value())
      lines.fillsBands = Bool.random(using: &random)
      charts.append(lines)
      let range = -1.0...1.0
      charts.append(
        HeatMap(
          values: (0..<3).map { _ in (0..<3).map { _ in value() } }, x: Axis(), y: Axis(),
          xRange: range, yRange: range))
      charts.append(
        ScatterChart(
          groups: [ScatterGroup("g", points.map { ScatterPoint("p", x: $0.x, y: $0.y) })],
          x: axis, y: axis, front: (.higher, .lower), selected: "p", diagonal: true))
      charts.append(BarChart.histogram(of: strange, x: axis))
    }
    charts += [
      LineChart(series: []), ScatterChart(groups: [], x: Axis(), y: Axis()),
      HeatMap(values: [], x: Axis(), y: Axis(), xRange: 0...0, yRange: 0...0),
      Matrix(rowNames: [], columnNames: [], values: []),
      BarChart(bars: [], x: Axis(), y: Axis()),
    ]
    let sizes = [(0, 0), (0, 5), (5, 0), (1, 1), (2, 2), (3, 9), (9, 3), (13, 4), (41, 13)]
    for chart in charts {
      for (columns, rows) in sizes {
        let frame = chart.render(columns: columns, rows: rows, marker: marker)
        #expect(frame.columns == columns && frame.rows == rows)
        for row in 0..<rows {
          for column in 0..<columns {
            let glyph = frame[column, row].glyph
            #expect(Character(glyph).isOneColumn)
            #expect(marker != .ascii || glyph.isASCII)
          }
        }
      }
      #expect(chart.render(columns: -3, rows: 4, marker: marker).columns == 0)
    }
  }

  /// The dots of a paint in a frame drawn in braille: for each dot column, the rows.
  static func dots(_ frame: ChartFrame, _ wanted: Set<Paint>) -> [Int: Set<Int>] {
    guard let plot = frame.plot else { return [:] }
    let order: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
    var dots: [Int: Set<Int>] = [:]
    for (row, line) in plot.rows.enumerated() {
      for (column, place) in plot.columns.enumerated() {
        let cell = frame[place, line]
        guard wanted.contains(cell.paint), (0x2800...0x28FF).contains(cell.glyph.value) else {
          continue
        }
        for (index, bit) in order.enumerated() where cell.glyph.value & bit != 0 {
          dots[column * 2 + index % 2, default: []].insert(row * 4 + index / 2)
        }
      }
    }
    return dots
  }

  @Test func spikesSurviveAnyNumberOfPoints() throws {
    var random = SplitMix(seed: 5)
    for round in 0..<40 {
      let count = Int.random(in: 2...6000, using: &random)
      let points = (0..<count).map {
        ChartPoint(Double($0), pow(Double.random(in: -1...1, using: &random), 9))
      }
      let chart = LineChart(
        series: [LineSeries("s", points)], y: Axis(padding: round.isMultiple(of: 2) ? 0 : 0.05),
        legend: .hidden)
      let frame = chart.render(columns: 70, rows: 16, marker: .braille)
      let plot = try #require(frame.plot)
      let rows = Self.dots(frame, [.series(0)]).values.reduce(into: Set()) { $0.formUnion($1) }
      let height = Double(plot.rows.count * 4 - 1)
      func row(_ value: Double) -> Int { Int(((1 - plot.y.unit(value)) * height).rounded()) }
      #expect(rows.min() == row(points.map(\.y).max() ?? .nan))
      #expect(rows.max() == row(points.map(\.y).min() ?? .nan))
    }
  }

  @Test func decimationDrawsTheSameDots() {
    var random = SplitMix(seed: 6)
    for _ in 0..<60 {
      let count = Int.random(in: 5...800, using: &random)
      var x = 0.0
      let points = (0..<count).map { _ in
        x += Double.random(in: 0...0.4, using: &random)
        return SIMD2(x, Double.random(in: 0...60, using: &random))
      }
      func canvas(_ points: [SIMD2<Double>]) -> [String] {
        var canvas = DotCanvas(columns: 40, rows: 16, marker: .braille)
        canvas.use(.series(0))
        for (start, end) in zip(points, points.dropFirst()) { canvas.line(from: start, to: end) }
        return (0..<16).map { row in
          (0..<40).map { canvas[$0, row].map { String($0.glyph) } ?? " " }.joined()
        }
      }
      let kept = Decimation.perColumn(points)
      #expect(kept.count <= 4 * Int(x + 2))
      #expect(canvas(kept) == canvas(points))
    }
  }

  @Test func linesAreCutAtTheEdgeNotDropped() throws {
    let line = LineSeries("s", [ChartPoint(0, 0), ChartPoint(100, 100)])
    let chart = LineChart(
      series: [line], x: Axis(range: .fixed(40...60), padding: 0),
      y: Axis(range: .fixed(30...70), padding: 0), legend: .hidden)
    let frame = chart.render(columns: 50, rows: 14, marker: .braille)
    let plot = try #require(frame.plot)
    let dots = Self.dots(frame, [.series(0)])
    #expect(dots.keys.sorted() == Array(0..<plot.columns.count * 2))
    let height = Double(plot.rows.count * 4 - 1)
    #expect(abs(Double(dots[0]?.max() ?? 0) - height * 0.75) <= 1)
    #expect(abs(Double(dots[plot.columns.count * 2 - 1]?.min() ?? 0) - height * 0.25) <= 1)
  }

  @Test func clippingKeepsWhatIsInside() {
    var random = SplitMix(seed: 8)
    let (low, high) = (SIMD2(-1.0, -1.0), SIMD2(1.0, 1.0))
    func isInside(_ place: SIMD2<Double>, _ slack: Double) -> Bool {
      abs(place.x) <= 1 + slack && abs(place.y) <= 1 + slack
    }
    for _ in 0..<2000 {
      func place() -> SIMD2<Double> {
        SIMD2(.random(in: -3...3, using: &random), .random(in: -3...3, using: &random))
      }
      let (start, end) = (place(), place())
      let samples = (0...400).map { start + (end - start) * (Double($0) / 400) }
      let inside = samples.filter { isInside($0, 0) }
      guard let (from, to) = Clip.segment(start, end, low: low, high: high) else {
        #expect(inside.count <= 1)
        continue
      }
      #expect(isInside(from, 1e-12) && isInside(to, 1e-12))
      // The samples inside lie between the ends of what is left.
      let direction = end - start
      let reach = ((from - start) * direction).sum()...((to - start) * direction).sum()
      for sample in inside {
        let along = ((sample - start) * direction).sum()
        #expect(along >= reach.lowerBound - 1e-9 && along <= reach.upperBound + 1e-9)
      }
    }
  }

  @Test func missingValuesBreakTheLineAndAreCounted() throws {
    let values = [1.0, 1, 1, .nan, .infinity, 1, 1]
    let points = values.enumerated().map { ChartPoint(Double($0), $1) }
    let chart = LineChart(
      series: [LineSeries("s", points)], x: Axis(range: .fixed(0...6), padding: 0))
    let frame = chart.render(columns: 60, rows: 12, marker: .braille)
    let dots = Self.dots(frame, [.series(0)])
    let columns = try #require(frame.plot).columns.count * 2
    func place(_ index: Int) -> Int { Int((Double(index) / 6 * Double(columns - 1)).rounded()) }
    #expect(dots[place(2)] != nil && dots[place(5)] != nil)
    for column in place(2) + 1..<place(5) { #expect(dots[column] == nil) }
    #expect(frame.text.contains("s (2 nan)"))
  }

  @Test(arguments: PlotMarker.allCases)
  func onePointAloneIsSeen(_ marker: PlotMarker) {
    for kind in [LineSeries.Kind.line, .steps, .points, .bars] {
      let chart = LineChart(series: [LineSeries("s", [ChartPoint(3, 0.5)], kind: kind)])
      let frame = chart.render(columns: 40, rows: 10, marker: marker)
      let seen = (0..<frame.rows).contains { row in
        frame.plot?.columns.contains { frame[$0, row].paint == .series(0) } ?? false
      }
      #expect(seen, "\(kind)")
    }
  }

  @Test func theEmphasisedSeriesIsDrawnWhole() throws {
    var alone = Scenes.accuracy
    let frame = alone.render(columns: 90, rows: 20, marker: .braille)
    let plot = try #require(frame.plot)
    alone.series = alone.series.filter(\.emphasis)
    alone.references = []
    alone.x.range = .fixed(plot.x.bounds)
    alone.y.range = .fixed(plot.y.bounds)
    let whole = alone.render(columns: 90, rows: 20, marker: .braille)
    for row in plot.rows {
      for column in plot.columns where whole[column, row].paint == .emphasis(0) {
        #expect(frame[column, row] == whole[column, row])
      }
    }
  }

  @Test func legendsGiveWayAndStayOffTheData() {
    var random = SplitMix(seed: 9)
    for _ in 0..<60 {
      let series = (0..<Int.random(in: 1...9, using: &random)).map { index in
        LineSeries(
          String(repeating: "name", count: Int.random(in: 1...8, using: &random)),
          (0..<9).map { ChartPoint(Double($0), Double(($0 * index) % 7)) }, glyph: "●")
      }
      let chart = LineChart(series: series, y: Axis("a title"))
      let columns = Int.random(in: 10...120, using: &random)
      let rows = Int.random(in: 4...30, using: &random)
      let frame = chart.render(columns: columns, rows: rows, marker: .braille)
      guard let plot = frame.plot else { continue }
      for row in plot.rows {
        for column in plot.columns { #expect(frame[column, row].paint != .legend) }
      }
      let lines = frame.text.split(separator: "\n", omittingEmptySubsequences: false)
      let head = lines[..<max(1, plot.rows.lowerBound)].joined()
      if columns >= 50 { #expect(head.contains("na") || plot.columns.upperBound < columns) }
    }
  }

  @Test func stackedPlotsAlign() throws {
    var (upper, lower) = (Scenes.accuracy, Scenes.smoothed)
    let size = (columns: 80, rows: 12)
    let gutter = max(
      upper.naturalGutter(columns: size.columns, rows: size.rows, marker: .braille),
      lower.naturalGutter(columns: size.columns, rows: size.rows, marker: .braille))
    upper.y.gutter = gutter
    lower.y.gutter = gutter
    let frames = [upper, lower].map {
      $0.render(columns: size.columns, rows: size.rows, marker: .braille)
    }
    #expect(frames[0].plot?.columns == frames[1].plot?.columns)
    #expect(frames[0].plot?.columns.lowerBound == gutter + 2)
  }

  @Test func aPlaceInTheFrameIsAValueAndBack() throws {
    let plot = try #require(Scenes.accuracy.render(columns: 77, rows: 20, marker: .braille).plot)
    for column in plot.columns { #expect(plot.column(ofX: plot.x(atColumn: column)) == column) }
    #expect(plot.column(ofX: plot.x.bounds.upperBound * 2) == nil)
  }

  @Test func theCrosshairReadsTheNearestPoints() {
    let readings = Scenes.accuracy.values(at: 9.6)
    #expect(readings.map(\.name) == ["greedy soup", "ensemble", "uniform", "ingredient"])
    #expect(readings.allSatisfy { $0.point.x == 10 })
    #expect(readings.map(\.look) == [0, 1, 2, 4])
    var chart = Scenes.accuracy
    chart.series.append(LineSeries("empty", [ChartPoint(1, .nan)]))
    #expect(chart.values(at: 1).count == 4)
  }
}
