import Averaging
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Recipes
import TerminalUI

/// What `inspect` prints of a checkpoint.
struct CheckpointReport {
  let text: String

  init(_ check: CheckpointCheck) {
    let checkpoint = check.checkpoint
    var parts = [Self.head(check)]
    if let provenance = check.provenance { parts.append(Self.origin(provenance)) }
    let words = checkpoint.metadata.filter { $0.key != "stockpot" }
    if !words.isEmpty {
      let lines = words.sorted { $0.key < $1.key }.map {
        "  \($0.key): \($0.value.count > 200 ? $0.value.prefix(200) + "…" : $0.value)"
      }
      parts.append((["Metadata"] + lines.map(TextWidth.sanitize)).joined(separator: "\n"))
    }
    var table = TextTable([("Tensor", .left), ("type", .left), ("shape", .left), ("size", .right)])
    for tensor in checkpoint.tensors {
      table.add([
        tensor.name, tensor.dtype.rawValue,
        tensor.shape.isEmpty ? "scalar" : tensor.shape.map(String.init).joined(separator: "×"),
        ByteText.of(tensor.byteCount),
      ])
    }
    parts.append(table.text)
    if !checkpoint.ties.isEmpty {
      let lines = checkpoint.ties.map { TextWidth.sanitize("  " + $0.joined(separator: " = ")) }
      parts.append((["Tied"] + lines).joined(separator: "\n"))
    }
    let remarks = check.findings.map(\.line) + checkpoint.notes
    if !remarks.isEmpty {
      parts.append(remarks.map(TextWidth.sanitize).joined(separator: "\n"))
    }
    text = parts.joined(separator: "\n\n")
  }

  private static func head(_ check: CheckpointCheck) -> String {
    let checkpoint = check.checkpoint
    let types = Set(checkpoint.tensors.map(\.dtype.rawValue)).sorted().joined(separator: ", ")
    let tensors = checkpoint.tensors.count == 1 ? "1 tensor" : "\(checkpoint.tensors.count) tensors"
    var lines = [
      "\(checkpoint.path)  \(checkpoint.format)",
      "  \(tensors), \(grouped(check.parameters)) elements, "
        + "\(ByteText.of(check.byteCount)) of \(types)",
    ]
    if let entry = checkpoint.entry, !entry.isEmpty { lines.append("  from '\(entry)'") }
    if checkpoint.files.count > 1 { lines.append("  in \(checkpoint.files.count) files") }
    if let contents = check.contents {
      lines.append("  SHA-256 \(contents.sha256)")
      lines.append("  norm \(String(format: "%.6g", contents.reading.norm))")
    }
    return lines.map(TextWidth.sanitize).joined(separator: "\n")
  }

  private static func origin(_ provenance: Provenance) -> String {
    let what = provenance.recipe.map(\.title) ?? "blend"
    var lines = [
      "Soup: \(what) of \(provenance.ingredients.count)"
        + (provenance.sweep.map { " from \($0)" } ?? "")
        + ", \(provenance.writtenBy), \(provenance.date)"
    ]
    for member in provenance.ingredients {
      lines.append(
        "  \(String(format: "%8.5f", member.weight))  \(member.name)  \(member.sha256.prefix(12))")
    }
    for (split, score) in provenance.metrics.sorted(by: { $0.key < $1.key }) {
      let share = score.accuracy.map { String(format: "%.2f %%", $0 * 100) } ?? "–"
      lines.append("  \(split): \(share)  \(score.correct)/\(score.n)")
    }
    return lines.map(TextWidth.sanitize).joined(separator: "\n")
  }

  private static func grouped(_ number: Int) -> String {
    var digits = Array(String(number))
    for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
    return String(digits)
  }
}

/// What `inspect --json` prints of a checkpoint.
struct CheckpointDocument: Encodable {
  struct TensorDocument: Encodable {
    let name: String
    let dtype: String
    let shape: [Int]
  }

  let kind = "checkpoint"
  let path: String
  let format: String
  let entry: String?
  let files: [String]
  let elements: Int
  let bytes: Int
  let tensors: [TensorDocument]
  let ties: [[String]]
  let metadata: [String: String]
  let provenance: Provenance?
  let findings: [FindingDocument]
  let notes: [String]
  let sha256: String?
  let norm: Double?

  init(_ check: CheckpointCheck) {
    let checkpoint = check.checkpoint
    path = checkpoint.path
    format = checkpoint.format
    entry = checkpoint.entry
    files = checkpoint.files
    elements = check.parameters
    bytes = check.byteCount
    tensors = checkpoint.tensors.map {
      TensorDocument(name: $0.name, dtype: $0.dtype.rawValue, shape: $0.shape)
    }
    ties = checkpoint.ties
    metadata = checkpoint.metadata.filter { check.provenance == nil || $0.key != "stockpot" }
    provenance = check.provenance
    findings = check.findings.map(FindingDocument.init)
    notes = checkpoint.notes
    sha256 = check.contents?.sha256
    norm = check.contents?.reading.norm
  }
}
