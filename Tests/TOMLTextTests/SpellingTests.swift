import Testing

@testable import TOMLText

@Suite struct SpellingTests {
  @Test func editsAreCounted() {
    #expect(Spelling.edits("", "abc") == 3)
    #expect(Spelling.edits("kitten", "sitting") == 3)
    #expect(Spelling.edits("vla", "val") == 1)
    #expect(Spelling.edits("same", "same") == 0)
  }

  @Test func theNearestWordIsFoundAndNothingFarIs() {
    let commands = ["run", "report", "predict", "paths", "theme"]
    #expect(Spelling.nearest(to: "Reprot", among: commands) == "report")
    #expect(Spelling.nearest(to: "rnu", among: commands) == "run")
    #expect(Spelling.nearest(to: "patsh", among: commands) == "paths")
    #expect(Spelling.nearest(to: "xx", among: commands) == nil)
    #expect(Spelling.nearest(to: "landscape", among: commands) == nil)
    #expect(Spelling.nearest(to: "aun", among: ["sun", "fun", "run"]) == "fun")
    #expect(Spelling.nearest(to: "run", among: []) == nil)
  }
}
