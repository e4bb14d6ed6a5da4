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

  @Option(help: "One weight a file: W,W,... (default: equal weights).")
  var weights: String?

  @Option(help: "Element type of what is written (default: the first file's).")
  var dtype: DType?

  @Option(help: "Average only tensors of such names, as 'blocks.*.attn.*'; may be repeated.")
  var only: [String] = []

  @Option(help: "Integers that differ: take the first file's, or refuse.")
  var integers: IntegerRule = .first

  @OptionGroup var choice: CheckpointChoice

  @Flag(help: "Replace the output file if it is there.")
  var overwrite = false

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
    try await Ending.of { try command.blend() }
  }

  private func blend() throws {
    try OutputOptions.checkIsFree(output, overwrite: overwrite)
    let clock = ContinuousClock()
    let start = clock.now
    let progress = ByteProgress(isQuiet: quiet)
    let blend = try FileBlend(
      files, weights: weights.map { try Self.parse($0, count: files.count, of: "files") },
      opened: choice.options ?? CheckpointOptions())
    if !quiet { blend.tellWarnings() }
    let recorded = BlendOptions(
      dtype: dtype, only: only, integers: integers, opened: choice.options ?? CheckpointOptions())
    var options = AverageOptions()
    recorded.apply(to: &options)
    let members = try blend.members { progress.show("hashing", done: $0, total: $1) }
    options.progress = { progress.show("averaging", done: $0, total: $1) }
    let file = try SoupFile(output)
    let provenance = Provenance(
      sweep: nil, recipe: nil, options: recorded, ingredients: members)
    let (paths, report) = try file.write(
      blend.terms, options, provenance: provenance, overwrite: overwrite)
    progress.clear()
    if !quiet { Self.tell(report, as: file.output.format) }
    let seconds = (clock.now - start) / .seconds(1)
    if json {
      try Console.json(BlendDocument(members, report, output: paths, seconds: seconds))
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

  private static func tell(_ report: AverageReport, as format: CheckpointOutput.Format) {
    func warn(_ names: [String], _ text: String) {
      guard !names.isEmpty else { return }
      let more = names.count > 3 ? ", … \(names.count - 3) more" : ""
      Console.error("warning: \(text): \(names.prefix(3).joined(separator: ", "))\(more)")
    }
    warn(report.integersFromFirst, "integers differ and were taken from the first file")
    warn(report.nonFinite.map(\.tensor), "the soup holds infinities or NaN in")
    guard format != .pytorch, !report.ties.isEmpty else { return }
    let ties = report.ties.map { $0.joined(separator: " = ") }.joined(separator: ", ")
    Console.error("note: safetensors cannot tie tensors, each has bytes of its own: \(ties)")
  }

  private static func summary(
    _ report: AverageReport, files: Int, paths: [String], seconds: Double
  ) -> String {
    let copied = report.copied > 0 ? ", \(report.copied) copied from the first" : ""
    return """
      \(report.averaged) tensors of \(files) files averaged\(copied)
        \(ByteText.of(report.bytesMade)) in \(String(format: "%.2f s", seconds))
        written: \(paths.joined(separator: ", "))
      """
  }
}

/// Files to be averaged, opened under names that they agree on.
struct FileBlend {
  let terms: [AverageTerm]
  private let checkpoints: [Checkpoint]
  private let options: CheckpointOptions

  /// - Parameter weights: nil for equal ones.
  /// - Throws: `InputError` for the first file that cannot be opened.
  init(_ files: [String], weights: [Double]?, opened options: CheckpointOptions) throws {
    checkpoints = try Checkpoint.open(all: files, options: options)
    terms = zip(files.indices, checkpoints).map { index, checkpoint in
      AverageTerm(files[index], checkpoint, weight: weights?[index] ?? 1 / Double(files.count))
    }
    self.options = options
  }

  /// Says on stderr what a person should know before trusting the result.
  func tellWarnings() {
    let sum = terms.reduce(0) { $0 + $1.weight }
    if abs(sum - 1) > 1e-6 { Console.error("warning: the weights add up to \(sum), not to 1") }
    for finding in Preflight().headers(terms.map(\.named)) where finding.severity == .warn {
      let subject = finding.subject.map { "\($0): " } ?? ""
      Console.error("warning: \(subject)\(finding.problem)")
    }
  }

  /// The files with their SHA-256, hashed on all cores.
  /// - Throws: `InputError` when one cannot be read; `CancellationError`.
  func members(progress: @escaping (Int, Int) -> Void) throws -> [Provenance.Member] {
    let hashes = try FileHashes(Array(Set(checkpoints.flatMap(\.files))), progress: progress)
    return try zip(terms, checkpoints).map { term, checkpoint in
      Provenance.Member(
        name: (term.name as NSString).lastPathComponent, file: term.name,
        sha256: try hashes.sha256(of: checkpoint, opened: options), weight: term.weight)
    }
  }
}

/// What `blend --json` prints.
struct BlendDocument: Encodable {
  struct MemberDocument: Encodable {
    let file: String
    let sha256: String
    let weight: Double
  }

  let ingredients: [MemberDocument]
  let averaged: Int
  let copied: Int
  let bytesRead: Int
  let bytesWritten: Int
  let integersFromFirst: [String]
  let nonFinite: [String]
  let ties: [[String]]
  let output: [String]
  let seconds: Double

  enum CodingKeys: String, CodingKey {
    case ingredients, averaged, copied, ties, output, seconds
    case bytesRead = "bytes_read"
    case bytesWritten = "bytes_written"
    case integersFromFirst = "integers_from_first"
    case nonFinite = "non_finite"
  }

  init(
    _ members: [Provenance.Member], _ report: AverageReport, output: [String], seconds: Double
  ) {
    ingredients = members.map {
      MemberDocument(file: $0.file, sha256: $0.sha256, weight: $0.weight)
    }
    averaged = report.averaged
    copied = report.copied
    bytesRead = report.bytesRead
    bytesWritten = report.bytesMade
    integersFromFirst = report.integersFromFirst
    nonFinite = report.nonFinite.map(\.tensor)
    ties = report.ties
    self.output = output
    self.seconds = seconds
  }
}
