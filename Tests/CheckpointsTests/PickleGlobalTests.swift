import Testing

@testable import Checkpoints

/// Classes and functions that pickles name: known, passed over, or refused.
@Suite struct PickleGlobalTests {
  private let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  /// A state dict beside `value`.
  private func open(_ value: [UInt8], inert: Set<String> = []) throws -> Checkpoint {
    let saved = TorchBytes.dictionary([
      "state_dict": TorchBytes.dictionary(["w": TorchBytes.tensor()]), "hyper_parameters": value,
    ])
    let path = try scratch.write(TorchBytes.file(saved), as: "a.ckpt")
    return try Checkpoint.open(path, options: CheckpointOptions(inert: inert))
  }

  private func error(_ value: [UInt8], inert: Set<String> = []) throws -> InputError {
    try #require(throws: InputError.self) { try open(value, inert: inert) }
  }

  @Test(arguments: [
    ("os", "system"), ("posix", "system"), ("nt", "system"), ("subprocess", "Popen"),
    ("sys", "exit"), ("builtins", "eval"), ("__builtin__", "exec"), ("importlib", "import_module"),
    ("runpy", "run_path"), ("shutil", "rmtree"), ("socket", "socket"), ("ctypes.util", "x"),
    ("pty", "spawn"), ("webbrowser", "open"), ("pickle", "loads"), ("code", "interact"),
  ])
  func whatDoesHarmIsRefusedWhenNamed(module: String, name: String) throws {
    let named = TorchBytes.global(module, name)
    // Nobody's word makes it harmless.
    for inert: Set<String> in [[], ["\(module).\(name)"]] {
      let error = try error(named, inert: inert)
      #expect(error.problem.contains("\(module).\(name)"))
      #expect(error.place?.contains("data.pkl, byte") == true && error.mend != nil)
    }
  }

  @Test func whatIsUnknownMayBeNamed() throws {
    let names = TorchBytes.list([
      TorchBytes.global("torch.nn.modules.activation", "ReLU"),
      TorchBytes.global("mylib", "loss"), TorchBytes.global("builtins", "int"),
    ])
    #expect(
      try open(names).notes == [
        "unknown classes and functions were passed over: "
          + "torch.nn.modules.activation.ReLU, mylib.loss"
      ])
  }

  @Test func unknownInstancesArePassedOverOnRequest() throws {
    let member = TorchBytes.call("mylib.kinds", "Kind", [TorchBytes.text("a")])
    let refused = try error(member)
    #expect(refused.problem.contains("mylib.kinds.Kind"))
    #expect(refused.mend?.contains("--inert mylib.kinds.Kind") == true)
    #expect(refused.mend?.contains(#"inert = ["mylib.kinds.Kind"]"#) == true)
    let checkpoint = try open(member, inert: ["mylib.kinds.Kind"])
    #expect(checkpoint.tensors.map(\.name) == ["w"])
    #expect(checkpoint.notes.contains { $0.contains("mylib.kinds.Kind") })
    #expect(throws: InputError.self) { try open(member, inert: ["mylib.kinds"]) }
  }

  /// What dataclasses, members of enumerations and partial functions are written as.
  @Test func shapesOfInstances() throws {
    let inert: Set<String> = ["mylib.Config"]
    let config = TorchBytes.global("mylib", "Config")
    let made = config + TorchBytes.tuple([]) + [0x81]
    let filled = made + TorchBytes.dictionary(["lr": TorchBytes.integer(1)]) + Array("b".utf8)
    let member = TorchBytes.call("__builtin__", "getattr", [config, TorchBytes.text("A")])
    for value in [filled, member] {
      #expect(throws: InputError.self) { try open(value) }
      #expect(try open(value, inert: inert).tensors.count == 1)
    }
    let hidden = TorchBytes.call(
      "__builtin__", "getattr", [TorchBytes.global("os", "path"), TorchBytes.text("join")])
    #expect(throws: InputError.self) { try open(hidden, inert: inert) }
  }

  @Test(arguments: [
    ("functools", "partial"), ("_io", "BytesIO"), ("collections", "ChainMap"), ("uuid", "UUID"),
    ("decimal", "Decimal"), ("datetime", "datetime"), ("pathlib", "PosixPath"),
    ("types", "SimpleNamespace"), ("enum", "Flag"), ("re", "_compile"),
  ])
  func dataOfTheStandardLibrary(module: String, name: String) throws {
    let value = TorchBytes.call(module, name, [TorchBytes.global("torch.optim.sgd", "SGD")])
    let state = value + TorchBytes.dictionary([:]) + Array("b".utf8)
    #expect(try open(state).tensors.count == 1)
  }

  @Test func longNamesAreCut() throws {
    let error = try error(TorchBytes.call(String(repeating: "a", count: 100_000), "b"))
    #expect(error.description.utf8.count < 2000)
  }

  @Test func elementTypesThatAreNotKnownAreNamed() throws {
    let id = [
      TorchBytes.text("storage"), TorchBytes.global("torch.storage", "UntypedStorage"),
      TorchBytes.text("0"), TorchBytes.text("cpu"), TorchBytes.integer(16),
    ]
    let tensor = TorchBytes.call(
      "torch._utils", "_rebuild_tensor_v3",
      [
        TorchBytes.tuple(id) + Array("Q".utf8), TorchBytes.integer(0),
        TorchBytes.tuple([TorchBytes.integer(4)]), TorchBytes.tuple([TorchBytes.integer(1)]),
        [0x89], TorchBytes.call("collections", "OrderedDict"),
        TorchBytes.global("torch", "float4_e2m1fn_x2"),
      ])
    let path = try scratch.write(
      TorchBytes.file(TorchBytes.dictionary(["w": tensor])), as: "a.pt")
    let error = #expect(throws: InputError.self) { try Checkpoint.open(path) }
    #expect(error?.place == "tensor w")
    #expect(error?.problem.contains("float4_e2m1fn_x2") == true)
    #expect(error?.mend?.contains("float32") == true)
  }
}
