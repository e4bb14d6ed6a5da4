import Checkpoints
import Evaluation
import Foundation
import Testing

@testable import Sweeps

@Suite struct ManifestTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.touch(
      "a/one.safetensors", "a/two.safetensors", "base.safetensors", "net.onnx",
      "data/val_x.npy", "data/val_y.npy", "data/test_x.npy", "data/test_y.npy", "x.npy", "y.npy")
  }

  @discardableResult
  private func open(_ manifest: String) throws -> Sweep {
    try folder.write("stockpot.toml", manifest)
    return try Sweep.open(folder.path)
  }

  @Test func everythingCanBeSaid() throws {
    let sweep = try open(
      """
      [sweep]
      name = "mine"
      ingredients = ["a/*.safetensors", "base.safetensors"]
      metric = "nll"
      [evaluator]
      kind = "onnx"
      model = "net.onnx"
      batch = 64
      threads = 2
      provider = "cpu"
      mean = [0.5, 1]
      [splits.shifts.zebra]
      inputs = { ids = "x.npy", attention = "data/val_x.npy" }
      labels = "y.npy"
      [splits.shifts.apple]
      inputs = "x.npy"
      labels = "y.npy"
      [splits.test]
      [splits.val]
      """)
    #expect(sweep.name == "mine")
    #expect(sweep.ingredients.map(\.name) == ["base", "one", "two"])
    #expect(sweep.selectionMetric == .nll)
    #expect(sweep.splits.map(\.name) == ["val", "test", "zebra", "apple"])
    #expect(
      sweep.splits[0].inputs == [SplitSpec.Input(name: nil, file: folder.path + "/data/val_x.npy")])
    #expect(sweep.splits[2].inputs.map(\.name) == ["ids", "attention"])
    #expect(
      sweep.evaluator?.options == [
        "batch": .integer(64), "threads": .integer(2), "provider": .text("cpu"),
        "mean": .numbers([0.5, 1]),
      ])
  }

  @Test func checkpointsAndFindingsAreChosen() throws {
    let sweep = try open(
      """
      [sweep]
      entry = "nets.student"
      weights = "ema"
      inert = ["mylib.Config", "mylib.Kind"]
      [preflight]
      same-initialisation = "refuse"
      non-finite = "warn"
      shapes = "refuse"
      """)
    let inert: Set<String> = ["mylib.Config", "mylib.Kind"]
    #expect(
      sweep.checkpointOptions
        == CheckpointOptions(entry: "nets.student", weights: .ema, inert: inert))
    #expect(
      sweep.severities == [.initialisation: .refuse, .nonFinite: .warn, .shapes: .refuse])
    let plain = try open("[sweep]")
    #expect(plain.checkpointOptions == CheckpointOptions())
    #expect(plain.severities.isEmpty)
  }

  @Test func whatIsLeftOutIsLookedFor() throws {
    try folder.write("results.csv", "name,lr,val_acc\ntwo,0.1,0.5\none,0.2,0.25\n")
    let sweep = try open("[sweep]\ningredients = \"a/*\"\n")
    #expect(sweep.ingredients.map(\.name) == ["two", "one"])
    #expect(sweep.evaluator?.file == folder.path + "/net.onnx")
    #expect(sweep.splits.map(\.name) == ["val", "test"])
    #expect(sweep.ingredients[0].metrics["val"] == KnownMetric(accuracy: 0.5))
  }

  @Test func aPythonEvaluatorBringsItsData() throws {
    try folder.touch("eval.py")
    let sweep = try open(
      """
      [sweep]
      ingredients = "a/*"
      [evaluator]
      kind = "python"
      file = "eval.py"
      workers = 2
      device = "cuda"
      timeout = 60
      [splits.val]
      [splits.shifts.blur]
      """)
    #expect(
      sweep.evaluator
        == EvaluatorSpec(
          kind: .python, file: folder.path + "/eval.py",
          options: ["workers": .integer(2), "device": .text("cuda"), "timeout": .number(60)]))
    #expect(sweep.splits.map(\.isEvaluable) == [true, true])
  }

  /// A manifest, then what its error must say of the place, the problem and the mend.
  @Test(arguments: [
    ("[sweep]\nnmae = \"x\"", "line 2, column 1, key sweep.nmae", "unknown key `nmae`", "`name`"),
    ("[sweeps]", "line 1, column 2, key sweeps", "unknown key `sweeps` at the top", "`sweep`"),
    ("x = 1", "line 1, column 1, key x", "unknown key", "evaluator, preflight, splits, sweep"),
    ("[sweep]\nweights = \"emma\"", "line 2", "\"emma\" is not known", "\"ema\""),
    ("[preflight]\nidentcal = \"warn\"", "line 2", "unknown key", "`identical`"),
    ("[preflight]\nidentical = \"stop\"", "line 2", "not known", "\"refuse\""),
    ("[preflight]\nshapes = \"warn\"", "line 2", "cannot be averaged", "Remove"),
    (
      "[sweep]\ninitialization = \"base.safetensors\"", "line 2, column 1", "unknown key",
      "`initialisation`"
    ),
    ("[sweep]\nname = 3", "line 2, column 1, key sweep.name", "is an integer, must be a text", ""),
    ("[sweep]\nname = \"\"", "line 2", "empty", "Give a value"),
    ("[sweep]\ningredients = []", "line 2", "the list is empty", "Name a file"),
    ("[sweep]\ningredients = [1]", "line 2", "list of texts", ""),
    ("[sweep]\ningredients = [\"b/*\"]", "line 2", "matches no checkpoint", ".safetensors"),
    ("[sweep]\ningredients = [\"c.pt\"]", "line 2", "c.pt does not exist", "relative to"),
    ("[sweep]\n  initialisation = \"no\"", "line 2, column 3", "no does not exist", "Correct"),
    ("[sweep]\nresults = \"no.csv\"", "line 2", "no.csv does not exist", "Correct"),
    ("[sweep]\nmetric = \"accurracy\"", "line 2", "\"accurracy\" is not known", "\"accuracy\""),
    ("[sweep]\nmetric = \"zzz\"", "line 2", "not known", "one of \"accuracy\""),
    ("[evaluator]\nkind = \"onxx\"", "line 2", "not known", "\"onnx\""),
    ("[evaluator]\nkind = \"onnx\"", "key evaluator.model", "missing", "model ="),
    ("[evaluator]\nkind = \"python\"", "key evaluator.file", "missing", "file ="),
    (
      "[evaluator]\nfile = \"net.onnx\"\ntimeout = 0", "line 3", "every worker would be ended",
      "Leave it away for 300 s"
    ),
    ("[evaluator]\nmodel = \"no.onnx\"", "line 2", "no.onnx does not exist", "Correct"),
    ("[evaluator]\nmodel = \"net.onnx\"\nthreads = 0", "line 3", "at least 1", ""),
    ("[evaluator]\nmodel = \"net.onnx\"\nbatch = \"8\"", "line 3", "must be a whole number", ""),
    ("[evaluator]\nmodel = \"net.onnx\"\nmean = [\"a\"]", "line 3", "a list of numbers", ""),
    ("[evaluator]\nmodel = \"net.onnx\"\nbacth = 8", "line 3", "unknown key", "`batch`"),
    ("[splits.vla]", "line 1, column 9, key splits.vla", "unknown key", "`val`"),
    ("[splits]\nval = 3", "line 2", "must be a table", ""),
    ("[splits.val]\ninputs = \"no.npy\"", "line 2", "no.npy does not exist", "Correct"),
    ("[splits.shifts.blur]", "line 1, column 16", "data/blur_x.npy does not exist", "inputs ="),
    (
      "[splits.shifts.blur]\ninputs = \"x.npy\"", "line 1", "data/blur_y.npy does not exist",
      "labels ="
    ),
    ("[splits.shifts.val]", "line 1", "cannot be named val", "[splits.val]"),
    ("[splits.val]\ninputs = { a = 1 }", "line 2, column 12", "must be a text", ""),
    ("[sweep]\nname = \"x", "line 2", "not TOML", ""),
    ("[sweep]\nname = \"x\"\nname = \"y\"", "line 3", "not TOML", ""),
    ("[sweep]\n[ = ]", "line 2, column 3", "a name or a value is missing", "in quotes"),
    ("[é]", "line 1, column 2", "a name or a value is missing", "in quotes"),
    ("a = [\u{301}\n[\u{301}", "line 1", "not TOML", ""),
    ("a = [1, }", "line 1, column 9", "a name or a value is missing", ""),
    ("[[]]", "line 1, column 3", "a name or a value is missing", "in quotes"),
  ])
  func mistakesAreNamed(manifest: String, place: String, problem: String, mend: String) throws {
    let error = try failure { _ = try open(manifest) }
    #expect(error.file == folder.path + "/stockpot.toml")
    #expect(
      error.place?.hasPrefix(place) == true || error.place?.hasSuffix(place) == true, "\(error)")
    #expect(error.problem.contains(problem), "\(error)")
    #expect(mend.isEmpty || error.mend?.contains(mend) == true, "\(error)")
  }

  /// The parser itself would end the process on this.
  @Test func aHeaderWithoutANameIsRefused() throws {
    let error = try failure { _ = try open("[=]") }
    #expect(error.place == "line 1, column 2")
  }

  @Test func rubbishNeverStopsTheProgram() throws {
    var random = Seeded(3)
    let pieces = [
      "[", "]", "\"", "'", "=", ".", ",", "{", "}", "#", "\n", "\\", "a", "1", "é", "\"\"\"", "\r",
      "\t", "\u{A0}", "-", ":", "\u{C}",
    ]
    for _ in 0..<1500 {
      let text = (0..<Int.random(in: 0...20, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined()
      try folder.write("stockpot.toml", text)
      do { _ = try Sweep.open(folder.path) } catch { #expect(error is InputError) }
    }
    try Data([0x5B, 0xFF, 0x5D]).write(to: URL(fileURLWithPath: folder.path + "/stockpot.toml"))
    #expect(try failure { _ = try Sweep.open(folder.path) }.problem.contains("UTF-8"))
  }
}
