package import Evaluation
package import Foundation
import GRDB

/// What an evaluation's outcome depends on, all of it.
package struct EvaluationKey: Hashable, Sendable {
  package let weights: ContentAddress
  package let split: ContentAddress
  package let evaluator: ContentAddress

  package init(weights: ContentAddress, split: ContentAddress, evaluator: ContentAddress) {
    self.weights = weights
    self.split = split
    self.evaluator = evaluator
  }

  /// One name for all three.
  var address: ContentAddress {
    ContentAddress(hashing: "evaluation 1\n\(weights)\n\(split)\n\(evaluator)\n")
  }
}

/// The outcome of one whole evaluation.
package struct EvaluationRecord: Hashable, Sendable {
  package let score: Score
  /// How long it took.
  package let seconds: Double
  package let date: Date
  /// Further metrics by name.
  package let metrics: [String: Double]

  package init(
    score: Score, seconds: Double = 0, date: Date = Date(), metrics: [String: Double] = [:]
  ) {
    self.score = score
    self.seconds = seconds
    self.date = date
    self.metrics = metrics
  }
}

extension Ledger {
  /// What is recorded under `key`, or nil.
  package func evaluation(for key: EvaluationKey) throws -> EvaluationRecord? {
    try read { database in
      try Row.fetchOne(
        database,
        sql: "SELECT * FROM evaluation WHERE weights = ? AND split = ? AND evaluator = ?",
        arguments: [key.weights.hex, key.split.hex, key.evaluator.hex])
    }.map(EvaluationRecord.init(row:))
  }

  /// Everything recorded of one set of weights.
  package func evaluations(of weights: ContentAddress) throws -> [EvaluationKey: EvaluationRecord] {
    try evaluations("weights = ?", [weights.hex])
  }

  /// Everything recorded on one split by one evaluator: a sweep's column in one query.
  package func evaluations(
    on split: ContentAddress, by evaluator: ContentAddress
  ) throws -> [ContentAddress: EvaluationRecord] {
    let found = try evaluations("split = ? AND evaluator = ?", [split.hex, evaluator.hex])
    return Dictionary(found.map { ($0.key.weights, $0.value) }) { first, _ in first }
  }

  private func evaluations(
    _ condition: String, _ arguments: StatementArguments
  ) throws -> [EvaluationKey: EvaluationRecord] {
    let rows = try read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM evaluation WHERE \(condition)", arguments: arguments)
    }
    var found: [EvaluationKey: EvaluationRecord] = [:]
    for row in rows {
      guard let weights = ContentAddress(hex: row["weights"]),
        let split = ContentAddress(hex: row["split"]),
        let evaluator = ContentAddress(hex: row["evaluator"])
      else { continue }
      let key = EvaluationKey(weights: weights, split: split, evaluator: evaluator)
      found[key] = EvaluationRecord(row: row)
    }
    return found
  }

  /// Records an evaluation, in place of one that was recorded before.
  package func record(_ record: EvaluationRecord, for key: EvaluationKey) throws {
    try write { try enter(record, for: key, $0) }
  }

  private func enter(
    _ record: EvaluationRecord, for key: EvaluationKey, _ database: Database
  ) throws {
    let metrics = json(record.metrics.filter { $0.value.isFinite })
    let nll = record.score.nll.flatMap { $0.isFinite ? $0 : nil }
    try database.execute(
      sql: """
        INSERT OR REPLACE INTO evaluation
        (weights, split, evaluator, correct, n, nll, seconds, date, metrics)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        key.weights.hex, key.split.hex, key.evaluator.hex, record.score.correct, record.score.n,
        nll, record.seconds, record.date.timeIntervalSince1970, metrics,
      ])
    try dropBound(for: key, database)
  }

  /// Records an evaluation together with its logits: both are there afterwards or, for one who is
  /// killed meanwhile, neither.
  /// - Parameter logits: row-major, `score.n × classes`.
  /// - Throws: `InputError`; what could not be stored of the logits leaves the evaluation recorded.
  package func record(
    _ record: EvaluationRecord, for key: EvaluationKey, logits: Logits
  ) throws {
    do {
      try logits.withUnsafeBuffer { buffer in
        try store(buffer, classes: logits.classes, for: key) { try enter(record, for: key, $0) }
      }
    } catch {
      try self.record(record, for: key)
      throw error
    }
  }
}

extension EvaluationRecord {
  fileprivate init(row: Row) {
    let metrics: String = row["metrics"]
    self.init(
      score: Score(correct: row["correct"], n: row["n"], nll: row["nll"]),
      seconds: row["seconds"], date: Date(timeIntervalSince1970: row["date"]),
      metrics: (try? JSONDecoder().decode([String: Double].self, from: Data(metrics.utf8))) ?? [:])
  }
}

/// JSON with sorted keys.
///
/// Dictionaries and arrays of texts and finite numbers always have one.
func json(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
}
