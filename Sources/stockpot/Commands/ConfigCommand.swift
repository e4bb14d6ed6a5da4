import ArgumentParser
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
    commandName: "default", abstract: "Print every setting and key, commented out.")

  func run() async throws { Console.print(Settings.defaultFile, terminator: "") }
}

/// Says what in the settings file cannot be followed.
struct ConfigCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Read your settings and say what is wrong with them.",
    discussion: "Exit code 1 when something is. The dashboard says the same as it starts.")

  @Argument(help: "The file (default: your config.toml).", completion: .file(extensions: ["toml"]))
  var file: String?

  func run() async throws {
    let path = file ?? SweepOpening.settingsFile
    guard FileManager.default.fileExists(atPath: path) else {
      Console.print("\(path): not there; every setting is the program's own.")
      if file != nil { throw Ending.failed }
      return
    }
    let settings = Settings.read(file: path)
    for problem in settings.problems { Console.print("\(problem)") }
    if !settings.problems.isEmpty { throw Ending.failed }
    Console.print("\(path): every line can be followed.")
  }
}
