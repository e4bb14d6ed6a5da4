import Testing
import Themes

@testable import Charts

/// Every plot against a frame that was looked at, in every marker, large and small.
struct GoldenTests {
  @Test(arguments: Scenes.all.map(\.name), PlotMarker.allCases)
  func plots(_ name: String, _ marker: PlotMarker) throws {
    let chart = try #require(Scenes.all.first { $0.name == name }).chart
    try Golden.check(
      chart.render(columns: 90, rows: 20, marker: marker), "\(name)-\(marker)-90x20")
    try Golden.check(
      chart.render(columns: 30, rows: 6, marker: marker), "\(name)-\(marker)-30x6")
  }

  @Test func landscapeWithoutColours() throws {
    var map = Scenes.landscape
    map.shading = .glyphs
    try Golden.check(
      map.render(columns: 60, rows: 14, marker: .braille), "landscape-glyphs-60x14")
  }

  @Test func strips() throws {
    var frame = ChartFrame(columns: 24, rows: 0)
    var text: [String] = []
    frame = StripChart.sparkline(
      [0, 1, 2, .nan, 3, 4, 5, 6, 7, 8], columns: 24, marker: .braille)
    text.append(frame.text)
    frame = StripChart.sparkline(
      (0..<100).map { Double($0 % 10) }, columns: 10, marker: .ascii)
    text.append(frame.text)
    let verdicts: [StripChart.Verdict] = [.accepted, .rejected, .skipped, .accepted, .pending]
    text.append(StripChart.decisions(verdicts, columns: 9, glyphs: .unicodeSet).text)
    text.append(StripChart.decisions(verdicts, columns: 3, glyphs: .unicodeSet).text)
    text.append(StripChart.decisions(verdicts, columns: 9, glyphs: .asciiSet).text)
    text.append(
      StripChart.bar(0.63, columns: 10, interval: 0.5...0.8, marker: .braille).text)
    text.append(StripChart.bar(0.63, columns: 10, marker: .ascii).text)
    #expect(
      text == [
        "▁▂▃ ▄▅▅▆▇█", "##########", "✓✗·✓◌", "…✓◌", "+x.+?", "██████▎╌", "######",
      ])
  }
}
