import Foundation
import Testing

/// What commands print for people and for shells.
@Suite struct TextTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private var commands: [String] { get throws { try Stockpot.commands(in: folder) } }

  @Test func everyCommandHasHelpWithAnExample() throws {
    let commands = try commands
    #expect(commands.contains("report") && commands.count >= 17)
    for command in commands {
      let ending = try Stockpot.run("help", command, in: folder)
      #expect(ending.status == 0)
      #expect(ending.output.contains("Examples:\n  stockpot"), "\(command)")
    }
  }

  @Test func theManualHasEveryCommand() throws {
    let page = try Stockpot.run("manual", in: folder).output
    #expect(page.hasPrefix(".TH \"STOCKPOT\" \"1\""))
    for command in try commands {
      #expect(page.contains(".SS \"stockpot \(command)"), "\(command)")
    }
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
