import Foundation
import Testing

/// What commands print for people and for shells.
@Suite struct TextTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private var commands: [String] { get throws { try Stockpot.commands(in: folder) } }

  /// Every command, and `theme show` and its like.
  private func allCommands() throws -> [[String]] {
    let commands = try commands
    #expect(commands.contains("report") && commands.count >= 17)
    let all = try commands.flatMap { command in
      try [[command]] + Stockpot.commands(of: command, in: folder).map { [command, $0] }
    }
    #expect(all.contains(["theme", "show"]))
    return all
  }

  @Test func everyCommandHasHelpWithAnExample() throws {
    for command in try allCommands() {
      let ending = try Stockpot.run(["help"] + command, in: folder)
      #expect(ending.status == 0)
      #expect(ending.output.contains("Examples:\n  stockpot"), "\(command)")
    }
  }

  /// No line of prose ends where the first word of the next would have had room.
  @Test func helpIsFilled() throws {
    for command in try [[]] + allCommands() {
      let help = try Stockpot.run(["help"] + command, in: folder).output
      let overview = help.prefix(upTo: help.range(of: "\nUSAGE:")?.lowerBound ?? help.endIndex)
      let lines = overview.split(separator: "\n", omittingEmptySubsequences: false)
      for (line, next) in zip(lines, lines.dropFirst())
      where !line.hasPrefix(" ") && line != "Examples:" && !line.hasSuffix(":") {
        guard !line.isEmpty, let word = next.split(separator: " ").first, !next.hasPrefix(" ")
        else { continue }
        #expect(line.count + 1 + word.count >= 80, "\(command): \(line)")
      }
    }
  }

  /// What a command's help names is in the manual, under the command, and in the shells' scripts.
  @Test func everyOptionIsInTheManualAndTheCompletions() throws {
    let page = try Stockpot.run("manual", in: folder).output
    let scripts = try ["bash", "zsh", "fish"].map {
      try Stockpot.run("completions", $0, in: folder).output
    }
    var options: Set<String> = []
    for command in try allCommands() {
      let part = try #require(
        page.components(separatedBy: "\n.SS \"stockpot ").first { section in
          let heading = section.prefix { $0 != "\"" }.split(separator: " ").map(String.init)
          return Array(heading.prefix(command.count)) == command
            && (heading.count == command.count || !heading[command.count].allSatisfy(\.isLowercase))
        }, "\(command)")
      let help = try Stockpot.run(["help"] + command, in: folder).output
      for match in help.matches(of: /(?m)^  (?:-[a-zA-Z], )?--([a-z0-9-]+)/) {
        let option = String(match.1)
        guard option != "help", option != "version" else { continue }
        options.insert(option)
        #expect(
          part.contains("\\-\\-\(option.replacing("-", with: "\\-"))"), "\(command) \(option)")
        for script in scripts { #expect(script.contains(option), "\(command) \(option)") }
      }
    }
    #expect(options.isSuperset(of: ["ascii", "depth", "script", "json", "csv", "output"]))
  }

  @Test func theManualIsRoff() throws {
    let page = try Stockpot.run("manual", in: folder).output
    #expect(page.hasPrefix(".TH \"STOCKPOT\" \"1\""))
    #expect(page.unicodeScalars.allSatisfy(\.isASCII) && page.contains("keys NAME\\[u2026]"))
    for line in page.split(separator: "\n") where line.hasPrefix(".") {
      let request = line.dropFirst().prefix { $0 != " " }
      #expect(["TH", "SH", "SS", "PP", "TP", "nf", "fi", "br"].contains(String(request)))
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionsAreScripts(shell: String) throws {
    let script = try Stockpot.run("completions", shell, in: folder).output
    #expect(script.contains("stockpot") && script.contains("report"))
    guard FileManager.default.fileExists(atPath: "/bin/\(shell)") else { return }
    try folder.write("script", script)
    let check = Process()
    check.executableURL = URL(fileURLWithPath: "/bin/\(shell)")
    check.arguments = ["-n", folder.path + "/script"]
    try check.run()
    check.waitUntilExit()
    #expect(check.terminationStatus == 0)
  }

  @Test func theListAsCSVOpensAsResultsAgain() throws {
    try folder.addDemo()
    let csv = try Stockpot.run("list", "demo", "--csv", in: folder).output
    try folder.write("again/results.csv", csv)
    let first = try Stockpot.run("list", "demo", "--json", in: folder).document
    let second = try Stockpot.run("list", "again", "--json", in: folder).document
    func values(_ list: JSON) -> [JSON?] {
      (list["ingredients"]?.elements ?? []).flatMap {
        [$0["name"], $0["hyperparameters"], $0["metrics"]?["val"]?["correct"]]
      }
    }
    #expect(values(first).count == 72)
    #expect(values(first) == values(second))
  }

  @Test func withoutATerminalTheDashboardIsATable() throws {
    try folder.addDemo()
    let ending = try Stockpot.run("demo", in: folder)
    #expect(ending.status == 0 && ending.output.contains("ft_00"))
    #expect(!ending.output.contains("\u{1B}"))
  }

  @Test func theDemoGoesWhereItIsTold() throws {
    let ending = try Stockpot.run("demo", "--copy-only", "--to", "here", in: folder)
    #expect(ending.status == 0)
    #expect(try folder.read("here/stockpot.toml").contains("digits-vit"))
  }
}
