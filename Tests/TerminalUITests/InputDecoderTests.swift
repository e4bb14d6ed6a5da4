import TerminalUI
import Testing

/// What a terminal sends, and what it means.
private let dictionary: [(bytes: String, events: [InputEvent])] = [
  ("a", [.key(KeyPress("a"))]), ("Z", [.key(KeyPress("Z"))]), (" ", [.key(KeyPress(" "))]),
  ("é", [.key(KeyPress("é"))]), ("中", [.key(KeyPress("中"))]), ("🍲", [.key(KeyPress("🍲"))]),
  ("\r", [.key(KeyPress(.enter))]), ("\t", [.key(KeyPress(.tab))]),
  ("\u{7F}", [.key(KeyPress(.backspace))]), ("\u{12}", [.key(KeyPress("r", .ctrl))]),
  ("\u{0}", [.key(KeyPress(" ", .ctrl))]), ("\u{1F}", [.key(KeyPress("_", .ctrl))]),
  ("\u{1B}x", [.key(KeyPress("x", .alt))]), ("\u{1B}\r", [.key(KeyPress(.enter, .alt))]),
  ("\u{1B}é", [.key(KeyPress("é", .alt))]),
  ("\u{1B}\u{12}", [.key(KeyPress("r", [.ctrl, .alt]))]),
  ("\u{1B}[A", [.key(KeyPress(.up))]), ("\u{1B}OB", [.key(KeyPress(.down))]),
  ("\u{1B}[1;5C", [.key(KeyPress(.right, .ctrl))]),
  ("\u{1B}[1;4D", [.key(KeyPress(.left, [.shift, .alt]))]),
  ("\u{1B}[Z", [.key(KeyPress(.tab, .shift))]), ("\u{1B}[H", [.key(KeyPress(.home))]),
  ("\u{1B}[3$x", [.key(KeyPress(.delete, .shift)), .key(KeyPress("x"))]),
  ("\u{1B}[4~", [.key(KeyPress(.end))]), ("\u{1B}[5;2~", [.key(KeyPress(.pageUp, .shift))]),
  ("\u{1B}[3~", [.key(KeyPress(.delete))]), ("\u{1B}[8^", [.key(KeyPress(.end, .ctrl))]),
  ("\u{1B}OP", [.key(KeyPress(.function(1)))]), ("\u{1B}[[E", [.key(KeyPress(.function(5)))]),
  ("\u{1B}[15~", [.key(KeyPress(.function(5)))]),
  ("\u{1B}[24;5~", [.key(KeyPress(.function(12), .ctrl))]),
  ("\u{1B}[1;2P", [.key(KeyPress(.function(1), .shift))]),
  ("\u{1B}[97;5u", [.key(KeyPress("a", .ctrl))]), ("\u{1B}[97;2u", [.key(KeyPress("A"))]),
  ("\u{1B}[27;5;9~", [.key(KeyPress(.tab, .ctrl))]),
  ("\u{1B}[I", [.focus(true)]), ("\u{1B}[O", [.focus(false)]),
  ("\u{1B}[<0;250;7M", [.mouse(MouseEvent(.press(.left), at: Point(column: 249, row: 6)))]),
  ("\u{1B}[<2;1;1m", [.mouse(MouseEvent(.release(.right), at: .zero))]),
  ("\u{1B}[<32;3;4M", [.mouse(MouseEvent(.drag(.left), at: Point(column: 2, row: 3)))]),
  ("\u{1B}[<35;3;4M", [.mouse(MouseEvent(.move, at: Point(column: 2, row: 3)))]),
  ("\u{1B}[<64;9;9M", [.mouse(MouseEvent(.scrollUp, at: Point(column: 8, row: 8)))]),
  ("\u{1B}[<69;9;9M", [.mouse(MouseEvent(.scrollDown, at: Point(column: 8, row: 8), .shift))]),
  ("\u{1B}[M !!", [.mouse(MouseEvent(.press(.left), at: .zero))]),
  ("\u{1B}]11;rgb:1e1e/2020/ffff\u{1B}\\", [.report(.background(red: 30, green: 32, blue: 255))]),
  ("\u{1B}]11;rgb:f/0/8\u{7}", [.report(.background(red: 255, green: 0, blue: 136))]),
  ("\u{1B}[?997;2n", [.report(.appearance(isDark: false))]),
  ("\u{1B}[200~two\nlines \u{1B}[A é\u{1B}[201~", [.paste("two\nlines \u{1B}[A é")]),
  ("\u{1B}[200~\u{1B}[201~", [.paste("")]),
  ("\u{1B}[?2026;2$y", []), ("\u{1B}P1$r0m\u{1B}\\", []), ("\u{1B}]0;title\u{7}", []),
  ("\u{1B}[?1;2c", []), ("\u{1B}[12;40R", []), ("\u{1B}[999~", []),
]

@Suite struct InputDecoderTests {
  private func decode(_ bytes: some Sequence<UInt8>) -> [InputEvent] {
    var decoder = InputDecoder()
    return decoder.decode(bytes) + decoder.flush()
  }

  @Test(arguments: dictionary.indices)
  func meaning(of index: Int) {
    let (bytes, events) = dictionary[index]
    #expect(decode(bytes.utf8) == events)
  }

  @Test func aBurstOfEverythingDecodesWhole() {
    let burst = dictionary.flatMap { Array($0.bytes.utf8) }
    let expected = dictionary.flatMap(\.events)
    let many = Array(repeating: burst, count: 4).joined()
    #expect(Array(many).count > 1_000)
    #expect(decode(many) == Array(repeating: expected, count: 4).flatMap(\.self))
  }

