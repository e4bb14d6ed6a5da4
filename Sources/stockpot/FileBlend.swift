import Averaging
import Checkpoints
import Foundation
import Kitchen

/// Files to be averaged, opened under names that they agree on, and what is found out about them.
struct FileBlend: Sendable {
  let terms: [AverageTerm]
  private let checkpoints: [Checkpoint]
  private let opened: CheckpointOptions
  private let preflight: Preflight

  /// - Parameters:
  ///   - weights: nil for equal ones.
  ///   - allowed: rules whose findings mean less than they would: a warning in place of a refusal, a
  ///     note in place of a warning.
  /// - Throws: `InputError` for the first file that cannot be opened, or when the first has nothing to
  ///   be averaged.
  init(
    _ files: [String], weights: [Double]?, opened options: CheckpointOptions,
    allowed: [Finding.Rule]
  ) throws {
    checkpoints = try Checkpoint.open(all: files, options: options)
    terms = zip(files.indices, checkpoints).map { index, checkpoint in
      AverageTerm(files[index], checkpoint, weight: weights?[index] ?? 1 / Double(files.count))
    }
    opened = options
    preflight = Preflight(
      severities: Dictionary(
        allowed.map { ($0, $0.standardSeverity == .refuse ? .warn : .note) },
        uniquingKeysWith: { first, _ in first }))
    guard checkpoints.first?.tensors.contains(where: \.dtype.isFloatingPoint) ?? true else {
      throw InputError(
        file: files[0], problem: "has no tensor of floating-point numbers, so nothing to average",
        mend: "Name a checkpoint with weights")
    }
  }

  /// What a person should know before trusting the result, as far as opening the files tells it.
  var headerFindings: [Finding] { preflight.headers(terms.map(\.named)) }

  /// The weights' sum, when it is not one.
  var strangeSum: Double? {
    let sum = terms.reduce(0) { $0 + $1.weight }
    return abs(sum - 1) > 1e-6 ? sum : nil
  }

  /// What was left out of each file, for a person to read.
  var notes: [[String]] { checkpoints.map(\.notes) }

  /// The files with their SHA-256, hashed on all cores and compared with their own checksums.
  ///
  /// - Parameter name: what provenance calls a file.
  /// - Throws: `InputError` when one does not match its checksums; `CancellationError`.
  func members(
    name: (String) -> String, progress: @escaping (Int, Int) -> Void
  ) throws -> [Provenance.Member] {
    let hashes = try FileHashes(checkpoints, progress: progress)
    return zip(terms, checkpoints).map { term, checkpoint in
      Provenance.Member(
        name: (term.name as NSString).lastPathComponent, file: name(term.name),
        sha256: hashes.sha256(of: checkpoint, opened: opened), weight: term.weight)
    }
  }

  /// What the bytes tell before they are averaged: files that are one, by their hashes, and models that
  /// were trained apart, by a sample of their weights.
  ///
  /// - Throws: `InputError` when a file cannot be read; `CancellationError`.
  func contentFindings(_ members: [Provenance.Member]) throws -> [Finding] {
    preflight.identical(zip(terms, members).map { ($0.name, $1.sha256) })
      + (try preflight.sample(terms.map(\.named)))
  }

  /// What the average itself tells.
  func findings(in report: AverageReport) -> [Finding] { preflight.findings(in: report) }

  /// - Throws: `InputError` for the first finding for which a rule refuses the soup.
  func refuse(_ findings: [Finding]) throws {
    let refused = findings.filter { $0.severity == .refuse }
    guard let first = refused.first else { return }
    let others = refused.dropFirst().compactMap(\.subject)
    let more = others.isEmpty ? "" : " (and so do \(others.joined(separator: ", ")))"
    throw InputError(
      file: first.subject ?? "the soup",
      place: first.tensors.isEmpty ? nil : "tensor " + NameList.of(first.tensors, most: 5),
      problem: first.problem + more,
      mend: first.rule.isAllowable
        ? [first.mend, "or allow it by --allow \(first.rule.rawValue)"].compactMap(\.self)
          .joined(separator: ", ") : first.mend)
  }
}

/// Names for a line of text.
enum NameList {
  /// The first ones, and how many more there are.
  static func of(_ names: [String], most: Int = 3) -> String {
    let more = names.count > most ? ", … \(names.count - most) more" : ""
    return names.prefix(most).joined(separator: ", ") + more
  }
}
