import ArgumentParser
import Checkpoints
import Foundation
import Kitchen
import Sweeps

/// Shows what is in a checkpoint, or compares those of a sweep.
struct InspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show a checkpoint's tensors, or compare a sweep's checkpoints before mixing them.",
    discussion: """
      Of a checkpoint: tensors, ties, metadata, and the origin of a soup. Nothing in it is executed.

      Of a sweep: what hinders or spoils a soup, and each ingredient's distance and angle from the \
      initialisation. Ends with 1 when an ingredient is refused, so that scripts can tell.

      Examples:
        stockpot inspect soup.safetensors
        stockpot inspect runs/7/checkpoint.ckpt --ema --deep
        stockpot inspect sweeps/digits --json | jq '.findings[].problem'
      """)

  @Argument(
    help: "A checkpoint, a shard index, a model's folder, or a sweep (default: this folder).")
  var path = "."

  @Flag(
    inversion: .prefixedNo,
    help: """
      Read every byte for NaN, identical files, distances, SHA-256 (default: sweeps up to 2 GB).
      """)
  var deep: Bool?

  @OptionGroup var choice: CheckpointChoice

  @Flag(help: "One JSON document instead of text.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress on stderr.")
  var quiet = false

  func run() async throws {
    let command = self
    try await Ending.of { try command.inspect() }
  }

  private func inspect() throws {
    if Self.isCheckpoint(path) {
      let check = try CheckpointCheck(
        path, opened: choice.options ?? CheckpointOptions(), deep: deep ?? false)
      if json {
        try Console.json(CheckpointDocument(check))
      } else {
        Console.print(CheckpointReport(check).text)
      }
      return
    }
    let kitchen = try SweepOpening.kitchen(at: path, choice: choice)
    let report = try SweepReport(
      kitchen, deep: deep, progress: ByteProgress(isQuiet: quiet))
    if json {
      try Console.json(report.document)
    } else {
      Console.print(report.text)
    }
    if report.refuses { throw Ending.failed }
  }

  /// A file that is no manifest and no results file; a folder with a model's weights and no manifest.
  private static func isCheckpoint(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return true }
    if isFolder.boolValue {
      return ModelFolder.weights(in: path) != nil
        && !FileManager.default.fileExists(atPath: path + "/stockpot.toml")
    }
    let isResults = ["toml", "jsonl", "ndjson", "json", "csv"].contains(
      (path as NSString).pathExtension.lowercased())
    return !isResults || path.hasSuffix(".index.json")
  }
}

/// A finding as JSON.
struct FindingDocument: Encodable {
  let rule: String
  let severity: String
  let subject: String?
  let problem: String
  let mend: String?
  let tensors: [String]

  init(_ finding: Finding) {
    rule = finding.rule.rawValue
    severity = finding.severity.rawValue
    subject = finding.subject
    problem = finding.problem
    mend = finding.mend
    tensors = finding.tensors
  }
}

extension Finding {
  /// A line for a person.
  var line: String {
    let mark =
      switch severity {
      case .note: "note  "
      case .warn: "warn  "
      case .refuse: "refuse"
      }
    let about = subject.map { "\($0): " } ?? ""
    let names = tensors.isEmpty || tensors.count > 3 ? "" : " (\(tensors.joined(separator: ", ")))"
    return "\(mark)  \(about)\(problem)\(names)." + (mend.map { " \($0)." } ?? "")
  }
}
