import Checkpoints
import Foundation
import GRDB

/// What a sweep's Stockpot remembers: evaluations, logits, runs with their decisions, and soups.
///
/// One folder, `.stockpot`: `ledger.sqlite`, `logits/`, `sessions/`. Any number of threads and of
/// processes may use it at once. Every function that touches the disk throws `InputError` naming the
/// file and the mend; nothing is lost when the process is killed at any moment.
package final class Ledger: Sendable {
  /// Absolute path of the folder.
  package let directory: String
  /// Where a database that could not be read was moved when this ledger was opened; nil normally.
  package let setAside: String?
  let database: any DatabaseWriter
  let session: Session
  let logits: LogitsFolder
  let verified = VerifiedFiles()
  /// Bytes that all logits files together may take, those in use aside.
  package let logitsLimit: Int

  /// Opens the ledger in `directory`, making what is missing.
  ///
  /// Runs whose process has died are marked as interrupted. A database that cannot be read is moved
  /// aside, never deleted, and a new one begun. All of it is read to see that only when a process was
  /// killed with it, or found it damaged.
  /// - Parameter logitsLimit: bytes that all logits files together may take; those that are pinned
  ///   are kept even beyond it.
  /// - Throws: `InputError` when the folder cannot be written to, or is of a newer Stockpot.
  package init(directory: String, logitsLimit: Int = 4 << 30) throws {
    self.directory = directory
    self.logitsLimit = logitsLimit
    let file = Ledger.databaseFile(in: directory)
    logits = LogitsFolder(path: directory + "/logits")
    do {
      for folder in ["", "/logits", "/sessions"] {
        try FileManager.default.createDirectory(
          atPath: directory + folder, withIntermediateDirectories: true)
      }
      // A session is made under the lock, too: others see its file and the lock on it at once.
      (session, database, setAside) = try withLock(file: directory + "/ledger.lock") {
        let session = try Session(folder: directory + "/sessions")
        let wasCutOff = session.removeTraces(in: directory + "/sessions")
        let (database, aside) = try Ledger.openOrSetAside(file, isChecked: wasCutOff)
        return (session, database, aside)
      }
    } catch let error as InputError {
      throw error
    } catch let error as DatabaseError {
      throw Ledger.explained(error, file: file)
    } catch {
      throw InputError(
        file: directory, problem: "cannot be written to (\(Ledger.reason(error)))",
        mend: "Make the folder writable, or free space on its disk")
    }
    try markInterruptedRuns()
  }

  /// Whether there is one in `directory`.
  package static func isThere(in directory: String) -> Bool {
    access(databaseFile(in: directory), F_OK) == 0
  }

  /// Where a session's lock files are.
  var sessionsFolder: String { directory + "/sessions" }
  var databaseFile: String { Ledger.databaseFile(in: directory) }

  private static func databaseFile(in directory: String) -> String { directory + "/ledger.sqlite" }

  private static func openOrSetAside(
    _ file: String, isChecked: Bool
  ) throws -> (any DatabaseWriter, String?) {
    do {
      return (try open(file, isChecked: isChecked), nil)
    } catch let error as DatabaseError where isDamage(error) {
      let aside = try setAside(file)
      return (try open(file, isChecked: false), aside)
    }
  }

  private static func directory(of file: String) -> String {
    String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
  }

  /// - Parameter isChecked: whether all of it is read to see that it is sound.
  private static func open(_ file: String, isChecked: Bool) throws -> any DatabaseWriter {
    var configuration = Configuration()
    configuration.busyMode = .timeout(20)
    configuration.foreignKeysEnabled = true
    configuration.label = "ledger"
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
    }
    // Write-ahead logs need memory that processes share, which network file systems do not give.
    let writer: any DatabaseWriter =
      isOnNetworkFileSystem(directory(of: file))
      ? try DatabaseQueue(path: file, configuration: configuration)
      : try DatabasePool(path: file, configuration: configuration)
    let migrator = Schema.migrator
    if try writer.read(migrator.hasBeenSuperseded) {
      throw InputError(
        file: file, problem: "was written by a newer Stockpot",
        mend: "Update Stockpot, or move the file away to begin anew")
    }
    try migrator.migrate(writer)
    guard isChecked else { return writer }
    let damage = try writer.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
    if let damage, damage != "ok" {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: damage)
    }
    return writer
  }

  private static func isDamage(_ error: DatabaseError) -> Bool {
    [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
  }

  /// Renames the database and its companions; the new name of the database.
  private static func setAside(_ file: String) throws -> String {
    let stamp = Int(Date().timeIntervalSince1970)
    var aside = "\(file).damaged-\(stamp)"
    var number = 2
    while access(aside, F_OK) == 0 {
      aside = "\(file).damaged-\(stamp)-\(number)"
      number += 1
    }
    for suffix in ["", "-wal", "-shm", "-journal"] where access(file + suffix, F_OK) == 0 {
      guard rename(file + suffix, aside + suffix) == 0 else {
        throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
      }
    }
    return aside
  }
}

// MARK: - Access, and errors as people need them

extension Ledger {
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do {
      return try database.read(body)
    } catch let error as DatabaseError {
      throw explained(error)
    }
  }

  func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do {
      return try database.write(body)
    } catch let error as DatabaseError {
      throw explained(error)
    }
  }

  private func explained(_ error: DatabaseError) -> InputError {
    if Ledger.isDamage(error) { session.distrust() }
    return Ledger.explained(error, file: databaseFile)
  }

  /// What a check of the whole database finds wrong; empty when it is sound.
  ///
  /// Reads everything, so it is for a check-up and not for every start.
  package func problems() throws -> [String] {
    try read { database in
      try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
    }
  }

  static func explained(_ error: DatabaseError, file: String) -> InputError {
    let mend: String
    switch error.resultCode {
    case .SQLITE_FULL: mend = "Free space on the disk"
    case .SQLITE_BUSY, .SQLITE_LOCKED: mend = "Another process holds it; try again"
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      mend = "Make the file and its folder writable"
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      mend = "Start Stockpot anew: it sets the damaged file aside and begins another"
    default: mend = "Move the file away to begin another"
    }
    return InputError(
      file: file, problem: "the ledger failed (\(error.message ?? "\(error.resultCode)"))",
      mend: mend)
  }

  static func reason(_ error: any Error) -> String {
    if let error = error as? POSIXError { return String(cString: strerror(error.code.rawValue)) }
    let inner = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    if let inner, inner.domain == NSPOSIXErrorDomain {
      return String(cString: strerror(Int32(inner.code)))
    }
    return error.localizedDescription
  }
}
