import Foundation
import GRDB

/// What is known of an evaluation that was given up: never more than that.
package struct EvaluationBound: Hashable, Sendable {
  /// Right ones of the examples that were seen.
  package let correct: Int
  /// Examples that were seen.
  package let seen: Int
  /// Examples of the whole split.
  package let n: Int

  package init(correct: Int, seen: Int, n: Int) {
    self.correct = correct
    self.seen = seen
    self.n = n
  }

  /// Examples that a whole evaluation can have right at most.
  package var mostCorrect: Int { correct + n - seen }
}

extension Ledger {
  /// What an evaluation that was given up has shown, or nil; a whole one leaves none.
  package func bound(for key: EvaluationKey) throws -> EvaluationBound? {
    try read { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT correct, seen, n FROM bound
          WHERE weights = ? AND split = ? AND evaluator = ?
          """,
        arguments: [key.weights.hex, key.split.hex, key.evaluator.hex])
    }.map { EvaluationBound(correct: $0["correct"], seen: $0["seen"], n: $0["n"]) }
  }

  /// Keeps a bound, unless a tighter one or the whole evaluation is known.
  package func record(_ bound: EvaluationBound, for key: EvaluationKey) throws {
    try write { database in
      let address: [any DatabaseValueConvertible] = [
        key.weights.hex, key.split.hex, key.evaluator.hex,
      ]
      try database.execute(
        sql: """
          INSERT INTO bound (weights, split, evaluator, correct, seen, n, date)
          SELECT ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (
            SELECT 1 FROM evaluation WHERE weights = ? AND split = ? AND evaluator = ?)
          ON CONFLICT DO UPDATE SET
            correct = excluded.correct, seen = excluded.seen, n = excluded.n, date = excluded.date
          WHERE excluded.correct + excluded.n - excluded.seen
            < bound.correct + bound.n - bound.seen
          """,
        arguments: StatementArguments(
          address + [bound.correct, bound.seen, bound.n, Date().timeIntervalSince1970] + address))
    }
  }

  /// For when the whole evaluation is known.
  func dropBound(for key: EvaluationKey, _ database: Database) throws {
    try database.execute(
      sql: "DELETE FROM bound WHERE weights = ? AND split = ? AND evaluator = ?",
      arguments: [key.weights.hex, key.split.hex, key.evaluator.hex])
  }
}
