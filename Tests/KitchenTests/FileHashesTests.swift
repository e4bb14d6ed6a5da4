import Checkpoints
import Foundation
import Ledger
import Testing

@testable import Kitchen

/// What is recorded of files is true of the bytes that were taken.
@Suite struct FileHashesTests {
  @Test func areOfTheBytesThatAreLent() throws {
    let made = try MadeSweep()
    try made.write(MadeSweep.weights(), to: "last.pt")
    try made.write(MadeSweep.weights(moved: 1), to: "next.pt")
    let path = made.path("last.pt")
    let before = try Ledger.hash(file: path)
    let checkpoint = try Checkpoint.open(path)
    // A training job that replaces its last checkpoint.
    #expect(rename(made.path("next.pt"), path) == 0)
    let hashes = try FileHashes([checkpoint])
    #expect(hashes.sha256(of: checkpoint, opened: CheckpointOptions()) == before.hex)
    #expect(try Ledger.hash(file: path) != before)
  }

  @Test func areTheLedgersForEveryFormat() throws {
    let made = try MadeSweep()
    try made.write(MadeSweep.weights(rows: 400), to: "shards", shardSize: 5000)
    try made.write(MadeSweep.weights(), to: "one.pt")
    let checkpoints = try ["shards", "one.pt"].map { try Checkpoint.open(made.path($0)) }
    #expect(checkpoints[0].files.count > 2)
    #expect(checkpoints[0].mappings.map(\.path) == checkpoints[0].files)
    let hashes = try FileHashes(checkpoints)
    for checkpoint in checkpoints {
      let expected = try ContentAddress.of(checkpoint, opened: CheckpointOptions()) {
        try Ledger.hash(file: $0)
      }
      #expect(hashes.sha256(of: checkpoint, opened: CheckpointOptions()) == expected.hex)
    }
  }

  @Test func damagedArchivesAreRefused() throws {
    let made = try MadeSweep()
    try made.write(MadeSweep.weights(), to: "ingredients/a.pt")
    try made.write(MadeSweep.weights(moved: 0.1), to: "ingredients/b.pt")
    let path = made.path("ingredients/a.pt")
    let checkpoint = try Checkpoint.open(path)
    let place = try #require(checkpoint.place(ofTensorAt: 0))
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[place.offset + 3] ^= 0x40
    try bytes.write(to: URL(fileURLWithPath: path))
    let damaged = try Checkpoint.open(path)
    let error = #expect(throws: InputError.self) { try FileHashes([damaged]) }
    #expect(error?.file == path && error?.problem.contains("checksum") == true)
    let kitchen = try made.kitchen()
    #expect(throws: InputError.self) { try kitchen.files.address(of: "a") }
    _ = try kitchen.files.address(of: "b")
    for name in ["a", "b"] { try kitchen.check.read(name) }
    let found = kitchen.check.findings().filter { $0.rule == .unreadable }
    #expect(found.map(\.subject) == ["a"])
  }
}
