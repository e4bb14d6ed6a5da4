import Foundation
import Testing

@testable import Checkpoints

/// Damaged files of every format: whatever was done to them, they open or say what is wrong.
@Suite struct MutationTests {
  /// For each fixture; a longer search is asked for by the environment.
  private static let rounds =
    ProcessInfo.processInfo.environment["MUTATION_ROUNDS"].flatMap { Int($0) } ?? 600

  @Test(arguments: [
    "views.pt", "dtypes.pt", "legacy.pt", "protocol5.pt", "ema.pt", "lightning.ckpt",
    "deflated.pt", "big_endian.pt", "hostile0.pt", "parameter_state.pt", "arrays.npz",
    "compressed.npz",
  ])
  func archives(name: String) throws {
    try mutate("torch/\(name)", rounds: Self.rounds, seed: 1) { try Checkpoint.open($0) }
  }

  @Test(arguments: ["f4.npy", "fortran.npy", "big_fortran.npy", "v3.npy", "objects.npy"])
  func arrays(name: String) throws {
    try mutate("npy/\(name)", rounds: Self.rounds, seed: 2) { path in
      let array = try NumpyArray(path: path)
      #expect(array.withBytes { $0.count } == array.count * array.dtype.size)
      return nil
    }
  }

  @Test func indices() throws {
    let scratch = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: try fixture("torch/small.pt"), toPath: scratch.path + "/small.pt")
    let index = try scratch.write(
      Array(#"{"metadata": {"total_size": 12}, "weight_map": {"a": "small.pt"}}"#.utf8),
      as: "original.index.json")
    try mutate(index, rounds: Self.rounds, seed: 3, in: scratch) {
      try ShardedCheckpoint(index: $0)
    }
  }

  /// Damaged pickles alone, where most damage would hit the archive around them; some are put back
  /// into one, so that their tensors can be read.
  @Test(arguments: ["views.pt", "protocol4.pt", "lightning.ckpt", "hostile0.pt", "whole_model.pt"])
  func pickles(name: String) throws {
    let archive = try ZipArchive(MappedFile(path: fixture("torch/\(name)")))
    let entry = try #require(archive.entries.first { $0.name.hasSuffix("data.pkl") })
    let original = try archive.contents(of: entry)
    let others = try archive.entries.filter { $0.name != entry.name }.map {
      TorchBytes.ZipEntry.stored($0.name, try archive.contents(of: $0))
    }
    let scratch = try TemporaryFolder()
    var generator = SeededGenerator(state: 5)
    for round in 0..<4 * Self.rounds {
      let pickle = Mutation.apply(to: original, using: &generator)
      if round.isMultiple(of: 4) {
        let path = try scratch.write(
          TorchBytes.zip(others + [.stored(entry.name, pickle)]), as: "a.pt")
        do {
          try expectUsable(try Checkpoint.open(path), in: scratch)
        } catch is InputError {}
      }
      pickle.withUnsafeBytes { bytes in
        var unpickler = Unpickler(bytes, file: name, part: "data.pkl")
        do {
          let graph = try unpickler.run()
          _ = try StateDictSearch(graph: graph, file: name).find(CheckpointOptions())
        } catch let error as InputError {
          #expect(error.file == name && !error.problem.isEmpty)
        } catch {
          Issue.record("round \(round): \(error)")
        }
      }
    }
  }

  /// Random programs of the instructions a pickle has, with arguments that often fit.
  @Test func randomPickles() throws {
    var generator = SeededGenerator(state: 4)
    let constants: [[UInt8]] = [
      Array("N".utf8), [0x88], Array("K\u{3}".utf8), Array("]".utf8), Array("}".utf8), [0x8F],
      Array(")".utf8), Array("(".utf8), Array("X\u{1}\0\0\0a".utf8), [0x8C, 1, 0x62],
      Array("ctorch\nFloatStorage\n".utf8), Array("ctorch._utils\n_rebuild_tensor_v2\n".utf8),
      Array("ccollections\nOrderedDict\n".utf8), Array("cargparse\nNamespace\n".utf8),
      Array("cos\nsystem\n".utf8), Array("c__builtin__\nset\n".utf8),
      [0x8A, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9], Array("G\0\0\0\0\0\0\0\0".utf8), Array("2".utf8),
      Array("I7\n".utf8), Array("L9L\n".utf8), Array("S'a\\x41'\n".utf8), Array("Va\\u0041\n".utf8),
      Array("ccopy_reg\n_reconstructor\n".utf8), Array("h\0".utf8), Array("h\u{1}".utf8),
    ]
    let actions: [UInt8] =
      Array("R0123teausbdlQqog".utf8) + [0x81, 0x85, 0x86, 0x87, 0x90, 0x91, 0x94]
    for _ in 0..<40 * Self.rounds {
      var program: [UInt8] = []
      for _ in 0..<Int.random(in: 1...40, using: &generator) {
        if Bool.random(using: &generator), let constant = constants.randomElement(using: &generator)
        {
          program += constant
        } else if let action = actions.randomElement(using: &generator) {
          program.append(action)
          if action == UInt8(ascii: "q") {
            program.append(UInt8.random(in: 0...1, using: &generator))
          }
        }
      }
      program += Array(".".utf8)
      program.withUnsafeBytes { bytes in
        var unpickler = Unpickler(bytes, file: "random")
        do {
          let graph = try unpickler.run()
          _ = try StateDictSearch(graph: graph, file: "random").find(CheckpointOptions())
        } catch let error as InputError {
          #expect(error.file == "random")
        } catch {
          Issue.record("\(error) for \(program)")
        }
      }
    }
  }