  @Test func aBurstSplitAtAnyByteDecodesTheSame() {
    let burst = dictionary.flatMap { Array($0.bytes.utf8) }
    let expected = dictionary.flatMap(\.events)
    for split in 0...burst.count {
      var decoder = InputDecoder()
      let events = decoder.decode(burst[..<split]) + decoder.decode(burst[split...])
      #expect(events == expected, "split at \(split)")
      #expect(!decoder.isWaiting)
    }
    var decoder = InputDecoder()
    #expect(burst.flatMap { decoder.decode(CollectionOfOne($0)) } == expected)
  }

  @Test func escapeAloneIsSettledByTheCaller() {
    var decoder = InputDecoder()
    #expect(decoder.decode([0x1B]) == [])
    #expect(decoder.isWaiting && decoder.patience == .milliseconds(25))
    #expect(decoder.flush() == [.key(KeyPress(.escape))])
    #expect(!decoder.isWaiting && decoder.patience == nil)
    #expect(decoder.decode([0x1B, 0x1B]) == [.key(KeyPress(.escape))])
    #expect(decoder.flush() == [.key(KeyPress(.escape))])
    #expect(decoder.decode([0x1B, 0x5B]) == [])
    #expect(decoder.flush() == [.key(KeyPress("[", .alt))])
    #expect(decoder.decode([0x1B, 0x4F]) == [])
    #expect(decoder.flush() == [.key(KeyPress("O", .alt))])
  }

  @Test func aReportThatASlowLineCutsIsNotTakenForKeys() {
    var decoder = InputDecoder()
    #expect(decoder.decode(Array("\u{1B}]11;rgb:1e1e/20".utf8)) == [])
    #expect(decoder.patience == .milliseconds(500))
    let rest = decoder.decode(Array("20/2e2e\u{7}q".utf8))
    #expect(rest == [.report(.background(red: 30, green: 32, blue: 46)), .key(KeyPress("q"))])
  }

  @Test func escapeThenAnArrowAreTwoKeys() {
    #expect(decode("\u{1B}\u{1B}[A".utf8) == [.key(KeyPress(.escape)), .key(KeyPress(.up))])
  }

  @Test func aLongPasteIsCutButEnds() {
    var bytes = Array("\u{1B}[200~".utf8)
    bytes += Array(repeating: UInt8(ascii: "x"), count: InputDecoder.pasteLimit + 500)
    bytes += Array("\u{1B}[201~q".utf8)
    let events = decode(bytes)
    #expect(events.count == 2 && events.last == .key(KeyPress("q")))
    guard case .paste(let text)? = events.first else {
      Issue.record("no paste")
      return
    }
    #expect(text.utf8.count == InputDecoder.pasteLimit)
  }

  @Test func noInputMakesItFailOrForgetTheNextKey() {
    var random = Seeded(8)
    let likely = Array("\u{1B}[]O<;0123456789MmPu~$?\u{7}\\:/rgb".utf8)
    for _ in 0..<4_000 {
      var decoder = InputDecoder()
      let isNoise = Bool.random(using: &random)
      let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
        isNoise
          ? UInt8.random(in: 0...255, using: &random) : likely.randomElement(using: &random) ?? 0
      }
      _ = decoder.decode(bytes)
      _ = decoder.flush()
      // Whatever came before, a paste at most apart, the next key is understood.
      _ = decoder.decode(Array("\u{1B}[201~".utf8))
      _ = decoder.flush()
      #expect(decoder.decode([UInt8(ascii: "k")]) == [.key(KeyPress("k"))])
    }
  }

  @Test func invalidUTF8IsPassedOver() {
    #expect(
      decode([0xFF, 0x80, 0xC3, 0x28, 0xED, 0xA0, 0x80, 0x61]) == [
        .key(KeyPress("(")), .key(KeyPress("a")),
      ])
    #expect(decode([0xC2, 0x9B, 0x61]) == [.key(KeyPress("a"))])
  }
}

@Suite struct KeyPressTests {
  @Test func namesRoundTrip() {
    let keys: [Key] =
      [
        .enter, .escape, .tab, .backspace, .delete, .insert, .up, .down, .left, .right, .home, .end,
        .pageUp, .pageDown, .function(1), .function(12),
      ] + "aZ5/-+ é中".map { .character($0) }
    for key in keys {
      for bits in 0..<8 {
        let modifiers = KeyModifiers(rawValue: UInt8(bits))
        if case .character(let character) = key,
          modifiers.contains(.shift) || modifiers.contains(.ctrl) && character.isUppercase
        {
          continue
        }
        let press = KeyPress(key, modifiers)
        #expect(KeyPress(parsing: press.description) == press, "\(press)")
      }
    }
  }

  @Test func otherSpellings() {
    #expect(KeyPress(parsing: "Ctrl+R") == KeyPress("r", .ctrl))
    #expect(KeyPress(parsing: "C-r") == KeyPress("r", .ctrl))
    #expect(KeyPress(parsing: "shift-a") == KeyPress("A"))
    #expect(KeyPress(parsing: "M-S-tab") == KeyPress(.tab, [.alt, .shift]))
    #expect(KeyPress(parsing: "-") == KeyPress("-"))
    #expect(KeyPress(parsing: "ctrl--") == KeyPress("-", .ctrl))
    #expect(KeyPress(parsing: "pagedown") == KeyPress(.pageDown))
    for wrong in ["", "ctrl-", "hyper-x", "enterr", "f0", "f99", "ctrl-alt", "f+5", "\u{7}"] {
      #expect(KeyPress(parsing: wrong) == nil, "\(wrong)")
    }
  }
}
