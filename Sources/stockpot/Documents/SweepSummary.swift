import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Recipes
import Sweeps

/// What came of a sweep, as it is reported.
struct SweepSummary {
  let sweep: Sweep
  let splits: ComparisonSplits
  let rows: [ComparisonRow]
  /// The soup that is best on val; nil where only ensembles were cooked.
  let best: (label: String, result: SoupResult)?
  /// What was measured of the ingredients, in these runs or before, by ingredient and split.
  let known: [String: [String: Score]]
  private let sizes: [(split: String, count: Int)]
  private let date: Date

  /// - Throws: `InputError` when there is no split to select on, or the ledger cannot be read.
  init(_ kitchen: Kitchen, rows: [ComparisonRow], date: Date) throws {
    sweep = kitchen.sweep
    splits = try ComparisonSplits(kitchen)
    self.rows = rows
    self.date = date
    let soups = rows.compactMap { row in
      row.bestOnVal.flatMap { $0.kind == .soup ? (label: row.label, result: $0) : nil }
    }
    let val = splits.val
    best =
      soups.enumerated().max { left, right in
        let a = left.element.result.accuracy(on: val) ?? 0
        let b = right.element.result.accuracy(on: val) ?? 0
        return a == b ? left.offset > right.offset : a < b
      }?.element
    known = try kitchen.knownScores()
    sizes = rows.first?.results.first?.metrics.map { ($0.split, $0.score.n) } ?? []
  }

  /// What is known of an ingredient on a split: measured, else said by the results.
  func accuracy(of ingredient: Ingredient, on split: String) -> Double? {
    known[ingredient.name]?[split]?.accuracy ?? ingredient.metrics[split]?.accuracy
  }

  /// Mean over splits; nil when one of them is not known.
  func mean(_ splits: [String], _ value: (String) -> Double?) -> Double? {
    let values = splits.compactMap(value)
    guard !values.isEmpty, values.count == splits.count else { return nil }
    return values.reduce(0, +) / Double(values.count)
  }

  // MARK: For people

  /// The report in Markdown.
  /// - Parameter plots: titles and paths of pictures, relative to it.
  func markdown(plots: [(title: String, path: String)]) -> String {
    var parts = ["# \(sweep.name)", introduction, "## Recipes", recipeTable]
    parts.append(
      "Recipes select on \(splits.val) alone. *Passes* is what selection costs, in passes over it.")
    if let best { parts += ["## The best soup: \(best.label)", soup(best.result)] }
    for plot in plots { parts += ["## \(plot.title)", "![\(plot.title)](\(plot.path))"] }
    parts += ["## Ingredients", ingredientTable]
    let warnings = sweep.notes.filter { $0.severity == .warning }.map { "- \($0)" }
    if !warnings.isEmpty { parts += ["## Remarks", warnings.joined(separator: "\n")] }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var introduction: String {
    let data = sizes.map { "\($0.split) (\($0.count))" }.joined(separator: ", ")
    let initialisation = sweep.initialisation.map { ", fine-tuned from \($0.name)" } ?? ""
    return "\(sweep.ingredients.count) ingredients\(initialisation). Splits, with their examples: "
      + "\(data). Written by stockpot \(Stockpot.version), "
      + "\(date.formatted(.iso8601.year().month().day()))."
  }

  private var recipeTable: String {
    let header =
      ["recipe", splits.val] + splits.test
      + (splits.shifts.isEmpty ? [] : ["shifts, mean"]) + ["ingredients", "passes"]
    var table = MarkdownTable(header, textColumns: 1)
    for row in rows {
      var cells = [row.label]
      cells +=
        ([[splits.val]] + splits.test.map { [$0] }
        + (splits.shifts.isEmpty ? [] : [splits.shifts])).map { share(of: row, on: $0) }
      let counts = Set(row.results.map(\.ingredients.count)).sorted()
      cells.append(counts.count > 1 ? "\(counts[0])–\(counts[counts.count - 1])" : "\(counts[0])")
      cells.append(String(format: "%.1f", row.passes))
      table.add(cells)
    }
    return table.text
  }

  private func share(of row: ComparisonRow, on splits: [String]) -> String {
    let spread = row.deviation(on: splits).map { String(format: " ± %.2f", $0 * 100) } ?? ""
    return Self.percent(row.accuracy(on: splits)) + spread
  }

  private func soup(_ result: SoupResult) -> String {
    var table = MarkdownTable(["split", "accuracy", "correct", "95 % interval"], textColumns: 1)
    for (split, score) in result.metrics {
      let interval = score.wilson().map {
        String(format: "%.2f – %.2f %%", $0.lower * 100, $0.upper * 100)
      }
      table.add([
        split, Self.percent(score.accuracy), "\(score.correct) of \(score.n)", interval ?? "–",
      ])
    }
    let members = result.ingredients.map { name in
      String(format: "%@ (%.4g)", name, result.weights[name] ?? 0)
    }
    return table.text + "\n\nIngredients, with their weights: \(members.joined(separator: ", "))."
  }

  private var ingredientTable: String {
    let keys = sweep.hyperparameterNames
    let members = Set(best?.result.ingredients ?? [])
    let header =
      ["ingredient", "in the best soup", splits.val] + splits.test
      + (splits.shifts.isEmpty ? [] : ["shifts, mean"]) + keys
    var table = MarkdownTable(header, textColumns: 1)
    for ingredient in sweep.ingredients {
      var cells = [ingredient.name, members.contains(ingredient.name) ? "✓" : ""]
      cells += ([splits.val] + splits.test).map {
        Self.percent(accuracy(of: ingredient, on: $0))
      }
      if !splits.shifts.isEmpty {
        cells.append(Self.percent(mean(splits.shifts) { accuracy(of: ingredient, on: $0) }))
      }
      cells += keys.map { short(ingredient.hyperparameter($0)) }
      table.add(cells)
    }
    return table.text
  }

  /// Numbers with four significant digits: what a person compares.
  private func short(_ value: HyperValue) -> String {
    value.number.map { String(format: "%.4g", $0) } ?? value.description
  }

  private static func percent(_ share: Double?) -> String {
    share.map { String(format: "%.2f %%", $0 * 100) } ?? "–"
  }

  // MARK: For programs

  func document(written: [String]?) -> ReportDocument {
    ReportDocument(
      sweep: sweep.name, directory: sweep.directory, val: splits.val, test: splits.test,
      shifts: splits.shifts,
      rows: ComparisonDocument(rows, splits: splits, skipped: [:]).rows, best: best?.label,
      written: written)
  }
}

/// What `report --json` prints.
struct ReportDocument: Encodable {
  let sweep: String
  let directory: String
  let val: String
  let test: [String]
  let shifts: [String]
  let rows: [ComparisonDocument.Row]
  /// The soup that is best on val.
  let best: String?
  let written: [String]?
}

/// A table in GitHub's Markdown.
struct MarkdownTable {
  private var lines: [String]

  /// - Parameter textColumns: how many columns are flush left; numbers are flush right.
  init(_ header: [String], textColumns: Int) {
    let rules = header.indices.map { $0 < textColumns ? "---" : "---:" }
    lines = []
    add(header)
    add(rules)
  }

  mutating func add(_ cells: [String]) {
    let escaped = cells.map { cell in
      String(cell.map { $0.isNewline ? " " : $0 }).replacing("|", with: "\\|")
    }
    lines.append("| " + escaped.joined(separator: " | ") + " |")
  }

  var text: String { lines.joined(separator: "\n") }
}