  /// Deep nesting, wide repetition and self-reference cost neither stack nor time.
  @Test(arguments: [
    ("]", 100_000, "a"), ("(", 100_000, "t"), ("}", 100_000, "N"), ("]", 1_100_000, "0"),
  ])
  func towers(up: String, height: Int, down: String) {
    let program =
      Array(repeatElement(Array(up.utf8), count: height).joined())
      + Array(repeatElement(Array(down.utf8), count: height / 2).joined()) + Array(".".utf8)
    program.withUnsafeBytes { bytes in
      var unpickler = Unpickler(bytes, file: "tower")
      let outcome = Result { try unpickler.run() }
      if case .failure(let error) = outcome { #expect(error is InputError) }
    }
  }

  @Test func selfReference() throws {
    let program = Array("}q\0X\u{5}\0\0\0modelh\0sX\u{1}\0\0\0ah\0s.".utf8)
    let graph = try program.withUnsafeBytes { bytes in
      var unpickler = Unpickler(bytes, file: "loop")
      return try unpickler.run()
    }
    #expect(throws: InputError.self) {
      try StateDictSearch(graph: graph, file: "loop").find(CheckpointOptions())
    }
  }

  /// Opens `rounds` damaged copies of a fixture and reads all tensors of those that open.
  private func mutate(
    _ name: String, rounds: Int, seed: UInt64, in scratch: TemporaryFolder? = nil,
    open: (String) throws -> (any TensorTable)?
  ) throws {
    let scratch = try scratch ?? TemporaryFolder()
    let original = Array(
      try Data(contentsOf: URL(fileURLWithPath: name.hasPrefix("/") ? name : try fixture(name))))
    let suffix = "." + URL(fileURLWithPath: name).pathExtension
    var generator = SeededGenerator(state: seed)
    var refused = 0
    for round in 0..<rounds {
      let bytes = Mutation.apply(to: original, using: &generator)
      let path = try scratch.write(bytes, as: "\(round)\(suffix)")
      defer { try? FileManager.default.removeItem(atPath: path) }
      do {
        guard let table = try open(path) else { continue }
        try expectUsable(table, in: scratch)
      } catch let error as InputError {
        refused += 1
        #expect(error.file.hasPrefix(scratch.path), "round \(round)")
        #expect(!error.problem.isEmpty)
      } catch {
        Issue.record("round \(round): \(error)")
      }
    }
    #expect(refused > rounds / 20, "mutations must do damage")
  }
}

/// Ways to damage a file.
enum Mutation {
  private static let words: [[UInt8]] = [
    [0], [0xFF], [0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0x7F],
    [0, 0, 0, 0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], Array("../".utf8),
    Array("cos\nsystem\n".utf8), [0x2E], [0x52], [0x28], Array("{\"a\":".utf8),
  ]

  static func apply(to original: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      guard !bytes.isEmpty else { break }
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      let length = min(Int.random(in: 1...40, using: &generator), bytes.count - place)
      switch Int.random(in: 0..<7, using: &generator) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 2:
        let word = words.randomElement(using: &generator) ?? []
        for (offset, byte) in word.enumerated() where place + offset < bytes.count {
          bytes[place + offset] = byte
        }
      case 3: bytes.insert(contentsOf: words.randomElement(using: &generator) ?? [], at: place)
      case 4: bytes.removeSubrange(place..<place + length)
      case 5:
        let target = Int.random(in: 0..<bytes.count, using: &generator)
        bytes.insert(contentsOf: Array(bytes[place..<place + length]), at: target)
      default:
        if Int.random(in: 0..<4, using: &generator) == 0 { bytes.removeSubrange(place...) }
      }
    }
    return bytes
  }
}
