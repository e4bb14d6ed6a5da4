import Testing
import Themes

@testable import TerminalUI

@Suite struct ColorDepthTests {
  @Test(
    arguments: [
      (["TERM": "xterm-256color"], .indexed256), (["TERM": "xterm"], .ansi16), ([:], .none),
      (["TERM": "dumb", "COLORTERM": "truecolor"], .none), (["TERM": "vt100"], .none),
      (["TERM": "xterm-256color", "COLORTERM": "truecolor"], .truecolor),
      (["TERM": "xterm-256color", "COLORTERM": "24bit"], .truecolor),
      (["TERM": "xterm-kitty"], .truecolor), (["TERM": "alacritty"], .truecolor),
      (["TERM": "xterm-direct"], .truecolor), (["TERM": "linux"], .ansi16),
      (["TERM": "tmux-256color", "COLORTERM": "truecolor"], .indexed256),
      (["TERM": "screen.xterm-256color"], .indexed256),
      (["TERM": "xterm-256color", "COLORTERM": "truecolor", "TMUX": "/x,1,0"], .indexed256),
      (["TERM": "xterm-kitty", "NO_COLOR": "1"], .none),
      (["TERM": "xterm-kitty", "NO_COLOR": ""], .truecolor),
    ] as [([String: String], ColorDepth)])
  func detected(environment: [String: String], depth: ColorDepth) {
    #expect(ColorDepth.detect(environment: environment) == depth)
  }

  @Test func theUserComesFirst() {
    let plain = ["TERM": "xterm", "NO_COLOR": "1"]
    #expect(ColorDepth.detect(environment: plain, choice: .depth(.truecolor)) == .truecolor)
    #expect(ColorDepth.detect(environment: plain, configured: .indexed256) == .none)
    let tmux = ["TERM": "tmux-256color"]
    #expect(ColorDepth.detect(environment: tmux, configured: .truecolor) == .truecolor)
    #expect(ColorDepth.detect(environment: tmux, choice: .never, configured: .truecolor) == .none)
    #expect(ColorChoice(parsing: "256") == .depth(.indexed256))
    #expect(ColorChoice(parsing: "never") == .never)
    #expect(ColorChoice(parsing: "always") == .depth(.indexed256))
    #expect(ColorChoice(parsing: "mauve") == nil)
  }
}

@Suite struct ColorNumbersTests {
  @Test func coloursNeverExceedTheTerminal() {
    for count in [8, 16, 256] {
      let palette = ColorNumbers(numbering: .palette(count), hasDefaults: true)
      var random = Seeded(9)
      for index in UInt8.min...UInt8.max {
        let rgb = Color.rgb(
          .random(in: 0...255, using: &random), .random(in: 0...255, using: &random),
          .random(in: 0...255, using: &random))
        for color in [Color.indexed(index), rgb] {
          #expect((0..<Int32(count)).contains(palette.foreground(color).number))
          #expect((0..<Int32(count)).contains(palette.background(color).number))
        }
      }
      #expect(palette.background(.default).number == -1)
    }
  }

  @Test func whatTheTerminalHasIsAskedForAsItIs() {
    let full = ColorNumbers(numbering: .palette(256), hasDefaults: true)
    #expect(full.foreground(.indexed(214)) == ColorNumbers.Code(number: 214))
    #expect(full.foreground(.rgb(255, 0, 0)).number == 196)
    #expect(full.foreground(.rgb(8, 8, 8)).number == 232)
    let eight = ColorNumbers(numbering: .palette(8), hasDefaults: false)
    #expect(eight.foreground(.indexed(9)) == ColorNumbers.Code(number: 1, isBright: true))
    #expect(eight.foreground(.default).number == 7 && eight.background(.default).number == 0)
    let none = ColorNumbers(numbering: .none, hasDefaults: true)
    #expect(none.foreground(.rgb(1, 2, 3)).number == -1)
  }

