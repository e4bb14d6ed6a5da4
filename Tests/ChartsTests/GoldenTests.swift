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
}
