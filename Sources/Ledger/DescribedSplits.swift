import GRDB

extension Ledger {
  /// The address of a split whose examples the evaluator makes, as it last described it; nil before.
  package func describedSplit(
    named name: String, by evaluator: ContentAddress
  ) throws -> ContentAddress? {
    try read { database in
      try String.fetchOne(
        database, sql: "SELECT address FROM described_split WHERE evaluator = ? AND name = ?",
        arguments: [evaluator.hex, name])
    }.flatMap(ContentAddress.init(hex:))
  }

  /// Remembers what the evaluator described, in place of what it described before.
  package func remember(
    split: ContentAddress, named name: String, describedBy evaluator: ContentAddress
  ) throws {
    guard try describedSplit(named: name, by: evaluator) != split else { return }
    try write { database in
      try database.execute(
        sql: """
          INSERT OR REPLACE INTO described_split (evaluator, name, address) VALUES (?, ?, ?)
          """,
        arguments: [evaluator.hex, name, split.hex])
    }
  }
}
