import Foundation
import Testing

@testable import Sweeps

@Suite struct FilesTests {
  @Test func numbersInNamesCount() {
    let names = ["m10", "m9", "m09", "a", "m", "m9b", "M1", "m1.5", "m1.10", "é", "m00"]
    #expect(
      names.sorted(by: naturallyPrecedes)
        == ["M1", "a", "m", "m00", "m1.5", "m1.10", "m09", "m9", "m9b", "m10", "é"])
    var random = Seeded(2)
    for _ in 0..<2000 {
      let words = (0..<3).map { _ in
        String((0..<4).map { _ in "01a9".randomElement(using: &random) ?? "a" })
      }
      // A strict order, total on different words.
      #expect(!naturallyPrecedes(words[0], words[0]))
      let (first, second) = (naturalKey(of: words[0]), naturalKey(of: words[1]))
      if first != second {
        #expect(
          first.lexicographicallyPrecedes(second) == naturallyPrecedes(words[0], words[1]))
      }
      if words[0] != words[1] {
        #expect(naturallyPrecedes(words[0], words[1]) != naturallyPrecedes(words[1], words[0]))
      }
      if naturallyPrecedes(words[0], words[1]), naturallyPrecedes(words[1], words[2]) {
        #expect(naturallyPrecedes(words[0], words[2]))
      }
    }
  }

  @Test func valuesSortByKind() {
    let values: [HyperValue] = [
      .text("m10"), .number(2), .bool(true), .null, .text("m9"), .number(-1), .bool(false),
    ]
    #expect(
      values.sorted() == [
        .null, .bool(false), .bool(true), .number(-1), .number(2), .text("m9"), .text("m10"),
      ])
    #expect(
      values.sorted().map(\.description) == ["–", "false", "true", "-1", "2", "m9", "m10"])
    #expect(HyperValue.number(0.001).description == "0.001")
    #expect(HyperValue.number(1e300).description == "1e+300")
  }

  @Test func patternsMatchByComponent() throws {
    let folder = try TemporaryFolder()
    try folder.touch(
      "run[1]/a10.pt", "run[1]/a9.pt", "run[1]/.hidden.pt", "run[1]/deep/er/a1.pt", "run[1]/b.txt")
    let base = folder.path + "/run[1]"
    func found(_ pattern: String) -> [String] {
      glob(pattern, in: base).map { String($0.dropFirst(base.count + 1)) }
    }
    #expect(found("*.pt") == ["a9.pt", "a10.pt"])
    #expect(found("a?.pt") == ["a9.pt"])
    #expect(found("a[0-8]*.pt") == ["a10.pt"])
    #expect(found("**/*.pt") == ["a9.pt", "a10.pt", "deep/er/a1.pt"])
    #expect(found("./deep/../*.txt") == ["b.txt"])
    #expect(found(".*.pt") == [".hidden.pt"])
    #expect(found("none/*") == [])
    #expect(glob(folder.path + "/run*/b.txt", in: "/elsewhere") == [base + "/b.txt"])
  }

  @Test func foldersFollowTheSpecification() {
    let plain = StockpotPaths(environment: ["HOME": "/h"])
    #expect(plain.config == "/h/.config/stockpot")
    #expect(plain.state == "/h/.local/state/stockpot")
    #expect(plain.data == "/h/.local/share/stockpot")
    #expect(plain.cache == "/h/.cache/stockpot")
    let set = StockpotPaths(
      environment: ["XDG_STATE_HOME": "/s/", "XDG_CACHE_HOME": "relative", "XDG_DATA_HOME": ""],
      home: "/other")
    #expect(set.state == "/s/stockpot")
    #expect(set.cache == "/other/.cache/stockpot")
    #expect(set.data == "/other/.local/share/stockpot")
  }

  @Test func aReadOnlySweepKeepsItsLedgerElsewhere() throws {
    let folder = try TemporaryFolder()
    let sweep = folder.path + "/sweep"
    try folder.touch("sweep/a.pt")
    let paths = StockpotPaths(environment: ["XDG_STATE_HOME": folder.path + "/state"])
    #expect(paths.workFolder(ofSweepAt: sweep) == sweep + "/.stockpot")
    #expect(chmod(sweep, 0o555) == 0)
    defer { chmod(sweep, 0o755) }
    let fallback = paths.workFolder(ofSweepAt: sweep)
    #expect(fallback.hasPrefix(folder.path + "/state/stockpot/sweeps/sweep-"))
    #expect(fallback == paths.workFolder(ofSweepAt: sweep))
    #expect(chmod(folder.path + "/sweep", 0o755) == 0)
    try folder.touch("sweep/.stockpot/ledger.sqlite")
    #expect(chmod(sweep, 0o555) == 0)
    #expect(paths.workFolder(ofSweepAt: sweep) == sweep + "/.stockpot")
  }
}
