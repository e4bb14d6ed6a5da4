import Testing

@testable import Themes

/// Colour arithmetic against independent values, and the built-in themes against the floors.
struct ColorTests {
  @Test func oklabAgreesWithItsAuthor() {
    // Values of the reference implementation at bottosson.github.io/posts/oklab.
    let values: [(String, Double, Double, Double)] = [
      ("#ffffff", 1, 0, 0), ("#000000", 0, 0, 0), ("#ff0000", 0.62796, 0.22486, 0.12585),
      ("#00ff00", 0.86644, -0.23389, 0.17950), ("#0000ff", 0.45201, -0.03246, -0.31153),
    ]
    for (hex, lightness, a, b) in values {
      guard let rgb = RGB(hex: hex) else {
        Issue.record("\(hex)")
        continue
      }
      let lab = OKLab(rgb)
      #expect(lab.distance(to: OKLab(lightness: lightness, a: a, b: b)) < 1e-4, "\(hex)")
      #expect(lab.rgb == rgb)
    }
  }

  @Test func contrastIsTheOneOfTheGuidelines() throws {
    let white = RGB(255, 255, 255)
    #expect(abs(white.contrast(with: RGB(0, 0, 0)) - 21) < 1e-9)
    let grey = try #require(RGB(hex: "#777"))
    #expect(abs(grey.contrast(with: white) - 4.478) < 1e-3)
    #expect(RGB(hex: "#12") == nil && RGB(hex: "123456") == nil && RGB(hex: "#+12345") == nil)
    #expect(RGB(1, 171, 205).description == "#01abcd")
  }

  @Test func theCubeHoldsItsOwnColours() {
    var random = SplitMix(seed: 3)
    for index in UInt8(16)...255 {
      let color = TerminalPalette.color(index)
      #expect(TerminalPalette.color(TerminalPalette.nearest256(to: color)) == color)
    }
    for _ in 0..<200 {
      let color = RGB(
        .random(in: 0...255, using: &random), .random(in: 0...255, using: &random),
        .random(in: 0...255, using: &random))
      let lab = OKLab(color)
      let found = OKLab(TerminalPalette.color(TerminalPalette.nearest256(to: color)))
      let least = (UInt8(16)...255).map { lab.distance(to: OKLab(TerminalPalette.color($0))) }.min()
      #expect(found.distance(to: lab) == least)
    }
  }

  @Test(arguments: [
    ("#ff8080", 9), ("#802020", 1), ("#7aaef5", 12), ("#8fce7e", 10), ("#000000", 0),
    ("#666666", 8), ("#ffffff", 15),
  ])
  func sixteenColoursKeepTheHue(_ hex: String, _ index: UInt8) throws {
    let color = try #require(RGB(hex: hex))
    #expect(TerminalPalette.nearest16(to: color) == index)
  }

  @Test func colourVisionLeavesGreysAndMergesWhatItMust() throws {
    for vision in ColorVision.allCases {
      for level in stride(from: UInt8(0), through: 250, by: 25) {
        let seen = vision.seen(RGB(level, level, level))
        let parts = [seen.red, seen.green, seen.blue].map { abs(Int($0) - Int(level)) }
        #expect(parts.allSatisfy { $0 <= 1 })
      }
    }
    // Computed independently with NumPy from the matrices of Machado and others at severity 1.
    let red = RGB(255, 0, 0)
    #expect(ColorVision.protanopia.seen(red) == RGB(109, 95, 0))
    #expect(ColorVision.deuteranopia.seen(red) == RGB(163, 144, 0))
    #expect(ColorVision.tritanopia.seen(red) == RGB(255, 0, 15))
  }

  @Test(arguments: ThemeLibrary.builtins, [ColorDepth.truecolor, .indexed256])
  func builtinsCanBeReadByEveryone(_ name: String, _ depth: ColorDepth) throws {
    let check = ThemeCheck(try ThemeLibrary().load(named: name, depth: depth))
    #expect(check.faults == [])
    if !["mono", "ansi16"].contains(name) {
      #expect(check.contrasts.count > 30 && check.separations.count >= 40)
    }
  }

  @Test func highContrastReadsAtSevenToOne() throws {
    let check = ThemeCheck(try ThemeLibrary().load(named: "high-contrast", depth: .truecolor))
    let text = check.contrasts.filter { $0.floor >= 4.5 }
    #expect(text.count > 30)
    #expect(text.filter { $0.ratio < 7 }.map(\.name) == [])
  }

  @Test func theCheckFindsFaults() throws {
    let text = """
      [ui]
      text = "#333333"
      [series]
      colors = ["#b00000", "#00aa00", "#b00404"]
      """
    let document = try ThemeReader.read(text, file: "bad", name: "bad")
    let theme = try ThemeResolver.theme(
      document, depth: .truecolor, unicode: true, transparent: false)
    let faults = ThemeCheck(theme).faults
    #expect(faults.contains { $0.hasPrefix("text: contrast 1.66 of #333333 on #000000") })
    #expect(faults.contains { $0.hasPrefix("series 1 and 3 look alike (common)") })
  }

  @Test func onlyNarrowCharactersAreGlyphs() {
    let narrow: [Character] = ["a", "é", "●", "⠿", "█", "✓", "…", "θ"]
    let others: [Character] = ["中", "🍲", "e\u{301}", "\u{200B}", "\n", "\u{7F}", "👩‍🍳", "ａ"]
    #expect(narrow.allSatisfy { $0.isOneColumn })
    #expect(others.allSatisfy { !$0.isOneColumn })
  }
}
