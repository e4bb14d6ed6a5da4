import Testing

@testable import TOMLText

@Suite struct TOMLTextTests {
  @Test func placesAreFoundInEveryForm() {
    let places = TOMLPlaces(
      """
      # [no.header]
      a = "x # no comment" # b = 1
      "quoted key" . 'other' = '''
      c = 1
      ''' # end
        d.e = [ "f = 1", [ 1, 2 ], # g = 2
          { h = 1, i = { j = \"\"\"k\\\"\"\" = 2\"\"\" } } ]
      [[l . "m"]]
      n = 1979-05-27 07:32:00
      """)
    func place(_ path: String...) -> String? {
      places.places[path].map { "\($0.line):\($0.column)" }
    }
    #expect(place("a") == "2:1")
    #expect(place("quoted key", "other") == "3:16")
    #expect(place("d", "e") == "6:5")
    #expect(place("d", "e", "2", "h") == "7:7")
    #expect(place("d", "e", "2", "i", "j") == "7:20")
    #expect(place("l", "m") == "8:7")
    #expect(place("l", "m", "n") == "9:1")
    #expect(places.places.count == 16)
  }

  @Test func placesOfElementsAndOfWhatIsMissing() {
    let text = """
      # a comment with [brackets] = and "quotes"
      top = 1
      [one."two.x"] # after
      'key' = \"\"\"
      [not.a.table]
      inner = 1\"\"\"
      list = [ { a = "]", b = [1, 2] },  # why
        'x' ]
      dotted . key = { c = 'it is' }
      """
    let places = TOMLPlaces(text)
    #expect(places[["top"]] == .init(line: 2, column: 1))
    #expect(places[["one", "two.x", "key"]] == .init(line: 4, column: 1))
    #expect(places[["not", "a", "table"]] == nil)
    #expect(places[["one", "two.x", "list", "0", "b", "1"]] == .init(line: 7, column: 29))
    #expect(places[["one", "two.x", "list", "1"]] == .init(line: 8, column: 3))
    #expect(places[["one", "two.x", "dotted", "key", "c"]] == .init(line: 9, column: 18))
    #expect(places[["one", "two.x", "dotted", "key", "zzz"]] == .init(line: 9, column: 10))
  }

  /// The parser itself would end the process on these.
  @Test(arguments: [("[=]", 1, 2), ("a = [}", 1, 6), ("a = 1\n[ = ]", 2, 3), ("[]", 1, 2)])
  func whatNoParserMayBeGivenIsRefused(text: String, line: Int, column: Int) {
    let flaw = #expect(throws: TOMLFlaw.self) { try TOMLText(text) }
    #expect(flaw?.place == .init(line: line, column: column))
  }

  @Test(arguments: ["a = ", "a = 1\na = 2", "\0", "[a"]) func mistakesAreTold(text: String) {
    let flaw = #expect(throws: TOMLFlaw.self) { try TOMLText(text) }
    #expect(flaw?.problem.isEmpty == false)
  }

  @Test(arguments: ["[", "{ a = "]) func towersAreRefused(up: String) {
    let text = "a = " + String(repeating: up, count: 100_000)
    #expect(throws: TOMLFlaw.self) { try TOMLText(text) }
  }
}
