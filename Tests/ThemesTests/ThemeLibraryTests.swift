import Foundation
import Testing

@testable import Themes

/// Finding themes, joining them to their parents, fitting them to terminals.
struct ThemeLibraryTests {
  private let library = ThemeLibrary()

  /// A folder of theme files that is removed with the closure's end.
  private func withThemes(_ files: [String: String], _ body: (ThemeLibrary) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("stockpot-themes-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      let file = folder.appendingPathComponent(name + ".toml")
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    try body(ThemeLibrary(folders: [folder]))
  }

  @Test(arguments: ThemeLibrary.builtins, ColorDepth.allCases)
  func everyBuiltinFitsEveryTerminal(_ name: String, _ depth: ColorDepth) throws {
    for unicode in [true, false] {
      let theme = try library.load(named: name, depth: depth, unicode: unicode)
      #expect(theme.name == name)
      let colors =
        Token.allCases.flatMap { [theme[$0].foreground, theme[$0].background] }
        + theme.gradientNames.flatMap { name in
          (0...40).map { theme.gradient(name, at: Double($0) / 40) }
        } + (0..<9).map { theme.series($0).style.foreground }
      for color in colors {
        switch color.kind {
        case .default: break
        case .indexed(let index): #expect(depth > .ansi16 || depth == .ansi16 && index < 16)
        case .rgb: #expect(depth == .truecolor)
        }
      }
      if !unicode {
        let glyphs = theme.glyphs
        #expect(glyphs.spinner.allSatisfy { $0.isASCII } && glyphs.plot == .ascii)
        #expect(GlyphNames.all.allSatisfy { glyphs[keyPath: $0.value].isASCII })
        #expect(glyphs.mark.isASCII && glyphs.border == .ascii)
        #expect((0..<20).allSatisfy { theme.series($0).glyph.isASCII })
      }
    }
  }

  @Test func theRootThemesNameEveryToken() throws {
    for name in ["dark", "mono"] {
      let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
      let text = try String(
        contentsOf: folder.appendingPathComponent("themes/\(name).toml"), encoding: .utf8)
      let document = try ThemeReader.read(text, file: name, name: name)
      let missing = Token.allCases.filter { document.looks[$0] == nil }
      #expect(missing == [], "\(name)")
    }
  }

  @Test(arguments: ThemeLibrary.builtins.filter { $0 != "mono" })
  func selectionAndFocusAreSeenWithoutColour(_ name: String) throws {
    let theme = try library.load(named: name, depth: .none)
    #expect(theme[.selection].attributes.contains(.reverse) || name == "high-contrast")
    #expect(theme[.selection].attributes != theme[.text].attributes)
    #expect(theme[.titleFocus].attributes != theme[.title].attributes)
    #expect(theme[.buttonFocus].attributes.contains(.reverse))
  }

  @Test func aThemeOnlySaysWhatItChanges() throws {
    try withThemes([
      "mine": """
      [meta]
      extends = "light"
      [palette]
      sky = "#ff0000"
      [ui]
      border = { fg = "sky", attrs = ["dim"] }
      """
    ]) { library in
      #expect(library.names.contains("mine"))
      let mine = try library.load(named: "mine", depth: .truecolor)
      let light = try library.load(named: "light", depth: .truecolor)
      #expect(mine.appearance == .light)
      #expect(mine[.text] == light[.text])
      #expect(mine[.border].attributes == .dim)
      // A palette's name is looked up after joining, so the parent's uses of it follow.
      #expect(mine[.accent].foreground == .rgb(255, 0, 0))
      #expect(mine[.accent].background == light[.text].background)
    }
  }

  @Test func aThemeWithoutAParentStandsOnTheOneOfItsAppearance() throws {
    try withThemes(["pale": "[meta]\nappearance = \"light\"\n"]) { library in
      let pale = try library.load(named: "pale", depth: .indexed256)
      let light = try library.load(named: "light", depth: .indexed256)
      #expect(pale[.error] == light[.error])
    }
  }

  @Test func aUsersThemeMayExtendTheBuiltinItHides() throws {
    try withThemes([
      "dark": "[meta]\nextends = \"dark\"\n[ui]\ntext = \"#fff\"\n",
      "a": "[meta]\nextends = \"b\"\n", "b": "[meta]\nextends = \"a\"\n",
    ]) { library in
      let dark = try library.load(named: "dark", depth: .truecolor)
      #expect(dark[.text].foreground == .rgb(255, 255, 255))
      let error = #expect(throws: ThemeError.self) {
        try library.load(named: "a", depth: .truecolor)
      }
      #expect(error?.problem.contains("extends itself") == true)
    }
    let unknown = #expect(throws: ThemeError.self) {
      try library.load(named: "drak", depth: .truecolor)
    }
    #expect(unknown?.description.contains("Did you mean \"dark\"?") == true)
  }

  @Test func transparentLeavesTheGroundToTheTerminal() throws {
    let theme = try library.load(named: "dark", depth: .truecolor, transparent: true)
    #expect(theme[.text].background == .default && theme[.background].background == .default)
    #expect(theme[.selection].background != .default)
    #expect(theme.canvas == RGB(hex: "#14161f"))
  }

  @Test func seriesDifferByColourOrGlyphAndTakeAnyNumber() throws {
    let theme = try library.load(named: "dark", depth: .truecolor)
    let pairs = (-60..<60).map { theme.series($0) }
    #expect(Set(pairs[60..<60 + 49]).count == 49)
    #expect(theme.series(-7).style == theme.series(0).style)
  }

  @Test func gradientsRunFromEndToEndInFewSteps() throws {
    let theme = try library.load(named: "dark", depth: .truecolor)
    let steps = (0...1000).map { theme.gradient("heat", at: Double($0) / 1000) }
    #expect(Set(steps).count <= 32)
    #expect(steps.first == .rgb(0x2b, 0x1f, 0x4a) && steps.last == .rgb(0xfd, 0xe7, 0x25))
    #expect(theme.gradient("heat", at: -3) == steps.first)
    #expect(theme.gradient("heat", at: .infinity) == steps.last)
    #expect(theme.gradient("heat", at: .nan) == .default)
    #expect(theme.gradient("nothing of the kind", at: 1) == steps.last)
    #expect(theme.ink(on: .rgb(250, 250, 200)) != theme.ink(on: .rgb(20, 20, 60)))
  }

  @Test(
    arguments: ["dark", "light", "high-contrast", "cvd-dark", "cvd-light"],
    [ColorDepth.truecolor, .indexed256])
  func sequentialGradientsGoOneWayInLightness(_ name: String, _ depth: ColorDepth) throws {
    let theme = try library.load(named: name, depth: depth)
    for gradient in ["heat", "accuracy", "loss"] {
      for vision in ColorVision.allCases {
        let lightness = (0..<32).map { step in
          let color = theme.gradient(gradient, at: Double(step) / 31)
          return OKLab(vision.seen(theme.seen(color))).lightness
        }
        let isRising = (lightness.first ?? 0) < (lightness.last ?? 0)
        for (left, right) in zip(lightness, lightness.dropFirst()) {
          #expect((isRising ? right - left : left - right) > -0.03, "\(gradient) \(vision)")
        }
        #expect(abs((lightness.first ?? 0) - (lightness.last ?? 0)) > 0.4)
      }
    }
  }

  @Test func explicitFallbacksWin() throws {
    try withThemes([
      "x": """
      [ui]
      text = { rgb = "#123456", c256 = 77, ansi = "red" }
      muted = { fg = { rgb = "#ff0000" }, attrs = ["bold"], mono = ["underline"] }
      accent = 200
      """
    ]) { library in
      let full = try library.load(named: "x", depth: .truecolor)
      let cube = try library.load(named: "x", depth: .indexed256)
      let plain = try library.load(named: "x", depth: .ansi16)
      let none = try library.load(named: "x", depth: .none)
      #expect(full[.text].foreground == .rgb(0x12, 0x34, 0x56))
      #expect(cube[.text].foreground == .indexed(77))
      #expect(plain[.text].foreground == .indexed(1))
      #expect(none[.text].foreground == .default)
      #expect(cube[.muted].foreground == .indexed(196))
      #expect(full[.muted].attributes == .bold)
      #expect(none[.muted].attributes == .underline)
      #expect(full[.accent].foreground == .indexed(200))
      #expect(plain[.accent].foreground == .indexed(5))
    }
  }
}
