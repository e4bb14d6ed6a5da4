import Checkpoints
import Foundation
import Synchronization
import Testing

@testable import Averaging

@Suite struct AveragerTests {
  private func ingredients(_ weights: [Double] = [0.5, 0.2, 0.3]) throws -> [AverageTerm] {
    try weights.enumerated().map { index, weight in
      AverageTerm(
        "ingredient-\(index)", try fixture("ingredient-\(index).safetensors"), weight: weight)
    }
  }

  @Test func equalsNumPyInEveryType() throws {
    let expected = try fixture("average.safetensors")
    let (weights, report) = try Averager.average(ingredients())
    #expect(weights.tensors == expected.tensors)
    for tensor in expected.tensors {
      #expect(try bytes(weights, tensor.name) == bytes(expected, tensor.name), "\(tensor)")
    }
    #expect(report.integersFromFirst == ["steps"])
    #expect(report.nonFinite.isEmpty)
    #expect(report.averaged == 24)
    #expect(report.copied == 10)
  }

  @Test func writesTheSameBitsToAFile() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/soup.safetensors"
    let report = try Averager.average(
      ingredients(), to: CheckpointOutput(path: path), metadata: ["recipe": "test"])
    let (weights, inMemory) = try Averager.average(ingredients())
    let file = try Checkpoint.open(path)
    #expect(report == inMemory)
    #expect(file.metadata == ["recipe": "test"])
    #expect(file.tensors == weights.tensors)
    for tensor in file.tensors {
      #expect(try bytes(weights, tensor.name) == bytes(file, tensor.name))
    }
  }

  @Test func isTheSameWithAnyNumberOfThreads() throws {
    let tables = try (0..<9).map { try randomTable(seed: UInt64($0)) }
    let terms = tables.enumerated().map { AverageTerm("\($0)", $1, weight: 1 / 9) }
    var options = AverageOptions()
    options.workers = 1
    let one = try Averager.average(terms, options).weights
    options.workers = 4
    let four = try Averager.average(terms, options).weights
    for tensor in one.tensors {
      #expect(try bytes(one, tensor.name) == bytes(four, tensor.name))
    }
    let values = try tables.map { try floats($0, "big") }
    let result = try floats(one, "big")
    for index in stride(from: 0, to: 270_000, by: 997) {
      let sum = values.reduce(0.0) { $0 + Double($1[index]) * (1 / 9) }
      #expect(result[index] == Float(sum))
    }
  }

  @Test func roundsAsTheFileWouldThenWidens() throws {
    let stored = try Averager.average(ingredients()).weights
    let wide = try Averager.average(ingredients(), AverageOptions(dtype: .asFirstThen(.f32)))
      .weights
    let converted = try Averager.converted(stored, to: .f32)
    #expect(wide.tensors == converted.tensors)
    for tensor in wide.tensors {
      #expect(tensor.dtype == .f32 || !tensor.dtype.isFloatingPoint)
      #expect(try bytes(wide, tensor.name) == bytes(converted, tensor.name))
    }
  }

  @Test func convertsWithoutLoss() throws {
    let original = try fixture("ingredient-0.safetensors")
    let wide = try Averager.converted(original, to: .f64)
    for tensor in original.tensors where tensor.dtype.isFloatingPoint {
      let back = try Averager.converted(wide, to: tensor.dtype)
      #expect(try bytes(back, tensor.name) == bytes(original, tensor.name))
    }
  }

  @Test func takesWeightsByTensor() throws {
    let a = try table([("x", [1, 2]), ("y", [1])])
    let b = try table([("x", [3, 6]), ("y", [9])])
    var options = AverageOptions()
    options.rows = [[0.5, 0.5], [1, 0]]
    let terms = [AverageTerm("a", a, weight: 1), AverageTerm("b", b, weight: 1)]
    let soup = try Averager.average(terms, options).weights
    #expect(try floats(soup, "x") == [2, 4])
    #expect(try floats(soup, "y") == [1])
    options.rows = [[1, 0]]
    #expect(throws: InputError.self) { try Averager.average(terms, options) }
    options.rows = [[1, 0], [.nan, 1]]
    #expect(throws: InputError.self) { try Averager.average(terms, options) }
  }

  @Test func leavesOutWhatAFilterLeavesOut() throws {
    let a = try table([("body.x", [1]), ("head.x", [1])], integers: [1])
    let b = try table([("body.x", [3]), ("head.x", [3])], integers: [1])
    let origin = try table([("head.x", [100]), ("body.x", [50])])
    var options = AverageOptions()
    options.only = [NamePattern("body.*")]
    let terms = [AverageTerm("a", a, weight: 0.5), AverageTerm("b", b, weight: 0.5)]
    var soup = try Averager.average(terms, options)
    #expect(try floats(soup.weights, "body.x") == [2])
    #expect(try floats(soup.weights, "head.x") == [1])
    #expect(soup.report.integersFromFirst.isEmpty)
    options.rest = NamedTable(
      "origin", try table([("head.x", [100]), ("body.x", [50])], integers: [0]))
    soup = try Averager.average(terms, options)
    #expect(try floats(soup.weights, "head.x") == [100])
    options.rest = NamedTable("origin", origin)
    let error = try #require(throws: InputError.self) { try Averager.average(terms, options) }
    #expect(error.file == "origin")
  }

  @Test func whatAFilterLeavesOutHasTheTypeThatIsAskedFor() throws {
    let a = try table([("body.x", [1]), ("head.x", [1.0001])], integers: [1])
    var options = AverageOptions(dtype: .dtype(.f16))
    options.only = [NamePattern("body.*")]
    let soup = try Averager.average([AverageTerm("a", a, weight: 1)], options)
    #expect(soup.weights.tensors.map(\.dtype) == [.f16, .f16, .i64])
    let whole = try Averager.converted(a, to: .f16)
    #expect(try bytes(soup.weights, "head.x") == bytes(whole, "head.x"))
    #expect(soup.report.averaged == 1 && soup.report.copied == 2)
  }

  @Test func aPatternThatFitsNothingIsASlip() throws {
    let a = try table([("blocks.0.attn.w", [1]), ("blocks.1.attn.w", [1]), ("head", [1])])
    var options = AverageOptions()
    options.only = [NamePattern("head"), NamePattern("block.*.atn.*")]
    let terms = [AverageTerm("a", a, weight: 1)]
    let error = try #require(throws: InputError.self) { try Averager.check(terms, options) }
    #expect(error.problem.contains("block.*.atn.*"))
    #expect(error.mend == "Names near it are blocks.0.attn.w, blocks.1.attn.w")
    options.only = [NamePattern("nothing.of.the.kind")]
    let far = try #require(throws: InputError.self) { try Averager.average(terms, options) }
    #expect(far.mend == "Its names are blocks.0.attn.w, blocks.1.attn.w, head, …")
  }

  @Test func tiesThatAFilterBreaksAreSaid() throws {
    let folder = try TemporaryFolder()
    let terms = try [Float(1), 3].map { value in
      let path = "\(folder.path)/\(value).pt"
      let tied = try table([("emb", [value]), ("head", [value]), ("rest", [value])])
      try CheckpointOutput(path: path).writer(for: tied.tensors, ties: [["emb", "head"]])
        .write(allOf: tied)
      return AverageTerm("\(value)", try Checkpoint.open(path), weight: 0.5)
    }
    var options = AverageOptions()
    options.only = [NamePattern("emb")]
    let report = try Averager.average(terms, options).report
    #expect(report.ties == [] && report.brokenTies == [["emb", "head"]])
    #expect(Preflight().findings(in: report).map(\.rule) == [.ties])
    options.only = [NamePattern("emb"), NamePattern("head")]
    let whole = try Averager.average(terms, options).report
    #expect(whole.ties == [["emb", "head"]] && whole.brokenTies == [])
  }

  @Test func whatIsNotAcceptedIsNotWritten() throws {
    let folder = try TemporaryFolder()
    let good = try table([("x", [1]), ("left.out", [1])])
    let bad = try table([("x", [.nan]), ("left.out", [1])])
    let worse = try table([("x", [.infinity]), ("left.out", [.nan])])
    let terms = [("worse", worse), ("good", good), ("bad", bad)].map {
      AverageTerm($0.0, $0.1, weight: 0.5)
    }
    var options = AverageOptions()
    options.only = [NamePattern("x")]
    options.accept = { report in
      let findings = Preflight().findings(in: report)
      #expect(findings.map(\.subject) == ["worse", "bad"])
      #expect(findings.map(\.tensors) == [["x", "left.out"], ["x"]])
      throw CancellationError()
    }
    let output = try CheckpointOutput(path: folder.path + "/soup.safetensors")
    #expect(throws: CancellationError.self) {
      try Averager.average(terms, options, to: output)
    }
    #expect(folder.contents.isEmpty)
  }

  @Test func aFileThatIsWrittenToMeanwhileIsNotMixed() throws {
    let folder = try TemporaryFolder()
    let paths = ["a", "b"].map { "\(folder.path)/\($0).safetensors" }
    for path in paths {
      let table = try table([("x", [1, 2])])
      try CheckpointOutput(path: path).writer(for: table.tensors).write(allOf: table)
      // Clocks of file systems are coarse.
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: path)
    }
    let terms = try AverageTerm.uniform(paths.map(Checkpoint.open))
    var options = AverageOptions()
    options.progress = { done, total in
      guard done == total, let file = fopen(paths[1], "r+") else { return }
      fseek(file, -4, SEEK_END)
      fwrite([0x40 as UInt8, 0, 0, 0], 1, 4, file)
      fclose(file)
    }
    let output = try CheckpointOutput(path: folder.path + "/soup.safetensors")
    let error = try #require(throws: InputError.self) {
      try Averager.average(terms, options, to: output)
    }
    #expect(error.file == paths[1] && error.problem.contains("written to"))
    #expect(!folder.contents.contains("soup.safetensors"))
  }

  @Test func namesWhatDoesNotFit() throws {
    func error(_ other: Weights) throws -> InputError {
      let first = try table((0..<8).map { ("t\($0)", [1]) })
      return try #require(throws: InputError.self) {
        try Averager.average([
          AverageTerm("first", first, weight: 0.5), AverageTerm("other", other, weight: 0.5),
        ])
      }
    }
    let missing = try error(table([("t0", [1])]))
    #expect(missing.description.contains("other: tensors t1, t2, t3, t4, t5 and 2 more: missing"))
    let extra = try error(table((0..<9).map { ("t\($0)", [1]) }))
    #expect(extra.description.contains("tensor t8: not in first"))
    let shape = try error(table((0..<8).map { ("t\($0)", $0 == 3 ? [1, 2] : [1]) }))
    #expect(shape.place == "tensor t3 [2] against [1]")
    #expect(throws: InputError.self) { try Averager.average([]) }
  }

  @Test func namesWhoBroughtNaN() throws {
    let clean = try table([("x", [1, 2, 3]), ("y", [1])])
    let dirty = try table([("x", [1, .nan, 3]), ("y", [1])])
    let huge = try table([("x", [1, 2, 3]), ("y", [.greatestFiniteMagnitude])])
    var terms = [
      AverageTerm("clean", clean, weight: 1), AverageTerm("dirty", dirty, weight: 1),
      AverageTerm("huge", huge, weight: 2),
    ]
    #expect(
      try Averager.average(terms).report.nonFinite == [
        .init(tensor: "x", terms: ["dirty"]), .init(tensor: "y", terms: []),
      ])
    // Weight zero is absence.
    terms[1] = AverageTerm("dirty", dirty, weight: 0)
    terms[2] = AverageTerm("huge", huge, weight: 0)
    let (soup, report) = try Averager.average(terms)
    #expect(report.nonFinite.isEmpty)
    #expect(try floats(soup, "x") == [1, 2, 3])
    terms[0] = AverageTerm("clean", clean, weight: .infinity)
    #expect(throws: InputError.self) { try Averager.average(terms) }
  }

  @Test func refusesDifferingIntegersWhenTold() throws {
    var options = AverageOptions()
    options.integers = .refuse
    let terms = try ingredients()
    let error = try #require(throws: InputError.self) { try Averager.average(terms, options) }
    #expect(error.place == "tensor steps")
  }

  @Test func mixesPrecisions() throws {
    let a = try table([("x", [1, 2, 3])])
    let b = try Averager.converted(table([("x", [2, 4, 6])]), to: .bf16)
    let terms = [AverageTerm("a", a, weight: 0.5), AverageTerm("b", b, weight: 0.5)]
    let (soup, report) = try Averager.average(terms)
    #expect(try floats(soup, "x") == [1.5, 3, 4.5])
    #expect(report.mixed == [.init(tensor: "x", dtypes: [.f32, .bf16])])
  }

  @Test func findsTensorsInAnyOrder() throws {
    let a = try table([("x", [1]), ("y", [2])])
    let b = try table([("y", [4]), ("x", [3])])
    let soup = try Averager.average(
      [AverageTerm("a", a, weight: 0.5), AverageTerm("b", b, weight: 0.5)]
    ).weights
    #expect(try floats(soup, "x") == [2])
    #expect(try floats(soup, "y") == [3])
  }

  @Test func stopsWhenCancelledAndLeavesNothing() async throws {
    let folder = try TemporaryFolder()
    let output = try CheckpointOutput(path: "\(folder.path)/soup.safetensors")
    let tables = try (0..<2).map { try randomTable(seed: UInt64($0)) }
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try Averager.average(
        tables.map { AverageTerm("t", $0, weight: 0.5) }, to: output)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(folder.contents.isEmpty)
  }

  @Test func stopsInTheMiddleWhenCancelled() async throws {
    let folder = try TemporaryFolder()
    let output = try CheckpointOutput(path: "\(folder.path)/soup.safetensors")
    let table = try randomTable(seed: 1)
    let pieces = Atomic(0)
    let task = Task {
      try withUnsafeCurrentTask { current in
        nonisolated(unsafe) let current = current
        var options = AverageOptions()
        options.workers = 1
        options.progress = { _, _ in
          pieces.add(1, ordering: .relaxed)
          current?.cancel()
        }
        return try Averager.average([AverageTerm("t", table, weight: 1)], options, to: output)
      }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(pieces.load(ordering: .relaxed) == 1)
    #expect(folder.contents.isEmpty)
  }

  /// A table whose second tensor cannot be read.
  private struct BrokenTable: TensorTable {
    let whole: Weights
    var tensors: [TensorInfo] { whole.tensors }
    func index(of name: String) -> Int? { whole.index(of: name) }
    func withBytes<Result>(
      ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
      if index == 1 { throw InputError(file: "broken", problem: "cannot be read") }
      return try whole.withBytes(ofTensorAt: index, body)
    }
  }

  @Test func passesOnErrorsInReadingAndLeavesNothing() throws {
    let folder = try TemporaryFolder()
    let whole = try randomTable(seed: 1)
    let terms = [
      AverageTerm("whole", whole, weight: 0.5),
      AverageTerm("broken", BrokenTable(whole: whole), weight: 0.5),
    ]
    let error = try #require(throws: InputError.self) {
      try Averager.average(
        terms, to: CheckpointOutput(path: "\(folder.path)/soup.safetensors"))
    }
    #expect(error.file == "broken")
    #expect(folder.contents.isEmpty)
    let soup = try RunningSoup(like: NamedTable("whole", whole))
    #expect(throws: InputError.self) {
      try soup.add(NamedTable("broken", BrokenTable(whole: whole)))
    }
    // Half an ingredient is in the sums now.
    #expect(throws: InputError.self) { try soup.add(NamedTable("whole", whole)) }
    soup.removeAll()
    try soup.add(NamedTable("whole", whole))
    #expect(try floats(soup.weights(), "small") == floats(whole, "small"))
  }

  @Test func takesAThousandIngredients() throws {
    let tables = try (0..<1000).map { try table([("x", [Float($0), 1, 2]), ("y", [1])]) }
    let terms = tables.enumerated().map { AverageTerm("\($0)", $1, weight: 0x1p-10) }
    let soup = try Averager.average(terms).weights
    #expect(try floats(soup, "x") == [499_500 / 1024, 1000 / 1024, 2000 / 1024])
  }

  @Test func reportsProgressToTheEnd() throws {
    let last = Mutex((done: 0, total: 0))
    var options = AverageOptions()
    options.progress = { done, total in
      last.withLock { $0 = (max($0.done, done), total) }
    }
    let table = try randomTable(seed: 1)
    let (_, report) = try Averager.average([AverageTerm("t", table, weight: 1)], options)
    #expect(last.withLock { $0.done } == report.bytesMade)
    #expect(last.withLock { $0.total } == report.bytesMade)
  }

  @Test(arguments: [
    ("*", "anything", true), ("", "", true), ("", "a", false), ("a*c", "abbc", true),
    ("a*c", "abb", false), ("*.norm?.weight", "blocks.0.norm1.weight", true),
    ("*.norm?.weight", "blocks.0.norm.weight", false), ("a**b*", "axxb", true), ("?", "", false),
  ])
  func matchesPatterns(_ pattern: String, name: String, expected: Bool) {
    #expect(NamePattern(pattern).matches(name) == expected)
  }
}
