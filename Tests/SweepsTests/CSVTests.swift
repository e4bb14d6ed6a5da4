import Testing

@testable import Sweeps

@Suite struct CSVTests {
  private func parse(_ text: String) throws -> CSV { try CSV(parsing: text.utf8) }

  @Test func theFormsOfTheStandard() throws {
    let table = try parse("\u{FEFF}a,\"b \"\"x\"\"\",c\r\n1,\"two,\r\nlines\",\r\n\r\n,\"\", 3 ")
    #expect(table.header == ["a", "b \"x\"", "c"])
    #expect(table.rows.map(\.fields) == [["1", "two,\r\nlines", ""], ["", "", " 3 "]])
    #expect(table.rows.map(\.line) == [2, 5])
    #expect(try parse("a\n").rows.isEmpty)
    #expect(try parse(",a\n0,1\n").header == ["index", "a"])
  }

  @Test(arguments: [
    ("", 1, "empty"), ("\n\n", 1, "empty"), ("a,b\n1\n", 2, "1 fields where the header has 2"),
    ("a\n1,2\n", 2, "2 fields"), ("a,a\n", 1, "two columns"), ("a,,b\n", 1, "column 2 has no name"),
    ("a\n\"x\n\n", 2, "not closed"), ("a\n\"x\"y\n", 2, "follows a closing quote"),
    ("a\nx\"y\"\n", 2, "quote inside"),
  ])
  func mistakesHaveALine(text: String, line: Int, problem: String) {
    let error = #expect(throws: CSV.Malformed.self) { try parse(text) }
    #expect(error?.line == line)
    #expect(error?.problem.contains(problem) == true)
  }

  @Test func bytesThatAreNoTextAreRefused() {
    #expect(throws: CSV.Malformed.self) { try CSV(parsing: [0x61, 0x0A, 0xFF, 0x0A]) }
  }

  @Test func whatIsWrittenIsReadBack() throws {
    var random = Seeded(9)
    for _ in 0..<300 {
      let width = Int.random(in: 1...4, using: &random)
      let header = (0..<width).map { "h\($0)" }
      let rows = (0..<Int.random(in: 0...5, using: &random)).map { _ in
        // Of one empty field alone a line cannot be told from a blank one.
        (0..<width).map { _ in
          String(
            (0...Int.random(in: 0...4, using: &random)).map { _ in
              "a,\"\né 1".randomElement(using: &random) ?? "a"
            })
        }
      }
      let end = Bool.random(using: &random) ? "\r\n" : "\n"
      let text = ([header] + rows).map { fields in
        fields.map { field in
          field.contains { ",\"\n".contains($0) } || Bool.random(using: &random)
            ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
        }.joined(separator: ",")
      }.joined(separator: end)
      #expect(try parse(text).rows.map(\.fields) == rows)
    }
  }
}
