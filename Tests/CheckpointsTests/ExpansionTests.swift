import Testing

@testable import Checkpoints

/// Small files that ask for much memory or disk.
@Suite struct ExpansionTests {
  private let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  private func error(_ bytes: [UInt8]) throws -> InputError {
    let path = try scratch.write(bytes, as: "a.pt")
    return try #require(throws: InputError.self) { try Checkpoint.open(path) }
  }

  @Test func picklesThatInflateBeyondReason() throws {
    let bytes = TorchBytes.zip([
      .deflated("archive/data.pkl", Array("\u{2}N".utf8) + [0x94], runs: 10_000, [0x2E])
    ])
    let error = try error(bytes)
    #expect(error.place == "entry archive/data.pkl")
    #expect(error.problem.contains("to 2580004 bytes"), "\(error)")
    #expect(error.mend?.contains("torch.save") == true)
  }

  @Test func picklesThatAreCompressedAsTheyMayBe() throws {
    // A key of 100,000 letters.
    let key = Array("X".utf8) + [0x20, 0x86, 0x01, 0] + Array("a".utf8)
    let value = TorchBytes.tensor()
    let tail = [UInt8](repeating: 0x61, count: 100_000 - 1 - 258 * 387) + value
    let bytes = TorchBytes.zip([
      .deflated(
        "archive/data.pkl", [0x80, 2, 0x28] + key, runs: 387, tail + Array("d.".utf8)),
      .stored("archive/data/0", Array(repeating: 0, count: 16)),
    ])
    // All but its checksum is right: it was inflated.
    #expect(try error(bytes).problem.contains("checksum"))
  }

  /// Of a thousand tensors, each of which alone would do.
  @Test func manyExpandedTensors() throws {
    let tensors = (0..<1000).map { index in
      (key: TorchBytes.text("w\(index)"), value: TorchBytes.tensor(shape: [1 << 20], strides: [0]))
    }
    let error = try error(TorchBytes.file(TorchBytes.dictionary(tensors)))
    #expect(error.place == "tensor w16")
    #expect(error.problem.contains("16 bytes that the file stores"))
    #expect(error.mend?.contains("clone") == true)
    let few = TorchBytes.file(TorchBytes.dictionary(Array(tensors.prefix(16))))
    #expect(try Checkpoint.open(scratch.write(few, as: "few.pt")).tensors.count == 16)
  }

  @Test func manyTensorsOfOneStorage() throws {
    let storage = [UInt8](repeating: 0, count: 1 << 20)
    let tensor = TorchBytes.tensor(of: 1 << 18, shape: [1 << 18])
    func file(_ count: Int) throws -> String {
      let entries = (0..<count).map { (key: TorchBytes.text("w\($0)"), value: tensor) }
      return try scratch.write(
        TorchBytes.file(TorchBytes.dictionary(entries), storage: storage), as: "\(count).pt")
    }
    #expect(try Checkpoint.open(file(256)).ties.first?.count == 256)
    let error = try #require(throws: InputError.self) { try Checkpoint.open(file(258)) }
    #expect(error.problem.contains("256 times"))
  }

  @Test func copiesCostTheirBytes() throws {
    // A tuple of 1000 values, from which lists are made again and again.
    let program =
      Array(
        "(".utf8) + [UInt8](repeating: 0x4E, count: 1000) + Array("tq\0".utf8)
      + (0..<300).flatMap { _ in Array("c__builtin__\nlist\n(h\0tR0".utf8) } + Array("N.".utf8)
    let error = #expect(throws: InputError.self) {
      try program.withUnsafeBytes { bytes in
        var unpickler = Unpickler(bytes, file: "copies")
        _ = try unpickler.run()
      }
    }
    #expect(error?.problem.contains("copies") == true, "\(error.map(\.description) ?? "")")
  }
}
