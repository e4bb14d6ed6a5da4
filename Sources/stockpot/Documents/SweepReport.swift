import Averaging
import Checkpoints
import Foundation
import Kitchen
import Sweeps
import TerminalUI

/// What `inspect` says of a sweep.
struct SweepReport {
  private let kitchen: Kitchen
  private let readings: [String: IngredientReading]
  private let findings: [Finding]
  /// Bytes of all ingredients' tensors, as far as they can be opened.
  private let byteCount: Int
  private let isDeep: Bool

  /// Bytes that are read unasked: a matter of a second.
  private static let readUnasked = 2_000_000_000

  /// - Parameter deep: whether bytes are read; nil where that takes no time.
  /// - Throws: `CancellationError`.
  init(_ kitchen: Kitchen, deep: Bool?, progress: ByteProgress) throws {
    self.kitchen = kitchen
    let check = kitchen.check
    let sizes = check.names.map { name in
      (try? kitchen.files.table(of: name))?.tensors.reduce(0) { $0 + $1.byteCount } ?? 0
    }
    byteCount = sizes.reduce(0, +)
    isDeep = deep ?? (byteCount <= Self.readUnasked)
    if isDeep {
      var done = 0
      for (name, size) in zip(check.names, sizes) {
        progress.show("reading", done: done, total: byteCount)
        try check.read(name)
        done += size
      }
      progress.clear()
    }
    readings = Dictionary(check.readings.map { ($0.name, $0) }) { first, _ in first }
    findings = check.findings()
  }

  /// Whether an ingredient is left out of soups.
  var refuses: Bool { findings.contains { $0.severity == .refuse } }

  // MARK: For people

  var text: String {
    var parts = [head, table]
    let lines = findings.sorted { $0.severity > $1.severity }.map { TextWidth.sanitize($0.line) }
    parts.append(lines.isEmpty ? "Nothing to remark." : lines.joined(separator: "\n"))
    if !isDeep {
      parts.append(
        "Only headers were compared. --deep reads \(ByteText.of(byteCount)) for distances, NaN and "
          + "identical files.")
    }
    return parts.joined(separator: "\n\n")
  }

  private var head: String {
    let sweep = kitchen.sweep
    let count = kitchen.check.names.count
    let reference = kitchen.check.reference.map { ", measured from \($0)" } ?? ""
    return TextWidth.sanitize(
      "\(sweep.name): \(count) ingredients, \(ByteText.of(byteCount))\(isDeep ? reference : "")")
  }

  private var table: String {
    var table = TextTable([
      ("Ingredient", .left), ("tensors", .right), ("size", .right), ("type", .left),
      ("distance", .right), ("of norm", .right), ("angle", .right), ("", .left),
    ])
    for row in rows {
      table.add([
        row.name, row.tensors.map(String.init) ?? "–", row.bytes.map(ByteText.of) ?? "–",
        row.dtypes.joined(separator: " "),
        row.distance.map { String(format: "%.4g", $0) } ?? "–",
        row.relativeDistance.map { String(format: "%.2f %%", $0 * 100) } ?? "–",
        row.angle.map { String(format: "%.2f°", $0) } ?? "–", row.marks.joined(separator: ", "),
      ])
    }
    return table.text
  }

  // MARK: For programs

  /// One ingredient.
  struct Row: Encodable {
    let name: String
    let tensors: Int?
    let bytes: Int?
    let dtypes: [String]
    let norm: Double?
    /// From the reference.
    let distance: Double?
    let relativeDistance: Double?
    /// Between the weights and the reference's, in degrees, over matrices alone.
    let angle: Double?
    /// Rules with findings that are more than notes.
    let marks: [String]

    enum CodingKeys: String, CodingKey {
      case name, tensors, bytes, dtypes, norm, distance, angle, marks
      case relativeDistance = "relative_distance"
    }
  }

  struct Document: Encodable {
    let kind = "sweep"
    let sweep: String
    let directory: String
    let deep: Bool
    let reference: String?
    let ingredients: [Row]
    let findings: [FindingDocument]
  }

  var document: Document {
    Document(
      sweep: kitchen.sweep.name, directory: kitchen.sweep.directory, deep: isDeep,
      reference: kitchen.check.reference, ingredients: rows,
      findings: findings.map(FindingDocument.init))
  }

  private var rows: [Row] {
    kitchen.check.names.map { name in
      let tensors = (try? kitchen.files.table(of: name))?.tensors
      let reading = readings[name]
      let marks = findings.filter { $0.subject == name && $0.severity != .note }
        .map(\.rule.rawValue)
      return Row(
        name: name, tensors: tensors?.count,
        bytes: tensors?.reduce(0) { $0 + $1.byteCount },
        dtypes: Set((tensors ?? []).map(\.dtype.rawValue)).sorted(), norm: reading?.norm,
        distance: reading?.distance, relativeDistance: reading?.relativeDistance,
        angle: reading?.matrixCosine.map { acos(min(1, max(-1, $0))) * 180 / .pi }, marks: marks)
    }
  }
}
