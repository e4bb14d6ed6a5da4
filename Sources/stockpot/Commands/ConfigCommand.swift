import ArgumentParser
import Checkpoints
import Dashboard
import Foundation
import Sweeps

/// The settings file: what may be in it, and whether it can be followed.
struct ConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Print the default settings, or check your own.",
    discussion: """
      Settings are in config.toml in $XDG_CONFIG_HOME/stockpot. It needs to hold only what differs.

      Examples:
        stockpot config check
        stockpot config default > ~/.config/stockpot/config.toml
      """,
    subcommands: [ConfigDefault.self, ConfigCheck.self])
}

/// Prints a settings file.
struct ConfigDefault: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "default", abstract: "Print every setting and key, commented out.",
    discussion: """
      Examples:
        stockpot config default > ~/.config/stockpot/config.toml
      """)

  func run() async throws { Console.print(Settings.defaultFile, terminator: "") }
}

/// Says what in the settings file cannot be followed.
struct ConfigCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Read your settings and say what is wrong with them.",
    discussion: """
      Exit code 1 when something is. The dashboard says the same as it starts.

      Examples:
        stockpot config check
        stockpot config check mine.toml --json
      """)

  @Argument(help: "The file (default: your config.toml).", completion: .file(extensions: ["toml"]))
  var file: String?

  @Flag(help: "One JSON document instead of lines.")
  var json = false

  func run() async throws {
    let path = file ?? SweepOpening.settingsFile
    let exists = FileManager.default.fileExists(atPath: path)
    let problems = exists ? Settings.read(file: path).problems : []
    if json {
      try Console.json(SettingsDocument(file: path, exists: exists, problems: problems))
    } else if !exists {
      Console.print("\(path): not there; every setting is the program's own.")
    } else {
      for problem in problems { Console.print("\(problem)") }
      if problems.isEmpty { Console.print("\(path): every line can be followed.") }
    }
    if !problems.isEmpty || !exists && file != nil { throw Ending.failed }
  }
}

/// What `config check --json` prints.
private struct SettingsDocument: Encodable {
  struct Problem: Encodable {
    let place: String?
    let problem: String
    let mend: String?
  }

  let file: String
  let exists: Bool
  let problems: [Problem]

  init(file: String, exists: Bool, problems: [InputError]) {
    self.file = file
    self.exists = exists
    self.problems = problems.map {
      Problem(place: $0.place, problem: $0.problem, mend: $0.mend)
    }
  }
}
