import ArgumentParser
import Dashboard
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
      """)

  @Argument(help: "The sweep's folder (default: this one).")
  var sweep: String?

  @Option(help: "Column to sort by; a leading - turns the order round.")
  var sort: String?

  @Option(help: "Terms that must hold, as in the dashboard: 'val>0.9 name:ft -mixup:0'.")
  var filter: String?

  @Flag(help: "One JSON document instead of a table.")
  var json = false

  func run() async throws {
    let (path, sort, filter, json) = (sweep, sort, filter, json)
    try await Ending.of {
      let sweep = try Sweep.open(path ?? ".")
      SweepOpening.tellNotes(of: sweep, quiet: false)
      let listing = try IngredientListing(sweep: sweep, sort: sort, filter: filter)
      if json {
        try Console.json(listing.document)
      } else {
        print(listing.text)
      }
    }
  }
}

/// The table of ingredients outside the dashboard, with the same columns, order and filter.
struct IngredientListing {
  private let sweep: Sweep
  private var table: IngredientTable

  init(sweep: Sweep, sort: String?, filter: String?) throws {
    self.sweep = sweep
    table = IngredientTable(sweep: sweep)
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
          metrics: ingredient.metrics.mapValues { ScoreDocument($0) })
      },
      references: sweep.references.map {
        .init(name: $0.name, metrics: $0.metrics.mapValues { ScoreDocument($0) })
      },
      notes: sweep.notes.map(\.description))
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
