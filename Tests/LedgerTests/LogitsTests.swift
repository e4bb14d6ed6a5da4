import Foundation
import GRDB
import Testing

@testable import Ledger

@Suite struct LogitsTests {
  private let folder: TemporaryFolder
  private var directory: String { folder.path + "/.stockpot" }

  init() throws { folder = try TemporaryFolder() }

  /// One file of `rows × 10` floats: 64 bytes of header and 40 a row.
  private func sample(_ number: Int, rows: Int = 10) -> [Float] {
    (0..<rows * 10).map { Float(number) + Float($0) / 100 }
  }

  @Test func logitsComeBackBitForBit() throws {
    let ledger = try Ledger(directory: directory)
    var floats = sample(1)
    floats[3] = .nan
    floats[4] = -.infinity
    floats[5] = -0.0
    try ledger.store(floats, classes: 10, for: key(1))
    let stored = try #require(try ledger.logits(for: key(1)))
    #expect(stored.examples == 10)
    #expect(stored.classes == 10)
    #expect(stored.withLogits { $0.map(\.bitPattern) } == floats.map(\.bitPattern))
    #expect(try ledger.logits(for: key(2)) == nil)
    #expect(try ledger.logitsSize() == 64 + 400)
    #expect(try ledger.hasLogits(for: key(1)) && !ledger.hasLogits(for: key(2)))
    let other = try Ledger(directory: directory)
    #expect(try other.floats(for: key(1))?.map(\.bitPattern) == floats.map(\.bitPattern))
  }

  @Test func noLogitsAtAllAreKeptToo() throws {
    let ledger = try Ledger(directory: directory)
    try ledger.store([], classes: 3, for: key(1))
    #expect(try ledger.logits(for: key(1))?.examples == 0)
    #expect(try ledger.floats(for: key(1)) == [])
  }

  @Test func anyDamageMakesThemUnknown() throws {
    var random = Seeded(7)
    for round in 0..<60 {
      let ledger = try Ledger(directory: directory)
      try ledger.store(sample(round), classes: 10, for: key(round))
      let file = ledger.logits.file(key(round).address)
      var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
      switch round % 3 {
      case 0:
        // The header's end is unused; everything else counts.
        let places = Array(0..<32) + Array(64..<bytes.count)
        bytes[places.randomElement(using: &random) ?? 0] ^=
          1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
      default: bytes += [0, 0, 0, 0]
      }
      try Data(bytes).write(to: URL(fileURLWithPath: file))
      #expect(try ledger.logits(for: key(round)) == nil, "round \(round)")
      #expect(!FileManager.default.fileExists(atPath: file))
      try ledger.store(sample(round), classes: 10, for: key(round))
      #expect(try ledger.floats(for: key(round)) == sample(round))
    }
  }

  @Test func theLeastRecentlyUsedAreEvicted() throws {
    let ledger = try Ledger(directory: directory, logitsLimit: 3 * 464)
    for number in 0..<3 { try ledger.store(sample(number), classes: 10, for: key(number)) }
    // Use is noted at most once a minute, so the entries are made older.
    try ledger.write { try $0.execute(sql: "UPDATE logits SET used = used - 1000") }
    _ = try ledger.logits(for: key(0))
    try ledger.store(sample(3), classes: 10, for: key(3))
    try ledger.store(sample(4), classes: 10, for: key(4))
    #expect(try ledger.floats(for: key(0)) == sample(0))
    #expect(try ledger.floats(for: key(1)) == nil)
    #expect(try ledger.floats(for: key(2)) == nil)
    #expect(try ledger.floats(for: key(4)) == sample(4))
    #expect(try ledger.logitsSize() == 3 * 464)
    #expect(!FileManager.default.fileExists(atPath: ledger.logits.file(key(1).address)))
  }

  @Test func mappedLogitsOutliveTheirEviction() throws {
    let ledger = try Ledger(directory: directory, logitsLimit: 464)
    try ledger.store(sample(0), classes: 10, for: key(0))
    let held = try #require(try ledger.logits(for: key(0)))
    try ledger.store(sample(1), classes: 10, for: key(1))
    #expect(try ledger.logits(for: key(0)) == nil)
    #expect(held.withLogits { Array($0) } == sample(0))
  }

  /// Against a model: whatever is stored, pinned and unpinned by two ledgers, a pinned one is there.
  @Test func pinnedOnesAreNeverEvicted() throws {
    var random = Seeded(11)
    let ledgers = [
      try Ledger(directory: directory, logitsLimit: 4 * 464),
      try Ledger(directory: directory, logitsLimit: 4 * 464),
    ]
    var pins: [Int: [Int]] = [:]
    var stored: Set<Int> = []
    for _ in 0..<300 {
      let ledger = Int.random(in: 0..<2, using: &random)
      let number = Int.random(in: 0..<12, using: &random)
      let action = Int.random(in: 0..<3, using: &random)
      switch action {
      case 0:
        try ledgers[ledger].pin([key(number)])
        pins[number, default: [0, 0]][ledger] += 1
      case 1:
        guard pins[number, default: [0, 0]][ledger] > 0 else { continue }
        try ledgers[ledger].unpin([key(number)])
        pins[number]?[ledger] -= 1
      default:
        try ledgers[ledger].store(sample(number), classes: 10, for: key(number))
        stored.insert(number)
      }
      var present: Set<Int> = []
      for number in stored where try ledgers[1 - ledger].floats(for: key(number)) != nil {
        present.insert(number)
      }
      let pinned = stored.filter { pins[$0, default: [0, 0]].contains { $0 > 0 } }
      #expect(pinned.isSubset(of: present))
      // Storing evicts; unpinning does not yet.
      if action == 2 { #expect(present.count <= max(4, pinned.count + 1)) }
      stored = present
    }
  }

  @Test func pinsEndWithTheirSession() throws {
    let ledger = try Ledger(directory: directory, logitsLimit: 464)
    do {
      let other = try Ledger(directory: directory, logitsLimit: 464)
      try other.store(sample(0), classes: 10, for: key(0))
      try other.pin([key(0)])
      try ledger.store(sample(1), classes: 10, for: key(1))
      #expect(try ledger.floats(for: key(0)) == sample(0))
    }
    try ledger.store(sample(2), classes: 10, for: key(2))
    #expect(try ledger.floats(for: key(0)) == nil)
  }

  @Test func tidyRemovesWhatNothingKnows() throws {
    let ledger = try Ledger(directory: directory)
    try ledger.store(sample(0), classes: 10, for: key(0))
    let known = ledger.logits.file(key(0).address)
    let orphan = ledger.logits.file(address(77))
    try FileManager.default.createDirectory(
      atPath: (orphan as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    for file in [orphan, known + ".1234.tmp"] {
      try Data([1]).write(to: URL(fileURLWithPath: file))
    }
    #expect(try ledger.tidy() == 0)
    #expect(try ledger.tidy(now: Date().addingTimeInterval(4000)) == 2)
    #expect(try ledger.floats(for: key(0)) == sample(0))
    #expect(!FileManager.default.fileExists(atPath: orphan))
  }
}
