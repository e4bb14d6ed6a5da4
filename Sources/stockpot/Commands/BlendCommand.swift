import ArgumentParser
import Averaging
import Checkpoints
import Foundation
import Kitchen
import Synchronization

/// Averages files, without a sweep or an evaluator.
struct BlendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blend", abstract: "Average checkpoint files into one.",
    discussion: """
      Reads safetensors, PyTorch (.pt .pth .bin .ckpt), NumPy .npz, shard indexes and folders in \
      Hugging Face layout, in any mixture. Weights are taken as given; they need not add up to one.

      Files are compared as `inspect` compares a sweep. A soup with infinities or NaN is refused; \
      files that are the same, or do not look like they come from one initialisation (by a sample \
      of a million weights), are warned of.

      Examples:
        stockpot blend runs/*/model.safetensors -o soup.safetensors
        stockpot blend theta0.pt tuned.pt --weights 0.3,0.7 -o wise-ft.pt
        stockpot blend a/ b/ c/ --dtype bf16 -o soup/
      """)

  @Argument(help: "Checkpoints, the first of which gives names, order and what is not averaged.")
  var files: [String]

  @Option(
    name: .shortAndLong,
    help: "Where to write: .safetensors, .pt, .pth, .bin, .ckpt, or a folder ending in /.")
  var output: String

  @Option(
    parsing: .unconditional, help: "One weight a file: W,W,... (default: equal weights).")
  var weights: String?

  @Option(help: "Element type of what is written (default: the first file's).")
  var dtype: DType?

  @Option(help: "Average only tensors of such names, as 'blocks.*.attn.*'; may be repeated.")
  var only: [String] = []

  @Option(help: "Integers that differ: take the first file's, or refuse.")
  var integers: IntegerRule = .first

  @Option(
    help: """
      Average although this rule refuses or warns; may be repeated. Rules are those of `inspect`.
      """)
  var allow: [Finding.Rule] = []

  @OptionGroup var choice: CheckpointChoice

  @OptionGroup var writing: WritingOptions

  @Flag(help: "One JSON document on stdout.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress and no warnings on stderr.")
  var quiet = false

  func validate() throws {
    if files.isEmpty { throw ValidationError("name at least one file") }
    try OutputOptions.check(output)
    if let weights { _ = try Self.parse(weights, count: files.count, of: "files") }
  }

  func run() async throws {
    let command = self
    try await Ending.of(interrupted: "nothing was written") { try command.blend() }
  }

  private func blend() throws {
    try OutputOptions.checkIsFree(output, overwrite: writing.overwrite)
    let clock = ContinuousClock()
    let start = clock.now
    let progress = ByteProgress(isQuiet: quiet)
    let opened = choice.options ?? CheckpointOptions()
    let blend = try FileBlend(
      files, weights: weights.map { try Self.parse($0, count: files.count, of: "files") },
      opened: opened, allowed: allow)
    let file = try SoupFile(output, shardSize: writing.shardSize?.bytes)
    let recorded = BlendOptions(
      dtype: dtype, only: only, integers: integers,
      leavesOutExtraTensors: allow.contains(.extraTensors), opened: opened)
    var options = AverageOptions()
    recorded.apply(to: &options)
    // Whatever can be known now is said before the bytes are read.
    try file.checkIsNone(of: blend.terms)
    try blend.refuse(blend.headerFindings)
    try Averager.check(blend.terms, options)
    if !quiet { Self.tellNotes(of: blend) }
    let members = try blend.members(name: file.relative) {
      progress.show("hashing", done: $0, total: $1)
    }
    let known = try blend.headerFindings + blend.contentFindings(members)
    try blend.refuse(known)
    options.accept = { try blend.refuse(blend.findings(in: $0)) }
    options.progress = { progress.show("averaging", done: $0, total: $1) }
    let provenance = Provenance(sweep: nil, recipe: nil, options: recorded, ingredients: members)
    let (paths, report) = try file.write(
      blend.terms, options, provenance: provenance, overwrite: writing.overwrite)
    progress.clear()
    let findings = known + blend.findings(in: report)
    if !quiet { Self.tell(findings, report, as: file.output.format) }
    let seconds = (clock.now - start) / .seconds(1)
    if json {
      try Console.json(
        BlendDocument(
          blend, members, report, findings: findings, output: paths, seconds: seconds))
    } else {
      Console.print(Self.summary(report, files: files.count, paths: paths, seconds: seconds))
    }
  }

  /// Weights as `0.3,0.7`.
  /// - Throws: `ValidationError` when one is no number, or there is not one for each of `things`.
  static func parse(_ text: String, count: Int, of things: String) throws -> [Double] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let weights = try parts.map { part in
      let word = part.trimmingCharacters(in: .whitespaces)
      guard let weight = Double(word), weight.isFinite else {
        throw ValidationError("--weights: '\(word)' is not a number")
      }
      return weight
    }
    guard weights.count == count else {
      throw ValidationError("--weights: \(weights.count) weights for \(count) \(things)")
    }
    return weights
  }

  private static func tellNotes(of blend: FileBlend) {
    if let sum = blend.strangeSum {
      Console.error("warning: the weights add up to \(sum), not to 1")
    }
    for (term, notes) in zip(blend.terms, blend.notes) {
      for note in notes { Console.error("note: \(term.name): \(note)") }
    }
  }

  private static func tell(
    _ findings: [Finding], _ report: AverageReport, as format: CheckpointOutput.Format
  ) {
    for finding in findings where finding.severity >= .warn {
      let subject = finding.subject.map { "\($0): " } ?? ""
      let names = finding.tensors.isEmpty ? "" : ": \(NameList.of(finding.tensors))"
      Console.error("warning: \(subject)\(finding.problem)\(names)")
    }
    if !report.integersFromFirst.isEmpty {
      let names = NameList.of(report.integersFromFirst)
      Console.error("warning: integers differ and were taken from the first file: \(names)")
    }
    guard format != .pytorch, !report.ties.isEmpty else { return }
    let ties = report.ties.map { $0.joined(separator: " = ") }.joined(separator: ", ")
    Console.error("note: safetensors cannot tie tensors, each has bytes of its own: \(ties)")
  }

  private static func summary(
    _ report: AverageReport, files: Int, paths: [String], seconds: Double
  ) -> String {
    let copied = report.copied > 0 ? ", \(report.copied) copied from the first" : ""
    return """
      \(report.averaged) \(report.averaged == 1 ? "tensor" : "tensors") of \(files) \
      \(files == 1 ? "file" : "files") \
      averaged\(copied)
        \(ByteText.of(report.bytesMade)) in \(String(format: "%.2f s", seconds))
        written: \(paths.joined(separator: ", "))
      """
  }
}
