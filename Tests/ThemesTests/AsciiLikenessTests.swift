import Testing
import Themes

struct AsciiLikenessTests {
  @Test func asciiStandsInForEverything() {
    for value in UInt32(0)...0x2FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      #expect(scalar.asciiLikeness.isASCII)
      if scalar.isASCII { #expect(scalar.asciiLikeness == scalar) }
    }
  }

  @Test func signsKeepTheirSense() {
    func likeness(_ text: String) -> String {
      String(String.UnicodeScalarView(text.unicodeScalars.map(\.asciiLikeness)))
    }
    #expect(likeness("╭─ soup ─╮│╰╯┏━┓┃╔═╗║") == "+- soup -+|+++-+|+=+|")
    #expect(likeness("4 jobs · −0.5…") == "4 jobs - -0.5~")
    #expect(likeness("±2 × θ0 ≤ 90 → ‹x›") == "~2 x 00 < 90 > <x>")
    #expect(likeness("█▊▌▒░⠀⠁⣿") == "##==. ..")
    #expect(likeness("●○▲▼✓✗★“’中") == "*o^v+x*\"'?")
  }
}
