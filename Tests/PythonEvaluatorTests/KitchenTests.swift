import Analysis
import Averaging
import Checkpoints
import Foundation
import Kitchen
import Recipes
import Sweeps
import Synchronization
import Testing

@testable import Evaluation

/// Sweeps whose evaluator is a Python file, through the kitchen and the program.
@Suite(.enabled(if: TestPython.isThere, needsPython))
struct KitchenTests {
  /// A sweep with three ingredients for `linear.py` or `scalar.py`.
  static func sweep(
    _ fixtureName: String, arguments: String = "", splits: String = "[splits.val]\n[splits.test]"
  ) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/ingredients", withIntermediateDirectories: false)
    for number in 0..<3 {
      let weight = (0..<12).map { Double(($0 * 5 + number * $0) % 7) - 3 }
      try SafetensorsWriter.write(
        table([("weight", [4, 3], weight), ("bias", [4], [0, 1, 2, Double(number)])]),
        to: "\(folder.path)/ingredients/m\(number).safetensors")
    }
    _ = try folder.copy(fixtureName, as: "mine.py")
    _ = try folder.write(
      """
      [evaluator]
      kind = "python"
      file = "mine.py"
      python = "\(TestPython.path ?? "")"
      arguments = "\(arguments)"
      timeout = 600
      \(splits)
      """, to: "stockpot.toml")
    return folder
  }

  static func kitchen(_ folder: TemporaryFolder) throws -> Kitchen {
    try Kitchen(
      sweep: Sweep.open(folder.path), ledgerDirectory: folder.path + "/.stockpot")
  }

  private let lane = Lane("test", urgency: .recipe)

  @Test func `splits without files are the evaluator's, and nothing is evaluated twice`()
    async throws
  {
    let folder = try Self.sweep("linear.py")
    let kitchen = try Self.kitchen(folder)
    #expect(kitchen.evaluableSplits == ["val", "test"])
    #expect(try kitchen.selectionSplit() == "val")
    let first = try await kitchen.measure(.uniform(["m1", "m2"]), on: "val", lane: lane)
    #expect(first.score.n == 41 && first.evaluatedExamples == 41)
    let again = try await kitchen.measure(.uniform(["m2", "m1"]), on: "val", lane: lane)
    #expect(again.score.correct == first.score.correct && again.evaluatedExamples == 0)
    let next = try Self.kitchen(folder)
    let later = try await next.measure(.uniform(["m2", "m1"]), on: "val", lane: lane)
    #expect(later.evaluatedExamples == 0)
    // Another file is another evaluator.
    let text = folder.read("mine.py")
    _ = try folder.write(text + "\n", to: "mine.py")
    let changed = try Self.kitchen(folder)
    let anew = try await changed.measure(.uniform(["m2", "m1"]), on: "val", lane: lane)
    #expect(anew.evaluatedExamples == 41 && anew.score.correct == first.score.correct)
  }

  @Test func `a split that the file does not know is named before anything is cooked`()
    async throws
  {
    let folder = try Self.sweep(
      "linear.py", splits: "[splits.val]\n[splits.shifts.fog]")
    let kitchen = try Self.kitchen(folder)
    let error = await #expect(throws: InputError.self) {
      try await kitchen.cook(RecipeSpec(.greedy), lane: self.lane, tell: { _ in })
    }
    #expect(error?.problem == "KeyError: 'fog'")
    #expect(error?.place?.hasSuffix("in data") == true)
  }

  @Test func `analyses ask the evaluator for the data that they need`() async throws {
    let folder = try Self.sweep("linear.py")
    let blend = Blend.uniform(["m0", "m1"])
    let gap = try await Self.kitchen(folder).gap(of: blend, on: "test", lane: lane)
    #expect(gap.split == "test")
    let calibration = try await Self.kitchen(folder).calibration(of: blend, on: "val", lane: lane)
    #expect(calibration.split == "val")
    let path = try await Self.kitchen(folder).path(.spoke(of: blend, to: "m0"), lane: lane)
    #expect(path.split == "val")
    let pairs = try await Self.kitchen(folder).pairs(limit: 1, lane: lane)
    #expect(pairs.points.count == 1)
    let error = #expect(throws: InputError.self) {
      try Self.kitchen(folder).split(named: "val")
    }
    #expect(error?.problem == "the evaluator that brings its data was not asked for them")
  }

  @Test func `a soup that cannot be written is told all the same`() throws {
    let folder = try Self.sweep("linear.py")
    let ending = try Self.stockpot(
      ["run", "uniform", folder.path, "-o", "/proc/soup.safetensors"])
    #expect(ending.status == 1 && ending.output.contains("uniform: 3 ingredients"))
    #expect(ending.error.contains("stockpot: /proc/soup."))
    #expect(ending.error.contains("the same command will only write the soup"))
  }

  @Test func `the list has what was measured, and starts no Python for it`() throws {
    let folder = try Self.sweep("linear.py")
    #expect(try Self.stockpot(["eval", folder.path, "m1", "--split", "val"]).status == 0)
    let log = folder.read(".stockpot/logs/python-0.log")
    #expect(log.contains("process"))
    func listed() throws -> String {
      let list = try Self.stockpot(["list", folder.path, "--csv"])
      #expect(list.status == 0 && list.error == "", "\(list.error)")
      return list.output
    }
    let csv = try listed()
    #expect(csv.matches(of: /,[0-9]+,41,/).count == 1)
    #expect(folder.read(".stockpot/logs/python-0.log") == log)
    // Another file is another evaluator, of which nothing is known.
    _ = try folder.write(folder.read("mine.py") + "\n", to: "mine.py")
    #expect(try !listed().contains(",41,"))
  }

  /// As a shell gives it for a signal, 128 and its number.
  @Test(arguments: [SIGINT, SIGTERM])
  func `the signal that ended the program is its code`(number: Int32) async throws {
    let folder = try Self.sweep("linear.py", arguments: "sleep")
    let process = Process()
    process.executableURL = Bundle.module.bundleURL.deletingLastPathComponent()
      .appendingPathComponent("stockpot")
    process.arguments = ["eval", folder.path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    #expect(
      try await eventually { folder.read(".stockpot/logs/python-0.log").contains("a batch of") })
    kill(process.processIdentifier, number)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 128 + number)
  }

  private static func stockpot(
    _ arguments: [String]
  ) throws -> (status: Int32, output: String, error: String) {
    let process = Process()
    process.executableURL = Bundle.module.bundleURL.deletingLastPathComponent()
      .appendingPathComponent("stockpot")
    process.arguments = arguments
    let (output, error) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = error
    try process.run()
    // Short enough for the pipes' memory.
    process.waitUntilExit()
    func text(_ pipe: Pipe) -> String {
      String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    return (process.terminationStatus, text(output), text(error))
  }

  @Test func `a recipe selects by a scalar, and an ensemble says what it lacks`() async throws {
    let folder = try Self.sweep("scalar.py")
    let kitchen = try Self.kitchen(folder)
    let sums = try await ["m0", "m1", "m2"].asyncMap {
      try await kitchen.measure(.uniform([$0]), on: "val", lane: lane).metrics["score"] ?? 0
    }
    let result = try await kitchen.cook(RecipeSpec(.greedy), lane: lane, tell: { _ in })
    let best = sums.indices.max { sums[$0] < sums[$1] }
    #expect(result.ingredients == ["m\(try #require(best))"])
    let error = await #expect(throws: InputError.self) {
      try await kitchen.ensemble(["m0", "m1"], on: "val", lane: self.lane)
    }
    #expect(error?.problem.contains("in place of logits, which ensembles need") == true)
    await #expect(throws: InputError.self) { _ = try await kitchen.gradientSource(on: "val") }
  }

  @Test func `an accuracy of known examples becomes counts`() async throws {
    let clear = try Self.sweep("scalar.py", arguments: "accuracy")
    let kitchen = try Self.kitchen(clear)
    let measured = try await kitchen.measure(.uniform(["m0"]), on: "val", lane: lane)
    #expect(measured.score == Score(correct: 6, n: 8, nll: 0.5))
    let folder = try Self.sweep("scalar.py", arguments: "unclear")
    let unclear = try Self.kitchen(folder)
    await #expect(throws: InputError.self) {
      try await unclear.measure(.uniform(["m0"]), on: "val", lane: self.lane)
    }
  }

  @Test func `no worker outlives a Stockpot that is killed`() async throws {
    let folder = try Self.sweep("linear.py", arguments: "sleep")
    let process = Process()
    process.executableURL = Bundle.module.bundleURL.deletingLastPathComponent()
      .appendingPathComponent("stockpot")
    process.arguments = ["eval", folder.path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let log = { folder.read(".stockpot/logs/python-0.log") }
    #expect(try await eventually { log().contains("a batch of") })
    let line = try #require(log().split(separator: "\n").first { $0.hasPrefix("process ") })
    let worker = try #require(pid_t(line.dropFirst("process ".count)))
    #expect(kill(worker, 0) == 0)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(try await eventually { kill(worker, 0) != 0 })
  }

  @Test func `init writes a file that Python accepts, and never over another`() throws {
    let folder = try TemporaryFolder()
    let words = ["init", "--python", folder.path]
    let first = try Self.stockpot(words)
    #expect(first.status == 0 && first.output.contains("file = \"evaluator.py\""))
    let check =
      "import ast, sys; t = ast.parse(open(sys.argv[1]).read()); "
      + "print([n.name for n in t.body if isinstance(n, ast.FunctionDef)])"
    let functions = try TestPython.run(["-c", check, folder.path + "/evaluator.py"])
    #expect(String(decoding: functions, as: UTF8.self) == "['model', 'data']\n")
    _ = try folder.write("mine", to: "evaluator.py")
    #expect(try Self.stockpot(words).status == 1)
    #expect(folder.read("evaluator.py") == "mine")
  }
}

extension Sequence {
  func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await body(element)) }
    return results
  }
}
