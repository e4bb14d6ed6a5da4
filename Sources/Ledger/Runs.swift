package import Foundation
import GRDB

/// A run's number in its ledger.
package struct RunID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let number: Int64

  package init(_ number: Int64) { self.number = number }

  package static func < (left: RunID, right: RunID) -> Bool { left.number < right.number }

  package var description: String { "\(number)" }
}

/// One cooking of a recipe.
package struct Run: Identifiable, Hashable, Sendable {
  package enum Status: String, Sendable, CaseIterable {
    case running
    case finished
    case cancelled
    case failed
    /// Its process died; its decisions are there, and it can be resumed.
    case interrupted
  }

  package let id: RunID
  package let recipe: String
  /// JSON that the recipe understands.
  package let options: String
  /// Names of the ingredients it chooses from, in sweep order.
  package let members: [String]
  package let status: Status
  package let started: Date
  package let finished: Date?
  /// JSON of the blend it ended with.
  package let soup: String?
  /// Why it failed.
  package let message: String?
}

/// One candidate's verdict.
package struct RunDecision: Hashable, Sendable {
  /// Counts from zero within the run.
  package let sequence: Int
  package let candidate: String
  /// Right of `n` examples looked at; nil when the recipe has no count.
  package let correct: Int?
  package let n: Int?
  package let accepted: Bool
  /// Examples above (or below, negative) the bar.
  package let margin: Int?
  /// JSON that the recipe understands.
  package let payload: String
  package let date: Date

  package init(
    sequence: Int, candidate: String, correct: Int?, n: Int?, accepted: Bool, margin: Int?,
    payload: String = "{}", date: Date = Date()
  ) {
    self.sequence = sequence
    self.candidate = candidate
    self.correct = correct
    self.n = n
    self.accepted = accepted
    self.margin = margin
    self.payload = payload
    self.date = date
  }
}

extension Ledger {
  /// Enters a run as running.
  /// - Parameter options: JSON.
  package func beginRun(recipe: String, options: String = "{}", members: [String]) throws -> RunID {
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO run (recipe, options, members, status, session, started)
          VALUES (?, ?, ?, 'running', ?, ?)
          """,
        arguments: [
          recipe, options, json(members), session.id, Date().timeIntervalSince1970,
        ])
      return RunID(database.lastInsertedRowID)
    }
  }

  /// Enters a decision.
  ///
  /// The same sequence number again takes its place: a resumed run walks through its decisions anew.
  package func append(_ decision: RunDecision, to run: RunID) throws {
    try write { database in
      try database.execute(
        sql: """
          INSERT OR REPLACE INTO decision
          (run, sequence, candidate, correct, n, accepted, margin, payload, date)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          run.number, decision.sequence, decision.candidate, decision.correct, decision.n,
          decision.accepted, decision.margin, decision.payload,
          decision.date.timeIntervalSince1970,
        ])
    }
  }

  /// Enters how a run ended.
  /// - Parameters:
  ///   - soup: JSON of the blend it ended with.
  ///   - message: why it failed.
  package func finish(
    _ run: RunID, _ status: Run.Status, soup: String? = nil, message: String? = nil
  ) throws {
    try write { database in
      try database.execute(
        sql: "UPDATE run SET status = ?, finished = ?, soup = ?, message = ? WHERE id = ?",
        arguments: [
          status.rawValue, Date().timeIntervalSince1970, soup, message, run.number,
        ])
    }
  }

  /// Takes over an interrupted run, to go on after its last decision.
  /// - Returns: false when it is not interrupted, or another process was faster.
  package func resume(_ run: RunID) throws -> Bool {
    try write { database in
      try database.execute(
        sql: """
          UPDATE run SET status = 'running', session = ?, finished = NULL
          WHERE id = ? AND status = 'interrupted'
          """,
        arguments: [session.id, run.number])
      return database.changesCount == 1
    }
  }

  /// Takes over the latest interrupted run of a recipe with these options and members.
  /// - Returns: the run as it was; nil when there is none, or another process was faster.
  package func resume(recipe: String, options: String, members: [String]) throws -> Run? {
    let found = try runs(.interrupted).first {
      $0.recipe == recipe && $0.options == options && $0.members == members
    }
    guard let found, try resume(found.id) else { return nil }
    return found
  }

  /// The latest runs first.
  package func runs(_ status: Run.Status? = nil, limit: Int = 1_000) throws -> [Run] {
    try read { database in
      let condition = status == nil ? "" : "WHERE status = ?"
      var arguments: StatementArguments = status.map { [$0.rawValue] } ?? []
      arguments += [limit]
      return try Row.fetchAll(
        database, sql: "SELECT * FROM run \(condition) ORDER BY id DESC LIMIT ?",
        arguments: arguments)
    }.map(Run.init(row:))
  }

  /// The decisions of a run in order: what a resumed run starts from.
  package func decisions(of run: RunID) throws -> [RunDecision] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM decision WHERE run = ? ORDER BY sequence",
        arguments: [run.number])
    }.map(RunDecision.init(row:))
  }

  /// Marks runs whose process has ended as interrupted.
  ///
  /// Called when a ledger is opened; call it again to notice a neighbour's death.
  package func markInterruptedRuns() throws {
    let sessions = try read { database in
      try String.fetchAll(
        database, sql: "SELECT DISTINCT session FROM run WHERE status = 'running'")
    }
    let ended = sessions.filter {
      $0 != session.id && Session.hasEnded($0, folder: sessionsFolder)
    }
    guard !ended.isEmpty else { return }
    try write { database in
      for id in ended {
        try database.execute(
          sql: "UPDATE run SET status = 'interrupted' WHERE status = 'running' AND session = ?",
          arguments: [id])
      }
    }
  }
}

extension Run {
  fileprivate init(row: Row) {
    let members: String = row["members"]
    let finished: Double? = row["finished"]
    self.init(
      id: RunID(row["id"]), recipe: row["recipe"], options: row["options"],
      members: (try? JSONDecoder().decode([String].self, from: Data(members.utf8))) ?? [],
      // A status that a later version invents is not running here.
      status: Status(rawValue: row["status"]) ?? .failed,
      started: Date(timeIntervalSince1970: row["started"]),
      finished: finished.map(Date.init(timeIntervalSince1970:)), soup: row["soup"],
      message: row["message"])
  }
}

extension RunDecision {
  fileprivate init(row: Row) {
    self.init(
      sequence: row["sequence"], candidate: row["candidate"], correct: row["correct"],
      n: row["n"], accepted: row["accepted"], margin: row["margin"], payload: row["payload"],
      date: Date(timeIntervalSince1970: row["date"]))
  }
}
