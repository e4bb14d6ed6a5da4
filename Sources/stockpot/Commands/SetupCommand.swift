import ArgumentParser
import Evaluation
import Foundation
import Sweeps

/// Installs what the embedded evaluator needs.
struct SetupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "setup", abstract: "Install ONNX Runtime into the user's data folder.",
    discussion: """
      Says which commands it runs, then runs them: a virtual environment of Python, and the \
      package onnxruntime in it. Nothing outside that folder is touched; deleting the folder undoes it.

      Examples:
        stockpot setup
        stockpot setup --force
      """)

  @Flag(help: "Install even if a library was found.")
  var force = false

  func run() async throws {
    let force = force
    try await Ending.of {
      if force {
        try RuntimeInstaller().install()
      } else {
        try RuntimeInstaller().installIfMissing()
      }
    }
  }
}

/// Puts ONNX Runtime where the evaluator finds it.
struct RuntimeInstaller {
  private var folder: String { SweepOpening.paths.data + "/python" }

  /// Nothing to do when a library is found; otherwise installs one.
  func installIfMissing() throws {
    if let runtime = OnnxRuntime.locate().runtime {
      Console.error("ONNX Runtime \(runtime.version) is there: \(runtime.path)")
      return
    }
    try install()
  }

  /// Makes the environment and installs the package; says each command before it runs.
  func install() throws {
    let commands = [
      ["python3", "-m", "venv", folder],
      ["\(folder)/bin/pip", "install", "--quiet", "--disable-pip-version-check", "onnxruntime"],
    ]
    Console.error("Installing ONNX Runtime into \(folder). Running:")
    for command in commands { Console.error("  " + command.joined(separator: " ")) }
    for command in commands { try run(command) }
    guard let runtime = OnnxRuntime.locate().runtime else {
      throw SetupFailure(
        command: "the installation", status: nil,
        mend: "`stockpot doctor` lists the places that were tried")
    }
    Console.error("ONNX Runtime \(runtime.version) is ready.")
  }

  private func run(_ command: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = FileHandle.standardError
    do { try process.run() } catch {
      throw SetupFailure(
        command: command.joined(separator: " "), status: nil,
        mend: "Install Python 3 with its venv module (Debian: apt-get install python3-venv)")
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw SetupFailure(
        command: command.joined(separator: " "), status: process.terminationStatus,
        mend: command[0] == "python3"
          ? "Install Python 3 with its venv module (Debian: apt-get install python3-venv)"
          : "Look at the lines above; or install onnxruntime yourself and set ORT_DYLIB_PATH")
    }
  }
}

/// A command of the installation that did not do what it should.
struct SetupFailure: Error, CustomStringConvertible {
  let command: String
  let status: Int32?
  let mend: String

  var description: String {
    let ending = status.map { " ended with status \($0)" } ?? " could not be run"
    return "\(command)\(ending). \(mend)."
  }
}
