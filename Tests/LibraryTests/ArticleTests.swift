import Foundation
import Testing

/// The code that the documentation shows is the example package's, which is compiled and run.
@Suite struct ArticleTests {
  /// Lines without indentation, empty ones left out.
  private static func lines(_ text: some StringProtocol) -> [String] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }

  private static func files(in folder: String, endingWith suffix: String) throws -> [URL] {
    let root = repository.appending(path: folder)
    return try FileManager.default.subpathsOfDirectory(atPath: root.path)
      .filter { $0.hasSuffix(suffix) }.sorted().map { root.appending(path: $0) }
  }

  @Test func everyBlockOfCodeIsInTheExample() throws {
    let sources = try Self.files(in: "Tests/Example/Sources", endingWith: ".swift").map {
      try Self.lines(String(contentsOf: $0, encoding: .utf8))
    }
    var blocks = 0
    for article in try Self.files(in: "Sources", endingWith: ".md")
    where article.path.contains(".docc/") {
      let parts = try String(contentsOf: article, encoding: .utf8).split(
        separator: "```", omittingEmptySubsequences: false)
      #expect(parts.count % 2 == 1, "\(article.lastPathComponent)")
      for block in parts.enumerated().filter({ $0.offset % 2 == 1 }).map(\.element) {
        let code = Self.lines(block)
        #expect(code.first == "swift", "\(article.lastPathComponent)")
        let body = Array(code.dropFirst())
        #expect(!body.isEmpty)
        #expect(
          sources.contains { $0.firstRange(of: body) != nil },
          "\(article.lastPathComponent): \(body.first ?? "")")
        blocks += 1
      }
    }
    #expect(blocks > 10)
  }

  /// A walk through files is worth as much as their names.
  @Test func everyFileThatContributorsAreSentToIsThere() throws {
    let known = try ["Sources", "Tests", ".ci", "themes"].flatMap { folder in
      try FileManager.default.subpathsOfDirectory(
        atPath: repository.appending(path: folder).path
      ).map { "/\(folder)/\($0)" }
    }
    let text = try String(
      contentsOf: repository.appending(path: ".github/CONTRIBUTING.md"), encoding: .utf8)
    let words = text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map(\.element)
    let paths = words.filter { word in
      word.hasPrefix("Sources/") || word.hasPrefix("Tests/") || word.hasPrefix(".ci/")
        || word.hasSuffix(".swift") && !word.contains(" ")
    }.filter { $0 != "Package.swift" }
    #expect(paths.count > 20)
    for path in paths { #expect(known.contains { $0.hasSuffix("/\(path)") }, "\(path)") }
  }

  @Test(arguments: ["Checkpoints", "Averaging", "Evaluation", "Recipes", "Analysis"])
  func everyProductHasALandingPageAndAnArticle(product: String) throws {
    let pages = try Self.files(in: "Sources/\(product)/\(product).docc", endingWith: ".md")
    let landing = try #require(pages.first { $0.lastPathComponent == "\(product).md" })
    let text = try String(contentsOf: landing, encoding: .utf8)
    #expect(text.hasPrefix("# ``\(product)``\n"))
    #expect(pages.count > 1)
    for page in pages where page != landing {
      #expect(text.contains("<doc:\(page.deletingPathExtension().lastPathComponent)>"))
    }
  }
}
