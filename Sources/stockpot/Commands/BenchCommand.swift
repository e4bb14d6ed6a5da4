import ArgumentParser
import Foundation
import Kitchen

/// Measures this machine against the bars that the program promises.
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure speed and memory here, side by side with NumPy, PyTorch and ONNX Runtime.",
    discussion: """
      Every figure is a ratio of things measured in turn in one run, so a busy machine changes it \
      little. NumPy and PyTorch are those of your Python, where they are there.

      Examples:
        stockpot bench
        stockpot bench averaging --size 20 --repeats 3
        stockpot bench --json | jq '.sections[].bars[] | select(.met == false)'
      """)

  /// What can be measured.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case averaging
    case evaluation
    case dashboard
  }

  @Argument(help: "What to measure (default: all).")
  var parts: [Part] = []

  @Option(help: "How often each thing is measured; the median counts.")
  var repeats = 5

  @Option(help: "Averaging: megabytes of each of the files that are made to be measured on.")
  var size = 100

  @Option(help: "Averaging: how many files.")
  var files = 8

  @Option(
    help: "Python to measure NumPy and PyTorch in (default: that of VIRTUAL_ENV, or python3).")
  var python: String?

  @Option(
    help: "Folder for the files, which are removed again (default: that for temporary files).")
  var folder: String?

  @Flag(help: "One JSON document on stdout.")
  var json = false

  @Flag(name: .shortAndLong, help: "Nothing on stderr while it measures.")
  var quiet = false

  func validate() throws {
    if repeats < 1 { throw ValidationError("--repeats: at least 1") }
    if size < 1 { throw ValidationError("--size: at least 1") }
    if files < 2 { throw ValidationError("--files: at least 2") }
  }

  func run() async throws {
    let command = self
    try await Ending.of { try await command.bench() }
  }

  private func bench() async throws {
    var results: [BenchResult] = []
    for part in parts.isEmpty ? Part.allCases : parts {
      let result = try await section(part).measure { text in
        if !quiet { Console.error("\(text) …") }
      }
      if !json { print(results.isEmpty ? result.text : "\n" + result.text) }
      results.append(result)
    }
    if json { try Console.json(BenchDocument(sections: results)) }
  }

  private func section(_ part: Part) -> any BenchSection {
    switch part {
    case .averaging:
      AveragingSection(
        files: files, megabytes: size, repeats: repeats, python: python,
        folder: folder ?? NSTemporaryDirectory())
    case .evaluation:
      EvaluationSection(
        repeats: repeats, python: python, folder: folder ?? NSTemporaryDirectory())
    case .dashboard:
      DashboardSection(
        repeats: repeats, ingredients: 1000, folder: folder ?? NSTemporaryDirectory())
    }
  }
}

/// What `bench --json` prints.
struct BenchDocument: Encodable {
  let version = Stockpot.version
  let processors = ProcessInfo.processInfo.activeProcessorCount
  let sections: [BenchResult]
}