  @Test func directNumbersAreDistinct() {
    let direct = ColorNumbers(numbering: .direct, hasDefaults: true)
    var seen = Set<Int32>()
    for index in UInt8.min...UInt8.max {
      #expect(seen.insert(direct.foreground(.indexed(index)).number).inserted)
    }
    for level in UInt8.min...UInt8.max {
      for color in [Color.rgb(0, 1, level), .rgb(0, 0, level), .rgb(level, 9, 9)] {
        let number = direct.foreground(color).number
        #expect(!seen.contains(number) && (0..<(1 << 24)).contains(number))
      }
    }
  }
}

@Suite struct ColorPairsTests {
  private func colors(_ number: Int32) -> ColorPairs.Colors {
    ColorPairs.Colors(foreground: number, background: -1)
  }

  @Test func pairsInUseKeepTheirNumbers() {
    var random = Seeded(10)
    var pairs = ColorPairs(capacity: 20)
    var onScreen: [ColorPairs.Colors: Int32] = [:]
    for _ in 0..<500 {
      let frame = Set((0..<15).map { _ in colors(.random(in: 0...200, using: &random)) })
      for wanted in frame {
        if pairs.number(of: wanted) == nil {
          if pairs.count >= pairs.capacity { pairs.keepOnly(frame) }
          let number = pairs.add(wanted)
          #expect(number.map { (1...20).contains($0) } == true)
        }
        if let before = onScreen[wanted] { #expect(pairs.number(of: wanted) == before) }
      }
      let numbers = frame.compactMap { pairs.number(of: $0) }
      #expect(Set(numbers).count == frame.count)
      onScreen = frame.reduce(into: [:]) { $0[$1] = pairs.number(of: $1) }
    }
  }

  @Test func moreThanTheTerminalHasIsRefused() {
    var pairs = ColorPairs(capacity: 2)
    #expect(pairs.add(colors(1)) == 1 && pairs.add(colors(2)) == 2 && pairs.add(colors(3)) == nil)
    #expect(pairs.number(of: .plain) == 0)
    pairs.keepOnly([colors(2)])
    #expect(pairs.number(of: colors(2)) == 2 && pairs.add(colors(3)) == 1)
  }
}

@Suite struct TruecolorEntryTests {
  @Test func theCompiledFormReadsBack() throws {
    let entry = TruecolorEntry(
      booleans: [true, false, true], numbers: [80, -1, 1 << 24],
      strings: [Array("\u{1B}[m".utf8), nil, Array("x".utf8)])
    let bytes = entry.compiled(name: "abc")
    func short(_ place: Int) -> Int {
      Int(Int16(truncatingIfNeeded: Int(bytes[place]) | Int(bytes[place + 1]) << 8))
    }
    #expect(short(0) == 0x21E)
    let names = short(2)
    #expect([short(4), short(6), short(8), short(10)] == [3, 3, 3, 6])
    #expect(String(decoding: bytes[12..<(12 + names)], as: UTF8.self).hasPrefix("abc|"))
    var place = 12 + names
    #expect(Array(bytes[place..<(place + 3)]) == [1, 0, 1])
    place += 3
    place += place % 2
    #expect([short(place), short(place + 4), short(place + 10)] == [80, -1, 256])
    place += 12
    #expect([short(place), short(place + 2), short(place + 4)] == [0, -1, 4])
    place += 6
    #expect(Array(bytes[place..<(place + 6)]) == Array("\u{1B}[m\0x\0".utf8))
    place += 6
    place += place % 2
    #expect((0..<5).map { short(place + 2 * $0) } == [1, 0, 0, 1, 4])
    #expect(bytes[place + 10] == 1)
    #expect(Array(bytes.suffix(4)) == Array("RGB\0".utf8))
  }

  @Test func base64IsRFC4648() {
    let pairs = ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foobar": "Zm9vYmFy"]
    for (text, encoded) in pairs {
      #expect(TruecolorEntry.base64(Array(text.utf8)) == encoded)
    }
  }
}
