import Testing

@testable import Checkpoints

/// Which tensors are taken of what training scripts save, and what is said of the others.
@Suite struct StateDictTests {
  private let scratch: TemporaryFolder
  private let tensor = TorchBytes.tensor()
  private let scalar = TorchBytes.tensor(shape: [], strides: [])
  /// Another two of the four numbers of the storage.
  private let other = TorchBytes.tensor(offset: 2)

  init() throws { scratch = try TemporaryFolder() }

  private func open(
    _ value: [UInt8], _ options: CheckpointOptions = CheckpointOptions()
  ) throws -> Checkpoint {
    let storage = [UInt8](1...16)
    let path = try scratch.write(TorchBytes.file(value, storage: storage), as: "a.pt")
    return try Checkpoint.open(path, options: options)
  }

  private func error(
    _ value: [UInt8], _ options: CheckpointOptions = CheckpointOptions()
  ) throws -> InputError {
    try #require(throws: InputError.self) { try open(value, options) }
  }

  private func names(_ checkpoint: Checkpoint) -> [String] { checkpoint.tensors.map(\.name) }

  // MARK: Names

  @Test func numbersAreNames() throws {
    let mixed = TorchBytes.dictionary([
      (key: TorchBytes.integer(0), value: tensor), (key: TorchBytes.text("w"), value: tensor),
    ])
    #expect(try names(open(mixed)) == ["0", "w"])
    let alone = TorchBytes.dictionary([(key: TorchBytes.integer(7), value: tensor)])
    #expect(try names(open(alone)) == ["7"])
    let twice = TorchBytes.dictionary([
      (key: TorchBytes.integer(0), value: tensor), (key: TorchBytes.text("0"), value: tensor),
    ])
    #expect(try error(twice).problem.contains("given twice"))
  }

  @Test func statesOfOptimisersUnderNumbersAreNoWeights() throws {
    let state = TorchBytes.dictionary([(key: TorchBytes.integer(0), value: tensor)])
    let saved = TorchBytes.dictionary([
      "mine": TorchBytes.dictionary(["w": tensor]),
      "adam": TorchBytes.dictionary(["state": state]),
    ])
    #expect(try open(saved).entry == "mine")
  }

