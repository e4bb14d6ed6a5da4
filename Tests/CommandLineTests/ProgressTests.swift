import Testing

@testable import stockpot

@Suite struct ProgressTests {
  @Test func theBarFillsAndTheTimeThatIsLeftIsSaid() {
    let bar = ProgressBar(title: "reading")
    #expect(
      bar.text(share: 0, seconds: 0) == "reading " + String(repeating: "─", count: 24) + "   0 %")
    let half = String(repeating: "#", count: 12) + String(repeating: ".", count: 12)
    #expect(bar.text(share: 0.5, seconds: 30, ascii: true) == "reading \(half)  50 %, 30 s left")
    #expect(bar.text(share: 0.25, seconds: 3600).hasSuffix(" 25 %, 3.0 h left"))
    #expect(bar.text(share: 0.9, seconds: 5400).hasSuffix(" 90 %, 10 min left"))
  }

  @Test func aLongTitleIsCutSoThatTheLineNeverWraps() {
    let title = String(repeating: "long ", count: 40)
    let text = ProgressBar(title: title).text(share: 0.5, seconds: 30, columns: 60)
    #expect(text.count == 59 && text.contains("…") && text.hasSuffix(" 50 %, 30 s left"))
    let narrow = ProgressBar(title: title).text(share: 0.5, seconds: 30, columns: 10)
    #expect(!narrow.contains("long"))
  }

  @Test(arguments: [-1, 0, 0.04, 1, 1.5, .nan, .infinity])
  func nothingIsPromisedAtTheEnds(share: Double) {
    let text = ProgressBar(title: "x").text(share: share, seconds: 10)
    #expect(!text.contains("left") && text.hasSuffix(" %"))
    #expect(text.count == "x ".count + 24 + "   0 %".count)
  }
}
