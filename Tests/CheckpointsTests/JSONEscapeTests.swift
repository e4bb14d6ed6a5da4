import Checkpoints
import Testing

@Suite struct JSONEscapeTests {
  @Test(arguments: [
    ("\"", "\""), ("\\", "\\"), ("/", "/"), ("b", "\u{8}"), ("f", "\u{C}"), ("n", "\n"),
    ("r", "\r"),
    ("t", "\t"), ("u0041", "A"), ("u00e9", "é"), ("u20AC", "€"), ("ud83c\\udf72", "🍲"),
  ])
  func standsFor(_ escape: String, _ character: String) throws {
    var position = 0
    let bytes = Array(escape.utf8)
    let read = try JSONEscape.read(bytes, at: &position)
    #expect(read.bytes == Array(character.utf8) && !read.isHalfAPair)
    #expect(position == bytes.count)
  }

  /// What follows half a pair is still to be read.
  @Test(arguments: [
    ("ud83c", 5), ("udf72\"", 5), ("ud83cx", 5), ("ud83c\\u0041", 5), ("ud83c\\n", 5),
  ])
  func halfAPairIsNoCharacter(_ escape: String, _ end: Int) throws {
    var position = 0
    let read = try JSONEscape.read(Array(escape.utf8), at: &position)
    #expect(read.bytes == Array("\u{FFFD}".utf8) && read.isHalfAPair)
    #expect(position == end)
  }

  @Test(arguments: [
    ("", JSONEscape.Malformed.unfinished, 0), ("x", .unknown, 0), ("U0041", .unknown, 0),
    ("u00", .notHexadecimal, 3), ("u+041", .notHexadecimal, 1), ("ud83c\\u12", .notHexadecimal, 9),
  ])
  func faultsSayWhere(_ escape: String, _ fault: JSONEscape.Malformed, _ place: Int) {
    var position = 0
    #expect(throws: fault) { try JSONEscape.read(Array(escape.utf8), at: &position) }
    #expect(position == place)
  }
}
