import Checkpoints
import Foundation
import GRDB

extension Ledger {
  /// Bytes that all gradients together may take before the oldest go.
  static let gradientsLimit = 256 << 20

  /// The numbers of a gradient that was computed before, or nil.
  ///
  /// A learned soup that was cut off finds every step of its descent here, and takes the same way
  /// again, bit for bit, without computing anything twice.
  package func gradient(for key: ContentAddress) throws -> [Double]? {
    let content = try read { database in
      try Data.fetchOne(
        database, sql: "SELECT content FROM gradient WHERE key = ?", arguments: [key.hex])
    }
    guard let content, content.count.isMultiple(of: 8) else { return nil }
    return content.withUnsafeBytes { bytes in
      (0..<content.count / 8).map { place in
        Double(
          bitPattern: UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self)))
      }
    }
  }

  /// Keeps the numbers of a gradient; the oldest give way when all together are too large.
  package func keepGradient(_ numbers: [Double], for key: ContentAddress) throws {
    let content = numbers.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
    try write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO gradient (key, content, bytes) VALUES (?, ?, ?)",
        arguments: [key.hex, content, content.count])
      let total = try Int.fetchOne(database, sql: "SELECT sum(bytes) FROM gradient") ?? 0
      guard total > Self.gradientsLimit else { return }
      // A half at once, so that this is seldom done.
      try database.execute(
        sql: """
          DELETE FROM gradient WHERE number <= (
            SELECT number FROM gradient ORDER BY number LIMIT 1
            OFFSET (SELECT count(*) / 2 FROM gradient))
          """)
    }
  }
}
