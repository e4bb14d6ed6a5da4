import ArgumentParser
import Charts
import Dashboard
import Evaluation
import Foundation
import Kitchen
import Sweeps

/// Prints the ingredients of a sweep.
struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the ingredients with hyperparameters and known metrics.",
    discussion: """
      Examples:
        stockpot list sweeps/digits --sort val --filter 'val>0.85 lr<1e-3'
        stockpot list --json | jq '.ingredients[].name'
        stockpot list --csv > results.csv       # which opens as a sweep's results again
      """)

  @Argument(help: "The sweep's folder (default: this one).", completion: .directory)
  var sweep: String?

  @Option(help: "Column to sort by; a leading - turns the order round.")
  var sort: String?

  @Option(help: "Terms that must hold, as in the dashboard: 'val>0.9 name:ft -mixup:0'.")
  var filter: String?

  @Flag(help: "One JSON document instead of a table.")
  var json = false

  @Flag(help: "Comma-separated values with a header line instead of a table.")
  var csv = false

  func validate() throws {
    if json && csv { throw ValidationError("--json or --csv, not both") }
  }

  func run() async throws {
    let (path, sort, filter) = (sweep, sort, filter)
    let form: IngredientListing.Form = json ? .json : csv ? .csv : .text
    try await Ending.of {
      try IngredientListing.show(path, sort: sort, filter: filter, as: form)
    }
  }
}

/// The table of ingredients outside the dashboard, with the same columns, order and filter.
struct IngredientListing {
  /// How it is printed.
  enum Form {
    case text
    case csv
    case json
  }

  /// Prints the ingredients of the sweep at `path` (default: the present folder).
  static func show(
    _ path: String?, sort: String? = nil, filter: String? = nil, as form: Form = .text
  ) throws {
    let sweep = try Sweep.open(path ?? ".")
    SweepOpening.tellNotes(of: sweep, quiet: false)
    let listing = try IngredientListing(
      sweep: sweep, known: SweepOpening.knownScores(of: sweep), sort: sort, filter: filter)
    switch form {
    case .text: Console.print(listing.text)
    case .csv: print(listing.csv, terminator: "")
    case .json: try Console.json(listing.document)
    }
  }

  private let sweep: Sweep
  private var table: IngredientTable

  /// - Parameter known: what was measured, by ingredient and split; it goes before what files say.
  init(
    sweep: Sweep, known: [String: [String: Score]], sort: String? = nil, filter: String? = nil
  ) throws {
    self.sweep = sweep
    table = IngredientTable(sweep: sweep)
    table.take(known)
    table.arrange(members: [])
    if let filter {
      do {
        table.setFilter(try Filter(parsing: filter, columns: table.columns), members: [])
      } catch {
        throw ValidationError("--filter: \(error.message)")
      }
    }
    if let sort { try order(by: sort) }
  }

  private mutating func order(by text: String) throws {
    let isReversed = text.hasPrefix("-")
    let name = isReversed ? String(text.dropFirst()) : text
    guard let column = table.columns.first(where: { $0.title.lowercased() == name.lowercased() })
    else {
      let known = table.columns.map(\.title).joined(separator: ", ")
      throw ValidationError("--sort: no column '\(name)'; there are \(known)")
    }
    let upwards = column.sortsUpwards != isReversed
    table.setSort(IngredientTable.Sort(column: column, isAscending: upwards), members: [])
  }

  /// A document with the ingredients in the order asked for.
  var document: ListDocument {
    ListDocument(
      sweep: sweep.name, directory: sweep.directory,
      splits: sweep.splits.map { .init(name: $0.name, role: $0.role.rawValue) },
      initialisation: sweep.initialisation?.name,
      ingredients: table.shown.compactMap { table.ingredient($0) }.map { ingredient in
        IngredientDocument(
          name: ingredient.name, file: ingredient.file,
          hyperparameters: Dictionary(
            ingredient.hyperparameters.map { ($0.key, HyperDocument(value: $0.value)) },
            uniquingKeysWith: { first, _ in first }),
          metrics: metrics(of: ingredient))
      },
      references: sweep.references.map {
        .init(name: $0.name, metrics: $0.metrics.mapValues { ScoreDocument($0) })
      },
      notes: sweep.notes.map(\.description))
  }

  /// By split: measured where it was, else as the results say.
  private func metrics(of ingredient: Ingredient) -> [String: ScoreDocument] {
    // Of a scalar metric there is no count, and nothing to show in place of what files say.
    let measured = (table.measured[ingredient.name] ?? [:]).filter { $0.value.n > 0 }
    return ingredient.metrics.mapValues { ScoreDocument($0) }
      .merging(measured.mapValues { ScoreDocument($0) }) { $1 }
  }

  /// RFC 4180: names, accuracies as fractions with their counts, hyperparameters.
  var csv: String {
    let ingredients = table.shown.compactMap { table.ingredient($0) }
    let splits = sweep.splits.map(\.name)
    let keys = sweep.hyperparameterNames
    let measures = splits.flatMap { ["\($0)_acc", "\($0)_correct", "\($0)_n", "\($0)_nll"] }
    var csv = CSV(["name", "path"] + keys + measures)
    for ingredient in ingredients {
      var fields = [ingredient.name, ingredient.file ?? ""]
      for key in keys {
        let value = ingredient.hyperparameter(key)
        fields.append(value == .null ? "" : value.description)
      }
      let metrics = metrics(of: ingredient)
      for split in splits {
        let metric = metrics[split]
        fields.append((metric?.accuracy).map { "\($0)" } ?? "")
        fields.append((metric?.correct).map(String.init) ?? "")
        fields.append((metric?.n).map(String.init) ?? "")
        fields.append((metric?.nll).map { "\($0)" } ?? "")
      }
      csv.add(fields)
    }
    return csv.text
  }

  /// Columns aligned with spaces, a header first.
  var text: String {
    let columns = table.columns
    var rows = [columns.map(\.title)]
    rows += table.shown.map { name in columns.map { table.text(of: name, in: $0) } }
    let widths = columns.indices.map { place in rows.map { $0[place].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, columns.indices).map { cell, place in
        columns[place] == .name
          ? cell.rightPadded(to: widths[place])
          : cell.leftPadded(to: widths[place])
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

/// What `list --json` prints.
struct ListDocument: Encodable {
  struct SplitDocument: Encodable {
    let name: String
    let role: String
  }
  struct ReferenceDocument: Encodable {
    let name: String
    let metrics: [String: ScoreDocument]
  }

  let sweep: String
  let directory: String
  let splits: [SplitDocument]
  let initialisation: String?
  let ingredients: [IngredientDocument]
  let references: [ReferenceDocument]
  let notes: [String]
}
