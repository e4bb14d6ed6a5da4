import Checkpoints
package import Foundation
import GRDB

extension Ledger {
  /// Keeps the logits of an evaluation, then evicts what is over the limit.
  ///
  /// Evicted are the files that were not used for the longest time, never pinned ones.
  /// - Parameters:
  ///   - logits: row-major, examples × classes.
  ///   - entering: what else is entered together with them.
  func store(
    _ logits: UnsafeBufferPointer<Float>, classes: Int, for key: EvaluationKey,
    entering: (Database) throws -> Void = { _ in }
  ) throws {
    precondition(classes > 0 && logits.count.isMultiple(of: classes), "rows of unequal length")
    let address = key.address
    let bytes = try self.logits.write(logits, classes: classes, for: address)
    try write { database in
      try entering(database)
      try database.execute(
        sql:
          "INSERT OR REPLACE INTO logits (key, examples, classes, bytes, used) VALUES (?, ?, ?, ?, ?)",
        arguments: [
          address.hex, logits.count / classes, classes, bytes, Date().timeIntervalSince1970,
        ])
      try evict(database, keeping: address)
    }
  }

  /// The logits of an evaluation, mapped; nil when there are none, or none that are whole.
  ///
  /// The first time in a process a file's checksum is verified, which reads all of it.
  package func logits(for key: EvaluationKey) throws -> StoredLogits? {
    let address = key.address
    let used = try read { database in
      try Double.fetchOne(
        database, sql: "SELECT used FROM logits WHERE key = ?", arguments: [address.hex])
    }
    guard let used else { return nil }
    guard let stored = logits.open(address, isVerified: verified.contains(address)) else {
      try write { try forget(address, $0) }
      return nil
    }
    verified.insert(address)
    let now = Date().timeIntervalSince1970
    // A write for every read would be many; the order of eviction needs no better clock.
    if now - used > 60 {
      try write { database in
        try database.execute(
          sql: "UPDATE logits SET used = ? WHERE key = ?", arguments: [now, address.hex])
      }
    }
    return stored
  }

  /// Whether the logits of an evaluation are there, by the ledger's word: they may be damaged.
  package func hasLogits(for key: EvaluationKey) throws -> Bool {
    try read {
      try Bool.fetchOne(
        $0, sql: "SELECT EXISTS (SELECT 1 FROM logits WHERE key = ?)",
        arguments: [key.address.hex])
    } ?? false
  }

  /// Keeps the logits of `keys`, stored or yet to be, from eviction by any process.
  ///
  /// Counted: each call is undone by one `unpin`. Pins end with the process.
  package func pin(_ keys: [EvaluationKey]) throws {
    try write { database in
      for key in keys {
        try database.execute(
          sql: """
            INSERT INTO pin (key, session, times) VALUES (?, ?, 1)
            ON CONFLICT (key, session) DO UPDATE SET times = times + 1
            """,
          arguments: [key.address.hex, session.id])
      }
    }
  }

  /// Undoes one `pin` of each of `keys`.
  package func unpin(_ keys: [EvaluationKey]) throws {
    try write { database in
      for key in keys {
        let arguments: StatementArguments = [key.address.hex, session.id]
        try database.execute(
          sql: "UPDATE pin SET times = times - 1 WHERE key = ? AND session = ?",
          arguments: arguments)
        try database.execute(
          sql: "DELETE FROM pin WHERE key = ? AND session = ? AND times <= 0",
          arguments: arguments)
      }
    }
  }

  /// Bytes of all logits files.
  package func logitsSize() throws -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT COALESCE(SUM(bytes), 0) FROM logits") } ?? 0
  }

  /// Removes files that a killed process left without an entry.
  ///
  /// Files younger than an hour are left alone: another process may be about to enter them.
  /// - Returns: how many were removed.
  @discardableResult
  package func tidy(now: Date = Date()) throws -> Int {
    let known = try Set(read { try String.fetchAll($0, sql: "SELECT key FROM logits") })
    var removed = 0
    for folder in (try? FileManager.default.contentsOfDirectory(atPath: logits.path)) ?? [] {
      let path = "\(logits.path)/\(folder)"
      for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
        var status = stat()
        let file = "\(path)/\(name)"
        guard !known.contains(String(name.prefix { $0 != "." })) || name.hasSuffix(".tmp"),
          stat(file, &status) == 0,
          now.timeIntervalSince1970 - Double(status.st_mtim.tv_sec) > 3600
        else { continue }
        if unlink(file) == 0 { removed += 1 }
      }
    }
    return removed
  }

  private func evict(_ database: Database, keeping newest: ContentAddress) throws {
    var total = try Int.fetchOne(database, sql: "SELECT SUM(bytes) FROM logits") ?? 0
    guard total > logitsLimit else { return }
    try dropPinsOfEndedSessions(database)
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT key, bytes FROM logits
        WHERE key <> ? AND key NOT IN (SELECT key FROM pin) ORDER BY used, key
        """,
      arguments: [newest.hex])
    for row in rows where total > logitsLimit {
      guard let address = ContentAddress(hex: row["key"]) else { continue }
      try forget(address, database)
      total -= row["bytes"] as Int
    }
  }

  private func forget(_ address: ContentAddress, _ database: Database) throws {
    try database.execute(sql: "DELETE FROM logits WHERE key = ?", arguments: [address.hex])
    verified.remove(address)
    logits.remove(address)
  }

  private func dropPinsOfEndedSessions(_ database: Database) throws {
    let sessions = try String.fetchAll(database, sql: "SELECT DISTINCT session FROM pin")
    for id in sessions where id != session.id && Session.hasEnded(id, folder: sessionsFolder) {
      try database.execute(sql: "DELETE FROM pin WHERE session = ?", arguments: [id])
    }
  }
}
