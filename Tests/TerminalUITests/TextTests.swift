import Glibc
import TerminalUI
import Testing

@Suite struct TextTests {
  @Test func widthsAgreeWithTheCLibraryForWhatIsDrawn() throws {
    setlocale(LC_CTYPE, "C.UTF-8")
    // Hidden from Swift by the feature macros of the C library's headers.
    let symbol = try #require(dlsym(nil, "wcwidth"))
    let wcwidth = unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
    let ranges: [ClosedRange<UInt32>] = [
      0x20...0x7E, 0xA1...0xAC, 0xAE...0x2FF, 0x370...0x373, 0x400...0x482, 0x2190...0x21FF,
      0x2500...0x25FC, 0x2800...0x28FF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x1F300...0x1F3FA,
      0x1FB00...0x1FB3B, 0x300...0x36F, 0x3041...0x3096,
    ]
    for scalar in ranges.joined().compactMap(Unicode.Scalar.init) {
      let expected = Int(wcwidth(Int32(scalar.value)))
      let wide = TextWidth.columns(of: scalar)
      #expect(wide == expected, "U+\(String(scalar.value, radix: 16))")
    }
    for sign: Unicode.Scalar in ["●", "▲", "■", "◆", "✚", "▼", "○", "✓", "✗", "★", "⚠", "…", "·"] {
      #expect(TextWidth.columns(of: sign) == 1)
    }
  }

  @Test func knownWidths() {
    #expect(TextWidth.columns(of: "中文") == 4)
    #expect(TextWidth.columns(of: "e\u{301}") == 1)
    #expect(TextWidth.columns(of: "👨‍👩‍👧") == 2)
    #expect(TextWidth.columns(of: "🇩🇪") == 2)
    #expect(TextWidth.columns(of: "❤️") == 1)
    #expect(TextWidth.columns(of: "👍🏽") == 2)
    #expect(TextWidth.columns(of: "\u{1B}[31mred") == 7)
    #expect(TextWidth.columns(of: "") == 0)
  }

  @Test func sanitizedTextCannotCommandATerminal() {
    var random = Seeded(5)
    var texts = hardTexts
    for _ in 0..<2_000 {
      var view = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...20, using: &random) {
        let limit: UInt32 = [0x100, 0x2100, 0x20000, 0x10FFFF].randomElement(using: &random) ?? 0
        if let scalar = Unicode.Scalar(UInt32.random(in: 0...limit, using: &random)) {
          view.append(scalar)
        }
      }
      texts.append(String(view))
    }
    for text in texts {
      let clean = TextWidth.sanitize(text)
      for scalar in clean.unicodeScalars {
        let value = scalar.value
        #expect(value >= 0x20 && !(0x7F..<0xA0).contains(value))
        #expect(!(0x200B...0x200F).contains(value) && !(0x2028...0x202E).contains(value))
        #expect(!(0x2060...0x206F).contains(value) && value != 0x61C && value != 0xFEFF)
      }
      #expect(TextWidth.sanitize(clean) == clean)
      #expect(TextWidth.columns(of: clean) == TextWidth.columns(of: text))
    }
  }

  @Test(arguments: [Elision.none, .tail, .middle])
  func elidedTextFits(elision: Elision) {
    for text in hardTexts {
      let full = TextWidth.columns(of: text)
      for columns in 0...(full + 2) {
        let fitted = TextWidth.elide(text, to: columns, elision)
        #expect(TextWidth.columns(of: fitted) <= columns)
        #expect(TextWidth.sanitize(fitted) == fitted)
        if full <= columns, columns > 0 { #expect(fitted == TextWidth.sanitize(text)) }
        if full > columns, columns > 0, elision != .none { #expect(fitted.contains("…")) }
      }
    }
  }

  @Test func elisionKeepsTheTellingEnds() {
    #expect(TextWidth.elide("checkpoint-0042.pt", to: 9, .middle) == "chec…2.pt")
    #expect(TextWidth.elide("checkpoint-0042.pt", to: 9, .tail) == "checkpoi…")
    #expect(TextWidth.elide("checkpoint-0042.pt", to: 9, .none) == "checkpoin")
    #expect(TextWidth.elide("中文字幕", to: 5, .middle) == "中…幕")
    #expect(TextWidth.elide("abc", to: 1, .middle) == "…")
  }

  @Test func wrappedLinesFitAndLoseNoWord() {
    let prose =
      "Souping averages the weights of several fine-tuned models 中文 and "
      + "antidisestablishmentarianism\n  indented line\n\nend"
    for columns in 1...90 {
      let lines = WordWrap.lines(prose, columns: columns)
      for line in lines { #expect(TextWidth.columns(of: line) <= columns) }
      if columns >= 2 {
        let letters = lines.joined().filter { $0 != " " }
        #expect(letters == prose.filter { !$0.isWhitespace })
      }
    }
    #expect(
      WordWrap.lines("one two  three\n  four", columns: 8) == ["one two", "three", "  four"])
    #expect(WordWrap.lines("abcdefghij kl", columns: 4) == ["abcd", "efgh", "ij", "kl"])
    #expect(WordWrap.lines("", columns: 8) == [""])
  }

  @Test func hardTextWrapsWithoutEnd() {
    for text in hardTexts {
      for columns in 0...6 {
        for line in WordWrap.lines(text, columns: columns) {
          #expect(TextWidth.columns(of: line) <= columns)
        }
      }
    }
  }

  @Test func filterFindsAllWordsInAnyOrder() {
    let filter = TextFilter("lr adam")
    #expect(filter.matches(in: "AdamW-lr3e-5") == [0..<4, 6..<8])
    #expect(filter.matches(in: "sgd-lr3e-5") == nil)
    #expect(TextFilter("Adam").matches(in: "adam") == nil)
    #expect(TextFilter("Adam").matches(in: "x Adam") == [2..<6])
    #expect(TextFilter("ab bc").matches(in: "abc") == [0..<3])
    #expect(TextFilter("  ").matches(in: "anything") == [])
    #expect(TextFilter("İ").matches(in: "aİb") == [1..<2])
  }
}
