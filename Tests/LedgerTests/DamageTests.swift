import Checkpoints
import Evaluation
import Foundation
import GRDB
import Testing

@testable import Ledger

@Suite struct DamageTests {
  private let folder: TemporaryFolder
  private var directory: String { folder.path + "/.stockpot" }
  private var database: String { directory + "/ledger.sqlite" }

  init() throws { folder = try TemporaryFolder() }

  @Test func aDatabaseThatIsNoneIsSetAsideWhole() throws {
    let garbage = Array(repeating: UInt8(ascii: "x"), count: 10_000)
    for round in 0..<2 {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      try Data(garbage).write(to: URL(fileURLWithPath: database))
      let ledger = try Ledger(directory: directory)
      let aside = try #require(ledger.setAside, "round \(round)")
      #expect(Array(try Data(contentsOf: URL(fileURLWithPath: aside))) == garbage)
      try ledger.record(EvaluationRecord(score: Score(correct: 1, n: 2)), for: key(1))
      #expect(try ledger.evaluation(for: key(1)) != nil)
    }
    #expect(try Ledger(directory: directory).setAside == nil)
  }

  private func damage() throws {
    do {
      let ledger = try Ledger(directory: directory)
      for number in 0..<500 {
        try ledger.record(EvaluationRecord(score: Score(correct: 1, n: 2)), for: key(number))
      }
    }
    var bytes = try Data(contentsOf: URL(fileURLWithPath: database))
    #expect(bytes.count > 5 * 4096)
    for index in (bytes.count / 2)..<(bytes.count / 2 + 6000) { bytes[index] = 0xA5 }
    try bytes.write(to: URL(fileURLWithPath: database))
  }

  /// A killed process leaves the file that it had locked.
  @Test func aDamagedPageIsFoundAfterAKill() throws {
    try damage()
    try Data().write(to: URL(fileURLWithPath: directory + "/sessions/killed.lock"))
    let ledger = try Ledger(directory: directory)
    #expect(ledger.setAside != nil)
    #expect(try ledger.problems().isEmpty)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory + "/sessions").count == 1)
  }

  @Test func aDamagedPageThatIsMetIsFoundTheNextTime() throws {
    try damage()
    do {
      let ledger = try Ledger(directory: directory)
      #expect(ledger.setAside == nil)
      #expect(throws: InputError.self) {
        for number in 0..<500 { _ = try ledger.evaluation(for: key(number)) }
      }
    }
    #expect(try Ledger(directory: directory).setAside != nil)
    #expect(try Ledger(directory: directory).setAside == nil)
  }

  @Test func aNewerDatabaseIsLeftAlone() throws {
    do {
      let ledger = try Ledger(directory: directory)
      try ledger.write {
        try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('from the future')")
      }
    }
    let error = #expect(throws: InputError.self) { try Ledger(directory: directory) }
    #expect(error?.file == database)
    #expect(error?.mend?.contains("Update Stockpot") == true)
  }

  @Test func aFileInTheWayIsNamed() throws {
    let file = try folder.write("taken", [1])
    let error = #expect(throws: InputError.self) { try Ledger(directory: file) }
    #expect(error?.file == file)
    #expect(error?.mend != nil)
  }

  /// A ledger of the first version, with something in every table, reads as it did.
  @Test func theFirstVersionOpens() throws {
    let script = try #require(
      Bundle.module.url(forResource: "ledger-v1", withExtension: "sql", subdirectory: "Fixtures"))
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    do {
      let queue = try DatabaseQueue(path: database)
      try queue.writeWithoutTransaction {
        try $0.execute(sql: try String(contentsOf: script, encoding: .utf8))
      }
    }
    let ledger = try Ledger(directory: directory)
    #expect(ledger.setAside == nil)
    #expect(try ledger.evaluation(for: key(1))?.score == Score(correct: 542, n: 600, nll: 0.5))
    #expect(try ledger.evaluation(for: key(1))?.metrics == ["top5": 0.75])
    let run = RunID(7)
    #expect(try ledger.run(run)?.status == .interrupted)
    #expect(try ledger.run(run)?.members == ["a", "b"])
    #expect(try ledger.decisions(of: run).map(\.candidate) == ["a", "b"])
    #expect(try ledger.decisions(of: run).map(\.correct) == [542, nil])
    #expect(try ledger.soups().map(\.name) == ["mine"])
    #expect(try ledger.soups().map(\.blend) == ["[[\"a\",1]]"])
    #expect(try ledger.logitsSize() == 464)
  }

  @Test func networkFileSystemsAreTold() {
    let mounts = """
      /dev/sda1 / ext4 rw 0 0
      server:/home /home nfs4 rw 0 0
      tmpfs /home/me/scratch tmpfs rw 0 0
      box:/x /mnt/two\\040words fuse.sshfs rw 0 0
      """
    #expect(!isOnNetworkFileSystem("/var/x", mounts: mounts))
    #expect(isOnNetworkFileSystem("/home/me", mounts: mounts))
    #expect(isOnNetworkFileSystem("/home", mounts: mounts))
    #expect(!isOnNetworkFileSystem("/home/me/scratch/run", mounts: mounts))
    #expect(!isOnNetworkFileSystem("/homestead", mounts: mounts))
    #expect(isOnNetworkFileSystem("/mnt/two words/x", mounts: mounts))
    #expect(!isOnNetworkFileSystem("/anything", mounts: ""))
  }
}
