import Testing

@testable import Checkpoints

@Suite struct PyTorchArchiveTests {
  private func open(
    _ name: String, entry: String? = nil, weights: CheckpointOptions.Weights = .raw
  ) throws -> PyTorchArchive {
    try PyTorchArchive(
      path: try fixture("torch/\(name)"), options: CheckpointOptions(entry: entry, weights: weights)
    )
  }

  private func bytes(_ table: some TensorTable, _ name: String) throws -> [UInt8] {
    let index = try #require(table.index(of: name))
    return try table.withBytes(ofTensorAt: index) { Array($0) }
  }

  private func floats(_ table: some TensorTable, _ name: String) throws -> [Float] {
    let index = try #require(table.index(of: name))
    return try table.withBytes(ofTensorAt: index) { $0.numbers(Float.self) }
  }

  private func error(_ name: String, entry: String? = nil) -> InputError? {
    #expect(throws: InputError.self) { try open(name, entry: entry) }
  }

  /// 0 to 5 in every element type.
  private static let ramps: [(DType, [UInt8])] = {
    func little<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
      numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } }
    }
    return [
      (.bool, [0, 1, 1, 1, 1, 1]), (.u8, Array(0..<6)), (.i8, Array(0..<6)),
      (.u16, little(Array(0..<6 as Range<UInt16>))), (.i16, little(Array(0..<6 as Range<Int16>))),
      (.u32, little(Array(0..<6 as Range<UInt32>))), (.i32, little(Array(0..<6 as Range<Int32>))),
      (.u64, little(Array(0..<6 as Range<UInt64>))), (.i64, little(Array(0..<6 as Range<Int64>))),
      (.f8e4m3, [0, 0x38, 0x40, 0x44, 0x48, 0x4A]), (.f8e5m2, [0, 0x3C, 0x40, 0x42, 0x44, 0x45]),
      (.f16, little((0..<6).map { Float16($0).bitPattern })),
      (.bf16, little((0..<6).map { UInt16(Float($0).bitPattern >> 16) })),
      (.f32, little((0..<6).map { Float($0).bitPattern })),
      (.f64, little((0..<6).map { Double($0).bitPattern })),
    ]
  }()

  @Test(arguments: ["dtypes.pt", "protocol3.pt", "protocol4.pt", "protocol5.pt", "legacy.pt"])
  func everyType(file: String) throws {
    let archive = try open(file)
    let missing: Set<DType> = file == "legacy.pt" ? [.u16, .u32, .u64] : []
    let expected = Self.ramps.filter { !missing.contains($0.0) }
    #expect(archive.tensors.map(\.dtype) == expected.map(\.0))
    for (info, (_, values)) in zip(archive.tensors, expected) {
      #expect(info.shape == [2, 3])
      #expect(try bytes(archive, info.name) == values, "\(info.name)")
    }
  }

  @Test(arguments: ["views.pt", "deflated.pt"])
  func views(file: String) throws {
    let archive = try open(file)
    let base = (0..<24).map { Float($0) }
    #expect(try floats(archive, "base") == base)
    let transposed = (0..<6).flatMap { row in (0..<4).map { Float($0 * 6 + row) } }
    #expect(try floats(archive, "transposed") == transposed)
    #expect(try floats(archive, "column") == [2, 8, 14, 20])
    #expect(try floats(archive, "block") == [8, 9, 10, 14, 15, 16])
    #expect(try floats(archive, "expanded") == [7, 7, 7, 7, 7, 7])
    #expect(try floats(archive, "scalar") == [2.5])
    #expect(try floats(archive, "empty") == [])
    let tail = try bytes(archive, "tail")
    #expect(tail == [0, 0x40, 0, 0x42])
    let permuted = try #require(archive.index(of: "permuted"))
    #expect(archive.tensors[permuted].shape == [4, 2, 3])
    let expected: [Int64] = [
      0, 4, 8, 12, 16, 20, 1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22, 3, 7, 11, 15, 19, 23,
    ]
    #expect(
      try archive.withBytes(ofTensorAt: permuted) { $0.numbers(Int64.self) } == expected)
    #expect(archive.ties == [["first", "second"]])
  }

  @Test func bigEndianIsSwapped() throws {
    #expect(try floats(try open("big_endian.pt"), "a") == [0, 1, 2])
  }

  @Test func anyPrefix() throws {
    #expect(try floats(try open("prefix.pt"), "a") == [0, 1, 2])
  }

  @Test func parametersWithAttributes() throws {
    #expect(try floats(try open("parameter_state.pt"), "p") == [1, 1])
  }

  @Test(arguments: ["state_dict", "model", "model_state_dict", "module", "network", "params"])
  func wrappers(name: String) throws {
    let plain = try open("plain.pt")
    let wrapped = try open("wrapped_\(name).pt")
    #expect(plain.entry == "" && wrapped.entry == name)
    #expect(wrapped.tensors == plain.tensors)
    for info in plain.tensors {
      #expect(try bytes(wrapped, info.name) == bytes(plain, info.name))
    }
  }

  @Test func scalarsBesideAnUnknownWrapperAreNotTheWeights() throws {
    #expect(try open("unnamed.pt").entry == "my_weights")
  }

  @Test func tensorsBesideAWrapperAreAmbiguous() throws {
    #expect(error("queue.pt")?.problem.contains("the top level, 'encoder'") == true)
    #expect(try open("queue.pt", entry: "").tensors.map(\.name) == ["queue"])
    #expect(try open("queue.pt", entry: "encoder").tensors.count > 1)
  }

  @Test func lightning() throws {
    let archive = try open("lightning.ckpt")
    #expect(archive.entry == "state_dict")
    #expect(archive.tensors.allSatisfy { $0.name.hasPrefix("model.") })
  }

  @Test func averagedWeightsAreChosenOnRequest() throws {
    let raw = try open("ema.pt")
    #expect(raw.entry == "state_dict")
    #expect(raw.notes.contains { $0.contains("state_dict_ema") })
    let averaged = try open("ema.pt", weights: .ema)
    #expect(averaged.entry == "state_dict_ema")
    let name = "layer.bias"
    #expect(try floats(averaged, name) == floats(raw, name).map { $0 + 1 })
    let none = #expect(throws: InputError.self) { try open("plain.pt", weights: .ema) }
    #expect(none?.problem.contains("EMA") == true)
  }

  @Test func ambiguityNamesTheCandidates() throws {
    let several = error("ambiguous.pt")
    #expect(several?.problem.contains("'state_dict'") == true)
    #expect(several?.problem.contains("'model'") == true)
    #expect(try open("ambiguous.pt", entry: "model").entry == "model")
    #expect(try open("pair.pt", entry: "teacher").entry == "teacher")
    #expect(error("pair.pt")?.problem.contains("'student'") == true)
    #expect(error("pair.pt", entry: "nobody")?.problem.contains("'nobody'") == true)
  }

  @Test(arguments: [
    ("nothing.pt", "no state dict"), ("tensor.pt", "a single tensor"),
    ("complex.pt", "complex64"), ("sparse.pt", "is sparse"), ("bare.pkl", "bare pickle"),
    ("whole_model.pt", "__main__.Model"), ("script.pt", "TorchScript"),
    ("arrays.npz", "NumPy arrays"),
  ])
  func refusals(file: String, words: String) {
    let text = error(file)?.description ?? ""
    #expect(text.contains(words), "\(text)")
  }

  @Test(arguments: 0...5)
  func callsAreRefusedByName(pickleProtocol: Int) {
    let error = error("hostile\(pickleProtocol).pt")
    // Python knows os.system by the module that defines it.
    #expect(error?.problem.contains("posix.system") == true)
    #expect(error?.place?.contains("data.pkl, byte") == true)
  }

  @Test(arguments: [
    ("cos\nsystem\n(S'true'\ntR.", "os.system"), ("(S'true'\nios\nsystem\n.", "os.system"),
    ("(cos\nsystem\nS'true'\no.", "os.system"), ("cbuiltins\neval\n)R.", "builtins.eval"),
    ("cos\nsystem\nN\u{62}.", "os.system"),
    ("ccopy_reg\n_reconstructor\n(csubprocess\nPopen\nNNtR.", "subprocess.Popen"),
    ("ctorch._tensor\n_rebuild_from_type_v2\n(cos\nsystem\nctorch\nTensor\n)NtR.", "os.system"),
  ])
  func everyWayToCallIsRefusedByName(program: String, name: String) throws {
    let error = #expect(throws: InputError.self) {
      try Array(program.utf8).withUnsafeBytes { bytes in
        var unpickler = Unpickler(bytes, file: "hostile")
        _ = try unpickler.run()
      }
    }
    #expect(error?.problem.contains(name) == true)
    #expect(error?.mend != nil)
  }

  @Test func wholeModelsCanBeLetThroughAsOpaqueDataByName() throws {
    let names: Set<String> = ["__main__.Model"]
    let error = #expect(throws: InputError.self) {
      try PyTorchArchive(
        path: try fixture("torch/whole_model.pt"), options: CheckpointOptions(inert: names))
    }
    #expect(error?.problem.contains("__main__.Model") == false)
  }

  @Test func tarFilesAreRefusedByName() throws {
    var bytes = [UInt8](repeating: 0, count: 1024)
    bytes.replaceSubrange(257..<262, with: "ustar".utf8)
    let scratch = try TemporaryFolder()
    let path = try scratch.write(bytes, as: "old.pt")
    let error = #expect(throws: InputError.self) { try Checkpoint.open(path) }
    #expect(error?.problem.contains("tar file") == true)
  }

  @Test func prefixesAreStrippedFromTiesToo() throws {
    let table = TableInMemory.varied
    let scratch = try TemporaryFolder()
    let path = scratch.path + "/a.pt"
    let names = table.tensors.map {
      TensorInfo(name: "module." + $0.name, dtype: $0.dtype, shape: $0.shape)
    }
    let prefixed = TableInMemory(tensors: names, contents: table.contents)
    try PyTorchWriter(names, ties: [["module.scalar", "module.tied"]], to: path)
      .write(allOf: prefixed)
    let checkpoint = try Checkpoint.open(path)
    let wrapping = Wrapping.agreed(among: [checkpoint.tensors.map(\.name)])[0]
    #expect(checkpoint.unwrapping(wrapping).ties == [["scalar", "tied"]])
    try expectEqual(checkpoint.unwrapping(wrapping), table)
  }

  @Test func verificationFindsAFlippedBit() throws {
    let map = try MappedFile(path: fixture("torch/views.pt"))
    let archive = try ZipArchive(map)
    try archive.verify()
    var copy = map.withBytes { Array($0) }
    let entry = try #require(archive.entries.first { $0.name.hasSuffix("/data/0") })
    copy[try archive.range(of: entry).lowerBound] ^= 1
    let scratch = try TemporaryFolder()
    let damaged = try ZipArchive(MappedFile(path: scratch.write(copy, as: "a.pt")))
    let error = #expect(throws: InputError.self) { try damaged.verify() }
    #expect(error?.place?.hasSuffix("/data/0") == true)
  }

  /// As `torch.save` writes after `torch.serialization.set_crc32_options(False)`.
  @Test func anArchiveWithoutChecksumsIsNotDamaged() throws {
    let map = try MappedFile(path: fixture("torch/views.pt"))
    var copy = map.withBytes { Array($0) }
    let marks: [(mark: [UInt8], crc: Int)] = [
      ([0x50, 0x4B, 3, 4], 14), ([0x50, 0x4B, 1, 2], 16), ([0x50, 0x4B, 7, 8], 4),
    ]
    for (mark, crc) in marks {
      for start in copy.indices.dropLast(20) where copy[start...].starts(with: mark) {
        copy.replaceSubrange(start + crc..<start + crc + 4, with: [0, 0, 0, 0])
      }
    }
    let scratch = try TemporaryFolder()
    let archive = try ZipArchive(MappedFile(path: scratch.write(copy, as: "a.pt")))
    #expect(archive.entries.allSatisfy { $0.crc == 0 })
    try archive.verify()
  }
}
