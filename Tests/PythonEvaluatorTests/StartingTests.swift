import Checkpoints
import Foundation
import Testing

@testable import Evaluation

/// What can be wrong before anything is evaluated.
@Suite(.enabled(if: TestPython.isThere, needsPython))
struct StartingTests {
  /// The error of starting with a file of this text.
  func failure(of text: String, timeout: Double = 60) async throws -> InputError? {
    let folder = try TemporaryFolder()
    var options = PythonOptions()
    options.python = TestPython.path
    options.logFolder = folder.path
    options.timeout = timeout
    let evaluator = try PythonEvaluator(
      file: folder.write(text, to: "evaluator.py"), options: options)
    return await #expect(throws: InputError.self) {
      _ = try await evaluator.describe(split: "val")
    }
  }

  @Test func `one who leaves a start leaves it to the others`() async throws {
    let bench = try Bench("slow.py") { $0.arguments = "go" }
    let first = Task { try await bench.evaluator.start() }
    #expect(try await eventually { bench.log.contains("importing") })
    let second = Task { try await bench.evaluator.start() }
    try await Task.sleep(for: .milliseconds(300))
    first.cancel()
    _ = try bench.folder.write("", to: "go")
    #expect(try await second.value.contains("Python 3"))
  }

  @Test func `functions that are missing are named`() async throws {
    #expect(try await failure(of: "x = 1")?.problem == "there is no function model")
    let error = try await failure(of: "def model(): pass")
    #expect(error?.problem == "there is no function data")
    #expect(error?.mend?.hasPrefix("Define data(), with the argument split") == true)
  }

  @Test func `a module that is missing is an errand for pip`() async throws {
    let error = try await failure(of: "\nimport no_such_torch")
    #expect(error?.problem.hasSuffix("has no module named no_such_torch") == true)
    #expect(error?.place == "line 2, in <module>")
    #expect(error?.mend?.contains("-m pip install no_such_torch") == true)
  }

  @Test func `syntax errors have a line`() async throws {
    let error = try await failure(of: "def model(:\n  pass")
    #expect(error?.problem.hasPrefix("SyntaxError") == true)
    #expect(error?.place == "line 1")
  }

  @Test func `a model of no use is refused`() async throws {
    let error = try await failure(of: "def model(): return 3\ndef data(split): return []")
    #expect(error?.problem == "model() returned int, which is not a torch.nn.Module")
  }

  @Test(arguments: [
    ("[]", "data('val') has no examples"), ("7", "data('val') is of type int, which has no length"),
    ("([1, 2], [0])", "data('val') has 2 inputs and 1 labels"),
    ("[(1, 0), (1, -4)]", "the label of example 1 of val is -4"),
    ("[(1, 'cat')]", "the label of example 0 of val is 'cat'"),
    ("[5]", "data('val')[0] is of type int"),
    ("[{'x': 1}]", "data('val')[0] has the keys x"),
  ])
  func `data that are malformed are named`(value: String, problem: String) async throws {
    let text = """
      class Model:
        def load(self, tensors): pass
        def __call__(self, batch): return [[0.0]] * len(batch)
      def model(): return Model()
      def data(split): return \(value)
      """
    let error = try await failure(of: text)
    #expect(error?.problem.hasPrefix(problem) == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    ("[0, -100]", "the label of example 1 of val is -100"),
    ("[0, 1.5, 'cat']", "the label of example 2 of val is 'cat'"),
    ("[4294967296]", "the label of example 0 of val is 4294967296"),
  ])
  func `labels of their own are checked too`(value: String, problem: String) async throws {
    let text = """
      class Model:
        def load(self, tensors): pass
        def __call__(self, batch): return [[0.0]] * len(batch)
      def model(): return Model()
      def data(split): return [(1, 0), (1, 0)]
      def labels(split): return \(value)
      """
    let error = try await failure(of: text)
    #expect(error?.problem.hasPrefix(problem) == true, "\(String(describing: error))")
  }

  @Test func `a process that ends by itself is no riddle`() async throws {
    let error = try await failure(of: "import os\nprint('farewell')\nos._exit(7)")
    #expect(error?.problem.contains("status 7") == true)
    #expect(error?.problem.contains("farewell") == true)
  }

  @Test func `Python is looked for where the person works`() throws {
    let folder = try TemporaryFolder()
    func make(_ path: String) throws -> String {
      let file = "\(folder.path)/\(path)"
      try FileManager.default.createDirectory(
        atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      _ = FileManager.default.createFile(
        atPath: file, contents: nil, attributes: [.posixPermissions: 0o755])
      return file
    }
    func find(_ asked: String?, _ environment: [String: String]) throws -> String {
      try PythonLocation.find(asked: asked, folder: folder.path, environment: environment)
    }
    let onPath = try make("bin/python3")
    let path = ["PATH": "\(folder.path)/bin"]
    #expect(try find(nil, path) == onPath)
    let beside = try make(".venv/bin/python")
    #expect(try find(nil, path) == beside)
    let active = try make("active/bin/python")
    let environment = path.merging(["VIRTUAL_ENV": "\(folder.path)/active"]) { $1 }
    #expect(try find(nil, environment) == active)
    let named = try make("other/bin/python3.12")
    #expect(try find("other/bin/python3.12", environment) == named)
    #expect(try find("./active", environment) == "\(folder.path)/./active/bin/python")
    #expect(try find("python3", environment) == onPath)
    #expect(throws: InputError.self) { try find("absent/python", environment) }
    #expect(throws: InputError.self) { try find("absent", environment) }
  }

  @Test func `no Python at all is said with every place that was tried`() throws {
    let error = #expect(throws: InputError.self) {
      try PythonLocation.find(
        asked: nil, folder: "/sweep", environment: ["PATH": "/none", "VIRTUAL_ENV": "/env"])
    }
    #expect(error?.problem.contains("/env/bin/python nor /sweep/.venv/bin/python") == true)
    #expect(throws: InputError.self) { try PythonEvaluator(file: "/no/such/evaluator.py") }
  }

  @Test func `imports of files beside it are part of an evaluator's identity`() async throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/nets/parts", withIntermediateDirectories: true)
    for name in ["nets/__init__.py", "nets/parts/__init__.py", "unrelated.py"] {
      _ = try folder.write("", to: name)
    }
    let helper = try folder.write("import os, json", to: "helper.py")
    let blocks = try folder.write("from ..shapes import SIZE", to: "nets/parts/blocks.py")
    let shapes = try folder.write("SIZE = 3", to: "nets/shapes.py")
    let file = try folder.write(
      "import helper as h, sys  # and import unrelated\nfrom nets.parts import (blocks, other)",
      to: "evaluator.py")
    var options = PythonOptions()
    options.python = TestPython.path
    let evaluator = try PythonEvaluator(file: file, options: options)
    #expect(
      evaluator.identity.files
        == [file]
        + [
          helper, "\(folder.path)/nets/__init__.py", "\(folder.path)/nets/parts/__init__.py",
          blocks,
          shapes,
        ].sorted())
    _ = try folder.write("import os", to: "helper.py")
    let error = await #expect(throws: InputError.self) {
      try await evaluator.describe(split: "val")
    }
    #expect(error?.file == helper)
  }
}
