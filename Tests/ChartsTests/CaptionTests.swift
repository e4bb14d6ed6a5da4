import Testing
import Themes

@testable import Charts

/// Axis titles and the names of levels beside what they speak of.
struct CaptionTests {
  private func chart(_ title: String, references: [ReferenceLine] = []) -> LineChart {
    LineChart(
      series: [LineSeries("a", [ChartPoint(0, 0.5), ChartPoint(1, 0.6)])],
      x: Axis(title, range: .fixed(0...1), padding: 0), y: Axis(format: .percent),
      references: references)
  }

  private func lines(_ chart: LineChart, _ columns: Int, _ rows: Int) -> [String] {
    chart.render(columns: columns, rows: rows, marker: .braille).text
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test func aTitleCostsNoLabels() {
    for columns in 30...120 {
      for rows in 4...24 {
        let bare = lines(chart(""), columns, rows)
        let titled = lines(chart("soup → ingredient"), columns, rows)
        let labels = bare[rows - 1].split(separator: " ")
        let isBelow = titled[rows - 1].trimmingPrefix { $0 == " " } == "soup → ingredient"
        let row = titled[isBelow ? rows - 2 : rows - 1]
        #expect(row.split(separator: " ").starts(with: labels), "\(columns)×\(rows): \(row)")
        #expect(rows < 10 || titled.contains { $0.contains("soup → ingredient") })
      }
    }
  }

  /// Close to each other or not, from the highest down, none further than a row from its line.
  @Test func namesOfLevelsStandInTheirOrder() {
    for gap in [0.0001, 0.002, 0.01, 0.03] {
      let levels = [("ensemble", 1.0), ("this soup", 2), ("best single", 3)].map {
        ReferenceLine(0.52 + gap * $0.1, label: $0.0, look: Int($0.1))
      }
      for rows in 8...40 {
        let chart = chart("t", references: levels)
        let frame = chart.render(columns: 70, rows: rows, marker: .braille)
        let text = lines(chart, 70, rows)
        let found = levels.reversed().compactMap { level in
          text.firstIndex { $0.contains(level.label) }.map { (level, $0) }
        }
        #expect(found.map(\.1) == found.map(\.1).sorted(), "\(text.joined(separator: "\n"))")
        #expect(found.count == 3 || rows < 20, "\(text.joined(separator: "\n"))")
        for (level, row) in found {
          guard let plot = frame.plot else { continue }
          let line =
            plot.rows.lowerBound
            + plot.y.row(of: level.value, rows: plot.rows.count, marker: .braille)
          #expect(abs(line - row) <= 1, "\(level.label)\n\(text.joined(separator: "\n"))")
        }
      }
    }
  }

  /// Names stay whole where rows can be spared for them.
  @Test func aLegendTakesTheRowsItNeeds() {
    let names = (0..<4).map { "soup → ingredient_0\($0)" }
    let chart = LineChart(
      series: names.map { LineSeries($0, [ChartPoint(0, 0.5), ChartPoint(1, 0.6)]) },
      y: Axis("loss at β on val"))
    for columns in 50..<90 {
      let text = lines(chart, columns, 24).joined(separator: "\n")
      #expect(names.allSatisfy(text.contains), "\(text)")
      #expect(!lines(chart, columns, 9).joined().contains("ingredient_03"))
    }
  }
}
