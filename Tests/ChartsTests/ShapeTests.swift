import Foundation
import Testing
import Themes

@testable import Charts

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Fronts, fields, contours, matrices, and the files charts are saved as.
struct ShapeTests {
  @Test func theFrontIsWhatNothingBetters() {
    var random = SplitMix(seed: 41)
    for _ in 0..<200 {
      let points = (0..<Int.random(in: 0...30, using: &random)).map { _ in
        (
          x: Double(Int.random(in: 0...8, using: &random)),
          y: Double(Int.random(in: 0...8, using: &random))
        )
      }
      for (x, y) in [(1.0, 1.0), (1, -1), (-1, 1), (-1, -1)] {
        let slow = points.indices.filter { index in
          !points.indices.contains { other in
            let (a, b) = (points[other], points[index])
            let isNoWorse = a.x * x >= b.x * x && a.y * y >= b.y * y
            return isNoWorse && (a.x != b.x || a.y != b.y || other < index)
          }
        }
        let front = ScatterChart.paretoFront(
          points, x: x > 0 ? .higher : .lower, y: y > 0 ? .higher : .lower)
        #expect(Set(front) == Set(slow))
      }
    }
  }

  @Test func coincidingPointsShowTheirNumber() {
    let points = [(1, 1), (1, 1), (1, 1), (2, 2)].map {
      ScatterPoint("p", x: Double($0.0), y: Double($0.1))
    }
    let chart = ScatterChart(groups: [ScatterGroup("g", points)], x: Axis(), y: Axis())
    let frame = chart.render(columns: 40, rows: 12, marker: .braille)
    let glyphs = (0..<12).flatMap { row in
      (frame.plot?.columns ?? 0..<0).filter { frame[$0, row].paint == .series(0) && row > 0 }
        .map { frame[$0, row].glyph }
    }
    #expect(Set(glyphs) == ["3", "●"])
  }

  @Test func fieldsReproducePlanes() {
    let plane = (0..<4).map { row in (0..<6).map { 2 * Double($0) - 3 * Double(row) } }
    let field = GridField(plane, x: 0...5, y: 0...3)
    var random = SplitMix(seed: 42)
    for _ in 0..<500 {
      let (x, y) = (
        Double.random(in: 0...5, using: &random), Double.random(in: 0...3, using: &random)
      )
      #expect(abs((field.value(x: x, y: y) ?? .nan) - (2 * x - 3 * y)) < 1e-12)
    }
    #expect(field.value(x: 5.6, y: 1) == nil && field.value(x: 1, y: -0.6) == nil)
    let pieces = field.contour(at: 1.5)
    #expect(pieces.count >= 4)
    for place in pieces.flatMap({ [$0.0, $0.1] }) {
      #expect(abs(2 * place.x - 3 * place.y - 1.5) < 1e-9)
    }
    #expect(field.contour(at: 100).isEmpty)
  }

  @Test func unmeasuredPlacesStayBlank() {
    let field = GridField([[1, .nan, 3], [1, 2]], x: 0...2, y: 0...1)
    #expect(field.value(x: 0, y: 0) == 1)
    #expect(field.value(x: 1, y: 0) == nil)
    #expect(field.value(x: 2, y: 1) == nil)
    #expect(GridField([], x: 0...1, y: 0...1).value(x: 0, y: 0) == nil)
    #expect(GridField([[7]], x: 0...0, y: 0...0).value(x: 0, y: 0) == 7)
  }

  @Test func saddlesAreSplitNotCrossed() {
    let field = GridField([[1, 0], [0, 1]], x: 0...1, y: 0...1)
    for level in [0.4, 0.6] {
      let pieces = field.contour(at: level)
      #expect(pieces.count == 2)
      // The corners that are joined lie on one side of both pieces.
      let isHighJoined = level < 0.5
      for (start, end) in pieces {
        let middle = ((start.x + end.x) / 2, (start.y + end.y) / 2)
        let isNearLow = abs(middle.0 - (1 - middle.1)) < 0.2 && abs(middle.0 - 0.5) > 0.1
        #expect(isNearLow == isHighJoined)
      }
    }
  }

