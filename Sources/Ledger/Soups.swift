import Checkpoints
package import Foundation
import GRDB

/// A blend that was given a name.
package struct NamedSoup: Identifiable, Hashable, Sendable {
  package let id: Int64
  package let name: String
  /// JSON.
  package let blend: String
  /// JSON: recipe, metrics, addresses.
  package let provenance: String
  package let date: Date
}

extension Ledger {
  /// Keeps a blend under a name.
  /// - Parameter replacing: whether a soup of that name gives way.
  /// - Throws: `InputError` when there is one of that name and it is not to be replaced.
  @discardableResult
  package func saveSoup(
    name: String, blend: String, provenance: String, replacing: Bool = false
  ) throws -> NamedSoup {
    try write { database in
      if replacing {
        try database.execute(sql: "DELETE FROM soup WHERE name = ?", arguments: [name])
      } else {
        try checkFree(name, database)
      }
      let date = Date()
      try database.execute(
        sql: "INSERT INTO soup (name, blend, provenance, date) VALUES (?, ?, ?, ?)",
        arguments: [name, blend, provenance, date.timeIntervalSince1970])
      return NamedSoup(
        id: database.lastInsertedRowID, name: name, blend: blend, provenance: provenance,
        date: date)
    }
  }

  /// The earliest first.
  package func soups() throws -> [NamedSoup] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM soup ORDER BY id")
    }.map(NamedSoup.init(row:))
  }

  /// Removes a soup from the list; files that were exported stay.
  package func deleteSoup(_ id: Int64) throws {
    try write { database in
      try database.execute(sql: "DELETE FROM soup WHERE id = ?", arguments: [id])
    }
  }

  private func checkFree(_ name: String, _ database: Database) throws {
    let isTaken =
      try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM soup WHERE name = ?)", arguments: [name])
      ?? false
    if isTaken {
      throw InputError(
        file: databaseFile, place: "soup \(name)", problem: "there is a soup of that name",
        mend: "Choose another name")
    }
  }
}

extension NamedSoup {
  fileprivate init(row: Row) {
    self.init(
      id: row["id"], name: row["name"], blend: row["blend"], provenance: row["provenance"],
      date: Date(timeIntervalSince1970: row["date"]))
  }
}
