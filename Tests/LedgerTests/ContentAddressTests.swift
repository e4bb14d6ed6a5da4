import Foundation
import GRDB
import Testing

@testable import Ledger

@Suite struct ContentAddressTests {
  @Test func hashingStopsWhenNobodyWaits() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("large", Array(repeating: 7, count: 3 << 20))
    let ledger = try Ledger(directory: folder.path + "/.stockpot")
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try ledger.address(ofFile: file)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    var asked = 0
    #expect(throws: CancellationError.self) {
      try Ledger.hash(file: file) {
        asked += 1
        return asked > 2
      }
    }
  }

  @Test func hashesAreThoseOfTheStandard() throws {
    // FIPS 180-2, appendix B.1, and the empty message.
    #expect(
      ContentAddress(hashing: "abc").hex
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      ContentAddress(hashing: "").hex
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(ContentAddress(hex: "ABC") == nil)
    #expect(ContentAddress(hex: String(repeating: "G", count: 64)) == nil)
    #expect(ContentAddress(hex: String(repeating: "A", count: 64)) == nil)
  }

  @Test func codingIsTheHexadecimalText() throws {
    let address = ContentAddress(hashing: "abc")
    let data = try JSONEncoder().encode([address])
    #expect(String(decoding: data, as: UTF8.self) == "[\"\(address.hex)\"]")
    #expect(try JSONDecoder().decode([ContentAddress].self, from: data) == [address])
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([ContentAddress].self, from: Data("[\"no\"]".utf8))
    }
  }

  @Test func aBlendDoesNotDependOnOrder() {
    var random = Seeded(1)
    for _ in 0..<200 {
      let terms = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        (address(Int.random(in: 0..<5, using: &random)), Double.random(in: -1...1, using: &random))
      }
      let shuffled = terms.shuffled(using: &random) + [(address(99), 0)]
      #expect(ContentAddress.ofBlend(terms) == ContentAddress.ofBlend(shuffled))
      var changed = terms
      changed[0].1 += 0.25
      #expect(ContentAddress.ofBlend(terms) != ContentAddress.ofBlend(changed))
      #expect(
        ContentAddress.ofBlend(terms, precision: "f32")
          != ContentAddress.ofBlend(terms, precision: "f16"))
    }
  }

  /// Where types or integers differ the first term's are taken, so it is part of the name.
  @Test func aBlendMayDependOnItsFirstTerm() {
    let terms = [(address(1), 0.5), (address(2), 0.5)]
    let plain = ContentAddress.ofBlend(terms)
    let first = ContentAddress.ofBlend(terms, first: address(1))
    let other = ContentAddress.ofBlend(terms.reversed(), first: address(2))
    #expect(Set([plain, first, other]).count == 3)
    #expect(ContentAddress.ofBlend(terms.reversed(), first: address(1)) == first)
    let byTensor = [(name: "x", terms: terms)]
    #expect(
      ContentAddress.ofBlend(byTensor: byTensor, first: address(1))
        != ContentAddress.ofBlend(byTensor: byTensor, first: address(2)))
  }

  @Test func aSoupOfOneIsItsIngredient() {
    #expect(ContentAddress.ofBlend([(address(1), 1)]) == address(1))
    #expect(ContentAddress.ofBlend([(address(1), 0.5), (address(1), 0.5)]) == address(1))
    #expect(ContentAddress.ofBlend([(address(1), 0.5)]) != address(1))
    #expect(ContentAddress.ofBlend([(address(1), 1)], precision: "f16") != address(1))
    #expect(ContentAddress.ofBlend([(address(1), 1), (address(2), -0.0)]) == address(1))
  }

  @Test func blendsByTensorDoNotDependOnOrder() {
    let a = [(address(1), 0.25), (address(2), 0.75)]
    let b = [(address(1), 0.5), (address(2), 0.5)]
    let one = ContentAddress.ofBlend(byTensor: [("x", a), ("y", b)])
    #expect(one == ContentAddress.ofBlend(byTensor: [("y", b.reversed()), ("x", a.reversed())]))
    #expect(one != ContentAddress.ofBlend(byTensor: [("x", b), ("y", a)]))
    #expect(one != ContentAddress.ofBlend(byTensor: [("x", a)]))
  }

  @Test func namesCannotRunIntoEachOther() {
    let split = ContentAddress.ofSplit(
      inputs: [("ids", address(1)), ("mask", address(2))], labels: address(3))
    #expect(
      split
        == ContentAddress.ofSplit(
          inputs: [("mask", address(2)), ("ids", address(1))], labels: address(3)))
    #expect(
      split
        != ContentAddress.ofSplit(
          inputs: [("ids", address(2)), ("mask", address(1))], labels: address(3)))
    let (black, white) = ("0 3f800000", "3f000000 3f800000")
    let bytes: [(String?, ContentAddress)] = [("ids", address(1)), ("mask", address(2))]
    let normalised = [black, white].map {
      ContentAddress.ofSplit(inputs: bytes, labels: address(3), normalisation: $0)
    }
    #expect(Set(normalised + [split]).count == 3)
    #expect(
      ContentAddress.ofEvaluator(kind: "a", files: [], options: "b\nc")
        != ContentAddress.ofEvaluator(kind: "a\n1:b", files: [], options: "c"))
    #expect(
      ContentAddress.ofCheckpoint([("a", address(1)), ("b", address(2))])
        == ContentAddress.ofCheckpoint([("b", address(2)), ("a", address(1))]))
    #expect(
      ContentAddress.ofCheckpoint([("a", address(1)), ("b", address(2))])
        != ContentAddress.ofCheckpoint([("a", address(2)), ("b", address(1))]))
  }

  @Test func filesAreHashedInPieces() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger(directory: folder.path + "/.stockpot")
    for size in [0, 1, 1 << 20, (1 << 20) + 7] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let file = try folder.write("file-\(size)", bytes)
      let text = ContentAddress(hashing: String(decoding: bytes.map { $0 & 127 }, as: UTF8.self))
      let ascii = try folder.write("ascii-\(size)", bytes.map { $0 & 127 })
      #expect(try ledger.address(ofFile: ascii) == text)
      #expect(try ledger.address(ofFile: file) == Ledger.hash(file: file))
    }
  }

  @Test func aChangedFileIsReadAgain() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger(directory: folder.path + "/.stockpot")
    let file = try folder.write("weights", Array("one".utf8))
    // Old enough for its times to be trusted; only the time of its entry cannot be set back.
    var times = [timespec(tv_sec: 1000, tv_nsec: 5), timespec(tv_sec: 1000, tv_nsec: 5)]
    #expect(utimensat(AT_FDCWD, file, &times, 0) == 0)
    #expect(try ledger.address(ofFile: file) == ContentAddress(hashing: "one"))
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
    try handle.write(contentsOf: Data("two".utf8))
    try handle.close()
    #expect(utimensat(AT_FDCWD, file, &times, 0) == 0)
    #expect(try ledger.address(ofFile: file) == ContentAddress(hashing: "two"))
  }

  @Test func aStoredAddressIsUsedWhileNothingChanged() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger(directory: folder.path + "/.stockpot")
    let file = try folder.write("weights", Array("one".utf8))
    // Times younger than two seconds are not trusted, so the entry is made by hand.
    var status = stat()
    #expect(stat(file, &status) == 0)
    let marker = ContentAddress(hashing: "from the table")
    try ledger.write { database in
      try database.execute(
        sql: "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [
          file, status.st_size, status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec,
          status.st_ctim.tv_sec * 1_000_000_000 + status.st_ctim.tv_nsec, Int64(status.st_ino),
          marker.hex,
        ])
    }
    #expect(try ledger.address(ofFile: file) == marker)
  }

  @Test func aMissingFileIsNamed() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger(directory: folder.path + "/.stockpot")
    let missing = folder.path + "/missing.safetensors"
    let error = #expect(throws: (any Error).self) { try ledger.address(ofFile: missing) }
    #expect("\(error.map { "\($0)" } ?? "")".contains(missing))
  }
}
