import Foundation
import Testing

@testable import Themes

/// Reading theme files: what is accepted, and where errors point.
struct ThemeReadingTests {
  private func read(_ text: String) throws -> ThemeDocument {
    try ThemeReader.read(text, file: "t.toml", name: "t")
  }

  private func failure(_ text: String) -> ThemeError? {
    do {
      _ = try read(text)
      return nil
    } catch {
      return error as? ThemeError
    }
  }

  @Test(arguments: [
    ("[ui]\nbordr = \"#fff\"", 2, 1, "ui.bordr: unknown key. Did you mean \"border\"?"),
    ("[nonsense]", 1, 2, "nonsense: unknown key. Known: meta"),
    ("[palette]\na = { rgb = \"#123456\", ansy = \"red\" }", 2, 24, "Did you mean \"ansi\"?"),
    ("[palette]\na = { ansi = \"gren\" }", 2, 7, "unknown value \"gren\". Did you mean \"green\"?"),
    ("[palette]\na = \"#12345\"", 2, 1, "\"#12345\" is not a colour"),
    ("[palette]\na = 256", 2, 1, "not an index"),
    ("[palette]\na = {}", 2, 1, "without a value"),
    ("[palette]\na = true", 2, 1, "not a colour"),
    ("[ui]\n\n  text = { attrs = [\"bold\", \"blink\"] }", 3, 29, "unknown value \"blink\""),
    ("[ui]\ntext = { glyph = \"x\" }", 2, 10, "unknown key"),
    ("[meta]\nappearance = \"dim\"", 2, 1, "unknown value \"dim\""),
    ("[series]\nglyphs = [\"a\",\n  \"中\"]", 3, 3, "not one character of one column"),
    ("[series]\nglyphs = [\"a\", \"e\u{301}\"]", 2, 16, "not one character"),
    ("[series]\nascii = [\"●\"]", 2, 10, "not an ASCII character"),
    ("[series]\ncolors = []", 2, 1, "not a list"),
    ("[gradient]\nheat = [\"#000\"]", 2, 1, "1 stops"),
    ("[gradient]\nheat = { c256 = [1, 2] }", 2, 1, "without stops"),
    ("[gradient]\nheat = { stops = [\"#000\", \"#fff\"], c256 = [300] }", 2, 44, "not an index"),
    ("[glyphs]\nborder = \"wavy\"", 2, 1, "unknown value"),
    ("[glyphs]\ntick = { glyph = \"✓✓\" }", 2, 10, "not one character"),
    ("meta = 3", 1, 1, "not a table"),
  ])
  func errorsNameTheirPlace(_ text: String, _ line: Int, _ column: Int, _ words: String) throws {
    let error = try #require(failure(text))
    #expect(error.line == line)
    #expect(error.column == column)
    #expect(error.description.contains(words), "\(error)")
  }

  @Test func syntaxErrorsHaveThePlaceOfTheParser() throws {
    let error = try #require(failure("[ui]\ntext = \"#fff\nmuted = 3"))
    #expect(error.line == 2)
    #expect(failure("[ui]\ntext = \"a\0b\"")?.problem == "a NUL byte in the text")
  }

  @Test func unknownColourNamesPointAtTheirUse() throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("stockpot-\(UUID().uuidString).toml")
    defer { try? FileManager.default.removeItem(at: file) }
    try "[palette]\nrose = \"#f00\"\n[ui]\nerror = \"ros\"\n".write(
      to: file, atomically: true, encoding: .utf8)
    let error = #expect(throws: ThemeError.self) {
      try ThemeLibrary().load(file: file, depth: .truecolor)
    }
    #expect(error?.line == 4)
    #expect(error?.description.contains("Did you mean \"rose\"?") == true)
  }

  @Test func palettesMayNotNameThemselvesInACircle() throws {
    let document = try read("[palette]\na = \"b\"\nb = \"a\"\n[ui]\ntext = \"a\"")
    #expect(throws: ThemeError.self) {
      try ThemeResolver.theme(document, depth: .truecolor, unicode: true, transparent: false)
    }
  }

  /// The parser itself would end the process on these.
  @Test(arguments: ["[=]", "a = [}", "[palette]\n[ = ]", "[]"])
  func whatNoParserMayBeGivenIsRefused(text: String) {
    let error = #expect(throws: ThemeError.self) { try read(text) }
    #expect(error?.line != nil && error?.mend != nil)
  }

  @Test func brokenTextEndsInAnErrorNotACrash() throws {
    var random = SplitMix(seed: 7)
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let whole = try String(
      contentsOf: folder.appendingPathComponent("themes/dark.toml"), encoding: .utf8)
    let scalars = Array(whole.unicodeScalars)
    var (read, refused) = (0, 0)
    for _ in 0..<300 {
      var broken = scalars
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<broken.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: broken.remove(at: place)
        case 1: broken[place] = scalars[Int.random(in: 0..<scalars.count, using: &random)]
        default: broken.removeSubrange(place...)
        }
        if broken.isEmpty { broken = scalars }
      }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: broken)
      do {
        _ = try self.read(String(text))
        read += 1
      } catch {
        #expect(error is ThemeError)
        refused += 1
      }
    }
    #expect(read > 0 && refused > 0)
  }
}

/// A small seeded generator (Steele, Lea and Flood 2014).
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
