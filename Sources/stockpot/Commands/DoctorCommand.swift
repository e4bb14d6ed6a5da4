import ArgumentParser
import Dashboard
import Foundation
import Sweeps

/// Says what works here and what does not, with the mend.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check the terminal, ONNX Runtime, Python, memory, disk and a sweep's ledger.",
    discussion: """
      Ends with 1 when something does not work.

      Examples:
        stockpot doctor
        stockpot doctor sweeps/digits --json
      """)

  @Argument(help: "A sweep's folder: its disk and its ledger too.", completion: .directory)
  var sweep: String?

  @Flag(help: "One JSON document instead of lines.")
  var json = false

  func run() async throws {
    let (sweep, json) = (sweep, json)
    try await Ending.of {
      let diagnosis = Diagnosis(
        environment: SweepOpening.environment, paths: SweepOpening.paths,
        sweep: try sweep.map(Sweep.open))
      if json {
        try Console.json(diagnosis)
      } else {
        for check in diagnosis.checks { Console.print(check.text) }
      }
      if !diagnosis.isWell { throw Ending.failed }
    }
  }
}

extension Diagnosis.Check {
  /// A line, and a second one for the mend.
  fileprivate var text: String {
    let sign =
      switch state {
      case .ok: "✓"
      case .warning: "!"
      case .failed: "✗"
      }
    let line = "\(sign) \(name.rightPadded(to: 15))\(detail)"
    return mend.map { "\(line)\n  \("".rightPadded(to: 15))\($0)." } ?? line
  }
}