  @Test func keysThatAreNoNamesAreTold() throws {
    let keyed = TorchBytes.dictionary([
      (key: TorchBytes.tuple([TorchBytes.text("a")]), value: tensor),
      (key: TorchBytes.text("w"), value: tensor),
    ])
    let checkpoint = try open(keyed)
    #expect(names(checkpoint) == ["w"])
    #expect(
      checkpoint.notes == ["left out 1 entry with tensors under keys that are no names"])
  }

  @Test func namesThatReadAlikeAreRefused() throws {
    let pair = ["e\u{301}", "\u{E9}"]
    let torch = TorchBytes.dictionary(pair.map { (key: TorchBytes.text($0), value: tensor) })
    #expect(try error(torch).problem.contains("another form of Unicode"))
    #expect(try error(torch).place?.hasPrefix("tensor ") == true)
    let entries = pair.enumerated().map { index, name in
      #""\#(name)":{"dtype":"U8","shape":[1],"data_offsets":[\#(index),\#(index + 1)]}"#
    }
    let path = try scratch.write(safetensors("{\(entries.joined(separator: ","))}", data: 2))
    let inSafetensors = #expect(throws: InputError.self) { try Checkpoint.open(path) }
    #expect(inSafetensors?.problem.contains("another form of Unicode") == true)
    let zip = try scratch.write(
      TorchBytes.zip(pair.map { .stored($0 + ".npy", []) }), as: "a.npz")
    let inArchive = #expect(throws: InputError.self) { try Checkpoint.open(zip) }
    #expect(inArchive?.problem.contains("another form of Unicode") == true)
  }

  @Test func aDotThatIsPartOfACharacter() throws {
    let array = try MappedFile(path: fixture("npy/f4.npy")).withBytes { Array($0) }
    let names = ["A\u{600}", "A"]
    let path = try scratch.write(
      TorchBytes.zip(names.map { .stored($0 + ".npy", array) }), as: "a.npz")
    #expect(try self.names(Checkpoint.open(path)) == names)
  }

  // MARK: What is left out

  @Test func entriesWithTensorsInThemAreTold() throws {
    let nested = TorchBytes.dictionary([
      "w": tensor, "ids": TorchBytes.integer(5),
      "config": TorchBytes.list([TorchBytes.dictionary(["deep": tensor])]),
    ])
    #expect(
      try open(nested).notes == [
        "left out 1 entry in which there are tensors: config",
        "left out 1 entry that is no tensor: ids",
      ])
  }

  @Test func averagesWithoutNamesAreRefused() throws {
    let shadow = TorchBytes.dictionary([
      "step": scalar, "shadow_params": TorchBytes.list([tensor, tensor]),
    ])
    let refused = try error(shadow)
    #expect(refused.problem.contains("'shadow_params' have no names"))
    #expect(refused.mend?.contains("copy_to") == true)
    let beside = TorchBytes.dictionary([
      "model": TorchBytes.dictionary(["w": tensor]), "ema": shadow,
    ])
    #expect(try open(beside).entry == "model")
    let averaged = try error(beside, CheckpointOptions(weights: .ema))
    #expect(averaged.problem.contains("'ema.shadow_params' have no names"))
  }

  @Test func aScalarBesideLargerTensorsIsNoModel() throws {
    let optimizer = TorchBytes.dictionary(["exp_avg": tensor])
    let saved = TorchBytes.dictionary(["step": scalar, "optimizer": optimizer])
    #expect(try error(saved).problem.contains("scalars alone"))
    #expect(try names(open(saved, CheckpointOptions(entry: ""))) == ["step"])
    #expect(try names(open(TorchBytes.dictionary(["alpha": scalar]))) == ["alpha"])
  }

  @Test func theCounterOfAnAveragedModel() throws {
    let swa = TorchBytes.dictionary(["n_averaged": scalar, "module.w": tensor])
    #expect(try names(open(swa)) == ["module.w"])
    #expect(try open(swa).notes == ["left out n_averaged, the counter of AveragedModel"])
    let own = TorchBytes.dictionary(["n_averaged": scalar, "w": tensor])
    #expect(try names(open(own)) == ["n_averaged", "w"])
  }

  // MARK: Averages

  private func firstByte(_ checkpoint: Checkpoint, _ name: String) throws -> UInt8 {
    let index = try #require(checkpoint.index(of: name))
    return try checkpoint.withBytes(ofTensorAt: index) { $0[0] }
  }

  @Test func averagesAmongCallbacks() throws {
    let average = TorchBytes.dictionary(["w": other])
    let saved = TorchBytes.dictionary([
      "state_dict": TorchBytes.dictionary(["w": tensor]),
      "callbacks": TorchBytes.dictionary([
        "EMA": TorchBytes.dictionary(["ema_state_dict": average]),
        "best": TorchBytes.dictionary(["score": tensor]),
      ]),
    ])
    let raw = try open(saved)
    #expect(try firstByte(raw, "w") == 1)
    #expect(
      raw.notes == ["also has averaged (EMA) weights in 'callbacks.EMA.ema_state_dict'"])
    for options in [
      CheckpointOptions(weights: .ema),
      CheckpointOptions(entry: "callbacks.EMA.ema_state_dict"),
    ] {
      let averaged = try open(saved, options)
      #expect(averaged.entry == "callbacks.EMA.ema_state_dict")
      #expect(try firstByte(averaged, "w") == 9)
    }
  }

  /// As latent diffusion models keep it.
  @Test func anAverageAmongTheWeights() throws {
    let state = TorchBytes.dictionary([
      "model.net.w": tensor, "first.b": tensor, "model_ema.netw": other,
      "model_ema.decay": scalar,
    ])
    let saved = TorchBytes.dictionary(["state_dict": state])
    let raw = try open(saved)
    #expect(names(raw) == ["model.net.w", "first.b"])
    #expect(try firstByte(raw, "model.net.w") == 1)
    #expect(raw.notes == ["also has averaged (EMA) weights in 'model_ema', which were left out"])
    let averaged = try open(saved, CheckpointOptions(weights: .ema))
    #expect(names(averaged) == ["model.net.w", "first.b"])
    #expect(try firstByte(averaged, "model.net.w") == 9)
    #expect(try firstByte(averaged, "first.b") == 1)
    // The addresses of weights depend on it.
    #expect(averaged.entry != raw.entry)
    let strange = TorchBytes.dictionary(["model.w": tensor, "model_ema.v": other])
    let refused = try error(strange, CheckpointOptions(weights: .ema))
    #expect(refused.place == "tensor model_ema.v")
  }
}
