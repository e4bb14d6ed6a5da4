import ArgumentParser
import Dashboard
import Evaluation
import Foundation
import Sweeps
import TerminalUI
import Themes

/// Says what works here and what does not, with the mend.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check the terminal, the locale, ONNX Runtime and the folders."
  )

  func run() async throws {
    let environment = SweepOpening.environment
    var isWell = true
    func say(_ ok: Bool, _ what: String, _ detail: String) {
      print("\(ok ? "✓" : "✗") \(what.rightPadded(to: 14))\(detail)")
      isWell = isWell && ok
    }
    let term = environment["TERM"] ?? ""
    say(
      !term.isEmpty, "terminal",
      term.isEmpty ? "TERM is not set: run in a terminal, or set TERM=xterm-256color" : term)
    print("  colours       \(ColorDepth.detect(environment: environment).rawValue)")
    let location = OnnxRuntime.locate()
    if let runtime = location.runtime {
      say(true, "ONNX Runtime", "\(runtime.version)  \(runtime.path)")
    } else {
      say(false, "ONNX Runtime", "not found: run `stockpot setup`")
      for attempt in location.attempts {
        print("    \(attempt.source): \(attempt.path) — \(attempt.problem ?? "used")")
      }
    }
    let paths = SweepOpening.paths
    for (name, folder) in [("config", paths.config), ("state", paths.state), ("data", paths.data)] {
      print("  \(name.rightPadded(to: 14))\(folder)")
    }
    if !isWell { throw Ending.failed }
  }
}