  @Test(arguments: [(4, 4), (8, 3), (20, 5), (60, 8), (200, 80)])
  func theSelectedCellIsAlwaysShown(_ columns: Int, _ rows: Int) {
    let names = (0..<72).map { "ingredient-\($0)" }
    let values = (0..<72).map { row in (0..<72).map { Double((row * 7 + $0) % 90) } }
    var matrix = Matrix(
      rowNames: names, columnNames: names, values: values, shading: .glyphs,
      selected: (row: 70, column: 41))
    let frame = matrix.render(columns: columns, rows: rows, marker: .braille)
    if columns >= 20 { #expect(frame.paintText.contains("c")) }
    matrix.selected = (row: 900, column: -4)
    _ = matrix.render(columns: columns, rows: rows, marker: .ascii)
  }

  @Test func histogramsCountEveryValueOnce() {
    var random = SplitMix(seed: 43)
    for bins in [1, 7, 40] {
      let values = (0..<500).map { _ in Double.random(in: -3...9, using: &random) }
      let chart = BarChart.histogram(of: values + [.nan, .infinity], x: Axis(), bins: bins)
      #expect(chart.bars.count == bins)
      #expect(chart.bars.map(\.value).reduce(0, +) == 500)
      for bar in chart.bars.dropLast() {
        let inside = values.filter { $0 >= bar.range.lowerBound && $0 < bar.range.upperBound }
        #expect(abs(Double(inside.count) - bar.value) <= 1)
      }
    }
  }

  @Test(arguments: Scenes.all.map(\.name))
  func everyPlotIsSavedAsSVGThatParses(_ name: String) throws {
    let chart = try #require(Scenes.all.first { $0.name == name }).chart
    let theme = try ThemeLibrary().load(named: "light", depth: .truecolor)
    for (width, height) in [(720, 420), (64, 64), (0, -5)] {
      let svg = chart.svg(width: width, height: height, palette: SVGPalette(theme))
      let reader = ElementCounter()
      let parser = XMLParser(data: Data(svg.utf8))
      parser.delegate = reader
      #expect(parser.parse(), "\(name): \(String(describing: parser.parserError))")
      #expect(reader.counts["svg"] == 1 && !svg.contains("nan") && !svg.contains("inf"))
      if width == 720 { #expect((reader.counts["text"] ?? 0) > 5) }
    }
  }

  @Test func savedWordsAreEscaped() throws {
    let theme = try ThemeLibrary().load(named: "dark", depth: .truecolor)
    let name = "a<b>&\"c\"\u{1B}[0m\u{FFFE}"
    let chart = LineChart(series: [LineSeries(name, [ChartPoint(0, 1), ChartPoint(1, 2)])])
    let svg = chart.svg(width: 300, height: 200, palette: SVGPalette(theme))
    #expect(svg.contains(">a&lt;b&gt;&amp;&quot;c&quot;[0m<"))
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    #expect(svg.contains("#e9b018"))
  }

  @Test func savedNumbersReadBack() {
    let points = [ChartPoint(0.1, 1 / 3.0, low: 0.25), ChartPoint(1, .nan)]
    let chart = LineChart(
      series: [LineSeries("a,\"b\"\nc", points)], x: Axis("step"), y: Axis())
    #expect(
      chart.csv() == """
        series,step,y,low,high
        "a,""b""
        c",0.1,0.3333333333333333,0.25,
        "a,""b""
        c",1.0,nan,,

        """)
    #expect(Scenes.landscape.csv().split(separator: "\n").count == 1 + 9 * 13)
    #expect(Scenes.angles.csv().hasPrefix("row,column,value\nft-00,ft-00,nan\nft-00,ft-01,53.0"))
    #expect(Scenes.scatter.csv().split(separator: "\n").count == 63)
  }
}

/// Counts elements by name.
private final class ElementCounter: NSObject, XMLParserDelegate {
  private(set) var counts: [String: Int] = [:]

  func parser(
    _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    counts[elementName, default: 0] += 1
  }
}
