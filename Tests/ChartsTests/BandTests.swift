import Testing
import Themes

@testable import Charts

/// Confidence bands as grounds of colour.
struct BandTests {
  private func chart(halfWidth: Double) -> LineChart {
    let points = (0...20).map { place in
      let y = 0.3 + Double(place) / 50
      return ChartPoint(Double(place), y, low: y - halfWidth, high: y + halfWidth)
    }
    var chart = LineChart(
      series: [LineSeries("val", points, kind: .points)], y: Axis(range: .fixed(0...1)))
    chart.fillsBands = true
    return chart
  }

  /// Which halves of a column's cells are tinted, from the top.
  private func halves(_ column: Int, of frame: ChartFrame) throws -> [Bool] {
    let plot = try #require(frame.plot)
    return plot.rows.flatMap { row -> [Bool] in
      let cell = frame[column, row]
      if cell.background == .band(0) { return [true, true] }
      guard cell.paint == .ground(0) else { return [false, false] }
      return [cell.glyph == "▀", cell.glyph == "▄"]
    }
  }

  @Test(arguments: [0.25, 0.1, 0.06])
  func aFilledBandIsAsHighAsTheIntervalToHalfACell(_ halfWidth: Double) throws {
    let frame = chart(halfWidth: halfWidth).render(columns: 60, rows: 24, marker: .braille)
    let plot = try #require(frame.plot)
    #expect(!frame.text.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) }, "no dots")
    let expected = 2 * halfWidth * Double(2 * plot.rows.count)
    for column in plot.columns {
      let halves = try halves(column, of: frame)
      // A point takes a cell of its column over.
      guard !plot.rows.contains(where: { frame[column, $0].glyph == "●" }) else { continue }
      #expect(abs(Double(halves.count { $0 }) - expected) <= 1.1, "\(column)")
      let middle = 0.3 + plot.x(atColumn: column) / 50
      let place = Int((1 - middle) * Double(halves.count))
      #expect(halves[min(place, halves.count - 1)])
    }
  }

  @Test func aNarrowBandIsNotBroken() throws {
    let frame = chart(halfWidth: 1e-6).render(columns: 60, rows: 24, marker: .braille)
    let plot = try #require(frame.plot)
    for column in plot.columns
    where !plot.rows.contains(where: { frame[column, $0].glyph == "●" }) {
      #expect(try halves(column, of: frame).count { $0 } == 1)
    }
  }

  /// ASCII has no half of a cell, and a terminal without such colours gets edges too.
  @Test func elsewhereEdgesAreDrawn() {
    func hasEdges(_ chart: LineChart, _ marker: PlotMarker) -> Bool {
      let frame = chart.render(columns: 60, rows: 24, marker: marker)
      return (0..<frame.rows).contains { row in
        (0..<frame.columns).contains { frame[$0, row].paint == .band(0) }
      }
    }
    var chart = chart(halfWidth: 0.1)
    #expect(!hasEdges(chart, .braille) && !hasEdges(chart, .quadrant) && hasEdges(chart, .ascii))
    chart.fillsBands = false
    #expect(hasEdges(chart, .braille))
  }
}
