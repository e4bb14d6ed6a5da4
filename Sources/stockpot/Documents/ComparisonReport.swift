import Evaluation
import Foundation
import Kitchen
import Recipes
import Sweeps
import Synchronization

/// Which splits a comparison shows together.
struct ComparisonSplits: Sendable {
  let val: String
  let test: [String]
  let shifts: [String]

  init(_ kitchen: Kitchen) throws {
    val = try kitchen.selectionSplit()
    let usable = kitchen.sweep.splits.filter { kitchen.evaluableSplits.contains($0.name) }
    test = usable.filter { $0.role == .test }.map(\.name)
    shifts = usable.filter { $0.role == .shift }.map(\.name)
  }
}

/// The JSON document of `run all`.
struct ComparisonDocument: Encodable {
  struct Row: Encodable {
    let label: String
    let val: Double?
    let test: Double?
    let shiftsMean: Double?
    /// Over the repeats; none for recipes without chance.
    let valDeviation: Double?
    let testDeviation: Double?
    let shiftsDeviation: Double?
    let passes: Double
    let runs: [RunDocument]

    enum CodingKeys: String, CodingKey {
      case label, val, test, passes, runs
      case shiftsMean = "shifts_mean"
      case valDeviation = "val_std"
      case testDeviation = "test_std"
      case shiftsDeviation = "shifts_std"
    }
  }

  let rows: [Row]
  /// Labels of the recipes that this sweep cannot have, with the reason.
  let skipped: [String: String]

  init(_ rows: [ComparisonRow], splits: ComparisonSplits, skipped: [String: String]) {
    self.rows = rows.map { row in
      Row(
        label: row.label, val: row.accuracy(on: splits.val), test: row.accuracy(on: splits.test),
        shiftsMean: row.accuracy(on: splits.shifts),
        valDeviation: row.deviation(on: [splits.val]),
        testDeviation: row.deviation(on: splits.test),
        shiftsDeviation: row.deviation(on: splits.shifts), passes: row.passes,
        runs: row.results.map { RunDocument($0, output: nil) })
    }
    self.skipped = skipped
  }
}

/// The comparison as a table for a person.
struct ComparisonTable {
  let splits: ComparisonSplits

  var header: String {
    [
      Self.padded("recipe", 22), Self.padded("val", 15), Self.padded("test", 15),
      Self.padded("shifts", 15), Self.padded("nll(β) val", 11), Self.padded("passes", 7), "ingr.",
    ].joined(separator: " ")
  }

  func line(_ row: ComparisonRow) -> String {
    let likelihoods = row.results.compactMap { $0.calibrations[splits.val]?.nll }
    let likelihood =
      likelihoods.isEmpty
      ? "–"
      : String(format: "%.4f", likelihoods.reduce(0, +) / Double(likelihoods.count))
    let counts = row.results.map(\.ingredients.count)
    let span = Set(counts).count > 1 ? "\(counts.min() ?? 0)–\(counts.max() ?? 0)" : "\(counts[0])"
    return [
      Self.padded(row.label, 22), Self.padded(share(row, [splits.val]), 15),
      Self.padded(share(row, splits.test), 15), Self.padded(share(row, splits.shifts), 15),
      Self.padded(likelihood, 11), Self.padded(String(format: "%.1f", row.passes), 7), span,
    ].joined(separator: " ")
  }

  /// A recipe that this sweep cannot have.
  func line(_ label: String, leftOut reason: String) -> String {
    "\(Self.padded(label, 22)) left out: \(reason)"
  }

  private func share(_ row: ComparisonRow, _ splits: [String]) -> String {
    guard let mean = row.accuracy(on: splits) else { return "–" }
    let text = String(format: "%.2f %%", mean * 100)
    return text + (row.deviation(on: splits).map { String(format: " (%.2f)", $0 * 100) } ?? "")
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

/// A comparison's progress on stderr, with the time that is left.
final class ComparisonProgress: Sendable {
  private let isQuiet: Bool
  private let standing: Mutex<ComparisonStanding>

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    var standing = ComparisonStanding([])
    standing.status = .running
    standing.startedAt = Date()
    self.standing = Mutex(standing)
  }

  /// Labels of the rows that were left out, with the reason.
  var skipped: [String: String] {
    let rows = standing.withLock(\.rows)
    return rows.reduce(into: [:]) { skipped, row in
      if case .skipped(let reason) = row.status { skipped[row.label] = reason }
    }
  }

  func take(_ event: ComparisonEvent) {
    let standing = standing.withLock { standing in
      standing.take(event)
      return standing
    }
    switch event {
    case .began:
      say(
        "\(standing.rows.count) recipes, about \(Int(standing.passes)) passes over val; "
          + "what is known already costs nothing")
    case .cooking(let row):
      if !Console.showsProgress { say(heading(standing, row)) }
    case .step(.trying(let candidate, let step, let total)):
      guard !isQuiet, Console.showsProgress else { return }
      let row = standing.rows.firstIndex { row in
        if case .cooking = row.status { true } else { false }
      }
      write("\(heading(standing, row ?? 0)): [\(step + 1)/\(total)] \(candidate) …")
    case .step, .skipped:
      return
    case .finished:
      if !isQuiet, Console.showsProgress { write("") }
    }
  }

  private func heading(_ standing: ComparisonStanding, _ row: Int) -> String {
    let text = "\(row + 1)/\(standing.rows.count) \(standing.rows[row].label)"
    guard let left = standing.secondsLeft(at: Date()) else { return text }
    return text + String(format: ", about %.0f s left", left)
  }

  /// In place of what stands on the line.
  private func write(_ text: String) {
    Console.replaceLine(with: text)
  }

  private func say(_ text: String) {
    if !isQuiet { Console.error(text) }
  }
}
