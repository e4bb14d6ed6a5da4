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
  private struct State {
    var rows = 0
    var label = ""
    var row = 0
    var share = 0.0
    var skipped: [String: String] = [:]
  }

  private let isQuiet: Bool
  private let start = Date()
  private let state = Mutex(State())

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  var skipped: [String: String] { state.withLock(\.skipped) }

  func take(_ event: ComparisonEvent) {
    switch event {
    case .began(let labels, let passes):
      state.withLock { $0.rows = labels.count }
      say(
        "\(labels.count) recipes, about \(Int(passes)) passes over val; "
          + "what is known already costs nothing")
    case .cooking(let label, let row, let share):
      state.withLock {
        ($0.label, $0.row, $0.share) = (label, row, share)
      }
      if !Console.showsProgress { say(heading) }
    case .step(.trying(let candidate, let step, let total)):
      guard !isQuiet, Console.showsProgress else { return }
      FileHandle.standardError.write(
        Data("\u{1B}[2K\r\(heading): [\(step + 1)/\(total)] \(candidate) …".utf8))
    case .step:
      return
    case .finished:
      if !isQuiet, Console.showsProgress {
        FileHandle.standardError.write(Data("\u{1B}[2K\r".utf8))
      }
    case .skipped(let label, let reason):
      state.withLock { $0.skipped[label] = reason }
      say("\(label): left out, \(reason)")
    }
  }

  private var heading: String {
    let state = state.withLock { $0 }
    var text = "\(state.row + 1)/\(state.rows) \(state.label)"
    if state.share > 0.05 {
      let left = Date().timeIntervalSince(start) * (1 - state.share) / state.share
      text += String(format: ", about %.0f s left", left)
    }
    return text
  }

  private func say(_ text: String) {
    if !isQuiet { Console.error(text) }
  }
}
