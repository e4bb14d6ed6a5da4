import Foundation
import Sweeps

/// The built program, run as a person runs it.
enum Stockpot {
  struct Ending {
    let status: Int32
    let output: String
    let error: String

    /// The one document on stdout.
    var document: JSON { get throws { try JSON(output) } }
  }

  /// Beside the tests, where the package manager puts all products.
  private static var program: URL { Bundle.main.bundleURL.appending(path: "stockpot") }

  /// Every command, as help lists them; with a command its own subcommands, empty for most.
  static func commands(of command: String? = nil, in folder: Folder) throws -> [String] {
    let help = try run(["help"] + [command].compactMap { $0 }, in: folder).output
    guard let section = help.split(separator: "SUBCOMMANDS:").dropFirst().last else { return [] }
    return section.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
      .filter { $0 != "See" }
  }

  /// Runs it to its end, without a terminal.
  static func run(
    _ arguments: String..., in folder: Folder, environment: [String: String] = [:]
  ) throws -> Ending {
    try run(arguments, in: folder, environment: environment)
  }

  static func run(
    _ arguments: [String], in folder: Folder, environment: [String: String] = [:]
  ) throws -> Ending {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    var all = ProcessInfo.processInfo.environment
    // A person's own settings and folders are not touched.
    for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
      all[name] = nil
    }
    all["HOME"] = folder.path + "/home"
    all["TERM"] = "xterm-256color"
    process.environment = all.merging(environment) { _, new in new }
    process.standardInput = FileHandle.nullDevice
    let (output, error) = (folder.path + "/stdout", folder.path + "/stderr")
    for path in [output, error] { try Data().write(to: URL(fileURLWithPath: path)) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: error)
    try process.run()
    process.waitUntilExit()
    func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
    return Ending(
      status: process.terminationStatus, output: try text(output), error: try text(error))
  }
}

/// A folder of its own, removed in the end.
final class Folder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/stockpot-cli-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: path + "/home", withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws {
    let file = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func read(_ name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }

  /// The bundled sweep, as `demo`; with a number, no more than so many of its ingredients.
  func addDemo(ingredients count: Int? = nil) throws {
    try DemoSweep.write(to: path + "/demo")
    guard let count else { return }
    let folder = path + "/demo/ingredients"
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .dropFirst(count)
    {
      try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}
