import Checkpoints
import GRDB

extension Ledger {
  /// What a pass over an ingredient's bytes, or an exported model's, told, as its writer understands it.
  ///
  /// - Parameter reference: what it was measured against; nil for nothing.
  package func reading(
    of weights: ContentAddress, against reference: ContentAddress?
  ) throws -> String? {
    try read { database in
      try String.fetchOne(
        database, sql: "SELECT content FROM reading WHERE weights = ? AND reference = ?",
        arguments: [weights.hex, reference?.hex ?? ""])
    }
  }

  /// Keeps it, in place of one that was kept before.
  package func keepReading(
    _ content: String, of weights: ContentAddress, against reference: ContentAddress?
  ) throws {
    try write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO reading (weights, reference, content) VALUES (?, ?, ?)",
        arguments: [weights.hex, reference?.hex ?? "", content])
    }
  }
}
