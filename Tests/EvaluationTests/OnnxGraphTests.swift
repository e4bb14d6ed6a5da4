import Checkpoints
import Foundation
import Testing

@testable import Evaluation

struct OnnxGraphTests {
  @Test func readsInitializersAndPorts() throws {
    let graph = try OnnxGraph(path: fixture("mlp.onnx"))
    #expect(
      graph.tensors == [
        TensorInfo(name: "fc1.weight", dtype: .f32, shape: [8, 6]),
        TensorInfo(name: "fc1.bias", dtype: .f32, shape: [8]),
        TensorInfo(name: "fc2.weight", dtype: .f32, shape: [4, 8]),
        TensorInfo(name: "fc2.bias", dtype: .f32, shape: [4]),
      ])
    #expect(
      graph.inputs == [OnnxPort(name: "x", dtype: .f32, shape: [.dynamic("batch"), .fixed(6)])])
    #expect(
      graph.outputs == [
        OnnxPort(name: "logits", dtype: .f32, shape: [.dynamic("batch"), .fixed(4)])
      ])
    #expect(graph.irVersion == 8)
  }

  @Test(arguments: ["mlp.onnx", "mlp_typed.onnx", "mlp_external.onnx"])
  func readsValuesWhereverTheyAre(_ name: String) throws {
    let graph = try OnnxGraph(path: fixture(name))
    let comparison = try graph.compare(with: SafetensorsFile(path: fixture("mlp_a.safetensors")))
    #expect(comparison.equal == ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"])
    #expect(comparison.isMatch)
  }

  @Test(arguments: ["mlp.onnx", "mlp_external.onnx", "text.onnx"])
  func rewritingMovesWeightsOut(_ name: String) throws {
    let graph = try OnnxGraph(path: fixture(name))
    let swapped = Set(graph.tensors.filter(\.dtype.isFloatingPoint).map(\.name))
    let folder = try TemporaryFolder()
    let bytes = try graph.rewritten(swapping: swapped, as: .inputs)
    let inputs = try OnnxGraph(path: folder.write(bytes, to: "inputs.onnx"))
    #expect(Set(inputs.inputs.map(\.name)) == Set(graph.inputs.map(\.name)).union(swapped))
    #expect(inputs.tensors == graph.tensors.filter { !swapped.contains($0.name) })
    #expect(inputs.outputs == graph.outputs)

    let external = try graph.rewritten(swapping: swapped, as: .initializers)
    let text = message { _ = try OnnxGraph(path: folder.write(external, to: "external.onnx")) }
    #expect(text.contains("stockpot-weights"), "\(text)")
  }

  @Test func rewritingNothingKeepsEveryField() throws {
    let graph = try OnnxGraph(path: fixture("text.onnx"))
    let folder = try TemporaryFolder()
    let bytes = try graph.rewritten(swapping: [], as: .initializers)
    let copy = try OnnxGraph(path: folder.write(bytes, to: "copy.onnx"))
    #expect(copy.tensors == graph.tensors)
    #expect(copy.inputs == graph.inputs)
    #expect(bytes.count == Data(referencing: NSData(contentsOfFile: graph.file) ?? NSData()).count)
  }

  @Test func everyTruncationIsRefusedOrHarmless() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: fixture("mlp.onnx"))))
    let folder = try TemporaryFolder()
    var refused = 0
    for length in 1..<bytes.count {
      let path = try folder.write(Array(bytes.prefix(length)), to: "cut.onnx")
      do { _ = try OnnxGraph(path: path) } catch let error as InputError {
        refused += 1
        #expect(error.file == path)
        #expect(error.place?.hasPrefix("byte ") == true)
      }
    }
    // Only a cut between two fields of the model, after the graph, can go unnoticed.
    #expect(refused >= bytes.count - 3)
  }

  @Test func randomMutationsNeverTrap() throws {
    var generator = SeededGenerator(seed: 1)
    let folder = try TemporaryFolder()
    for name in ["mlp.onnx", "mlp_typed.onnx", "text.onnx"] {
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: fixture(name))))
      for _ in 0..<400 {
        var mutated = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let at = Int.random(in: 0..<mutated.count, using: &generator)
          switch Int.random(in: 0..<3, using: &generator) {
          case 0: mutated[at] = UInt8.random(in: 0...255, using: &generator)
          case 1: mutated[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
          default: mutated.remove(at: at)
          }
        }
        let path = try folder.write(mutated, to: "mutated.onnx")
        do {
          let graph = try OnnxGraph(path: path)
          let names = Set(graph.tensors.map(\.name))
          let sizes = try graph.tensors.indices.map { index in
            try graph.withBytes(ofTensorAt: index) { $0.count }
          }
          #expect(sizes == graph.tensors.map(\.byteCount))
          _ = try graph.rewritten(swapping: names, as: .inputs)
        } catch is InputError {}
      }
    }
  }

  @Test func malformedModelsNameTheByte() throws {
    let folder = try TemporaryFolder()
    func said(_ bytes: [UInt8]) -> String {
      message { _ = try OnnxGraph(path: folder.write(bytes, to: "bad.onnx")) }
    }
    #expect(said([0x3A, 0x7F, 0x00]).contains("byte 1: announces 127 bytes, but 1 follow"))
    #expect(said([0x08]).contains("byte 1: ends inside a number"))
    #expect(said([0x0B]).contains("byte 0: has the unknown wire type 3"))
    #expect(said([0x02, 0x00]).contains("byte 0: has the field number 0"))
    #expect(said([0x08, 0x08]).contains("byte 2: ends without a graph"))
    #expect(said([0x3A, 0, 0x3A, 0]).contains("has a second graph"))
    let number = [UInt8](repeating: 0xFF, count: 10)
    #expect(said([0x08] + number).contains("byte 1: has a number of more than 64 bits"))
    var overflow = ProtobufWriter()
    overflow.field(7) { graph in
      graph.field(5) { tensor in
        for _ in 0..<4 { tensor.field(1, varint: 1 << 40) }
        tensor.field(2, varint: 1)
        tensor.field(8, string: "huge")
      }
    }
    #expect(said(overflow.bytes).contains("tensor huge has more elements than fit"))
  }

  @Test func externalDataStaysBelowTheModel() throws {
    let folder = try TemporaryFolder()
    for location in ["/etc/passwd", "../secret", "a/../../b"] {
      var writer = ProtobufWriter()
      writer.field(7) { graph in
        graph.field(5) { tensor in
          tensor.field(1, varint: 1)
          tensor.field(2, varint: 1)
          tensor.field(8, string: "w")
          tensor.field(13) {
            $0.field(1, string: "location")
            $0.field(2, string: location)
          }
          tensor.field(14, varint: 1)
        }
      }
      let path = try folder.write(writer.bytes, to: "external.onnx")
      let text = message { _ = try OnnxGraph(path: path) }
      #expect(text.contains("not below the model's folder"), "\(text)")
    }
  }
}

struct OnnxCorrespondenceTests {
  private let graph: OnnxGraph
  private let weights: SafetensorsFile

  init() throws {
    graph = try OnnxGraph(path: fixture("mlp.onnx"))
    weights = try SafetensorsFile(path: fixture("mlp_b.safetensors"))
  }

  @Test func namesAndShapesAreEnough() throws {
    let found = try graph.correspondence(byNamesOf: weights)
    #expect(found.pairs.map(\.initializer) == graph.tensors.map(\.name))
    #expect(found.renamed.isEmpty)
    #expect(!found.isVerified)
  }

  @Test func differencesAreListedAtOnce() throws {
    let table = try MemoryTable(
      weights, dropping: ["fc1.bias"], renaming: ["fc2.bias": "head.bias"],
      adding: [TensorInfo(name: "steps", dtype: .i64, shape: [])])
    let text = message { _ = try graph.correspondence(byNamesOf: table) }
    #expect(text.contains("the checkpoint lacks 2 tensors (fc1.bias, fc2.bias) of the graph"))
    #expect(text.contains("the graph lacks 1 tensor (head.bias) of the checkpoint"))
    #expect(!text.contains("steps"))
  }

  @Test func onlyEightNamesAreShown() throws {
    let added = (0..<30).map { TensorInfo(name: "extra.\($0)", dtype: .f32, shape: [2]) }
    let table = try MemoryTable(weights, adding: added)
    let text = message { _ = try graph.correspondence(byNamesOf: table) }
    #expect(text.contains("extra.7 and 22 more"), "\(text)")
    #expect(!text.contains("extra.8"))
  }

  @Test func shapesAreCompared() throws {
    let table = try MemoryTable(
      weights, dropping: ["fc1.weight"],
      adding: [TensorInfo(name: "fc1.weight", dtype: .f32, shape: [6, 8])])
    let text = message { _ = try graph.correspondence(byNamesOf: table) }
    #expect(text.contains("fc1.weight (shape [6, 8], in the graph [8, 6])"), "\(text)")
  }

  @Test func integersAreLeftAlone() throws {
    let conv = try OnnxGraph(path: fixture("conv.onnx"))
    let found = try conv.correspondence(
      byNamesOf: SafetensorsFile(path: fixture("conv_a.safetensors")))
    #expect(found.unused == ["bn.num_batches_tracked"])
  }

  @Test func transposedWeightsAreFoundByValue() throws {
    let renamed = try OnnxGraph(path: fixture("mlp_renamed.onnx"))
    let table = try SafetensorsFile(path: fixture("mlp_a.safetensors"))
    let comparison = try renamed.compare(with: table)
    #expect(
      comparison.renamed == [
        .init(initializer: "w0", tensor: "fc1.weight", arrangement: .transposed),
        .init(initializer: "w1", tensor: "fc2.weight", arrangement: .transposed),
      ])
    #expect(try comparison.correspondence(checkpoint: "a").isVerified)
  }

  @Test func foldedWeightsAreNoticed() throws {
    let folded = try OnnxGraph(path: fixture("conv_folded.onnx"))
    let table = try SafetensorsFile(path: fixture("conv_a.safetensors"))
    let comparison = try folded.compare(with: table)
    #expect(comparison.different == ["conv.weight"])
    let text = message { _ = try comparison.correspondence(checkpoint: "a") }
    #expect(text.contains("other values in 1 tensor (conv.weight)"), "\(text)")
    #expect(text.contains("without folding"), "\(text)")
  }

  @Test func anotherCheckpointIsNoticed() throws {
    let comparison = try graph.compare(with: weights)
    #expect(comparison.different.count == 4)
    let text = message { _ = try comparison.correspondence(checkpoint: "b") }
    #expect(text.contains("Name the checkpoint that the graph was exported from"), "\(text)")
  }

  @Test func halfPrecisionCopiesAreRecognised() throws {
    let half = try OnnxGraph(path: fixture("mlp_f16.onnx"))
    let table = try SafetensorsFile(path: fixture("mlp_a.safetensors"))
    #expect(try half.compare(with: table).isMatch)
    #expect(try graph.compare(with: half).isMatch)
  }

  @Test func tiedTensorsMustStayTied() throws {
    let text = try OnnxGraph(path: fixture("text.onnx"))
    let table = try SafetensorsFile(path: fixture("text_a.safetensors"))
    let found = try text.compare(with: table).correspondence(checkpoint: "a")
    #expect(found.merged == [.init(tensor: "head.weight", kept: "embed.weight")])
    #expect(Set(found.constants) == ["axes", "one"])
    try text.check(SafetensorsFile(path: fixture("text_b.safetensors")), against: found)
    let untied = MemoryTable([
      ("embed.weight", [11, 4], [Float](repeating: 1, count: 44)),
      ("head.weight", [11, 4], [Float](repeating: 2, count: 44)),
    ])
    let said = message { try text.check(untied, against: found) }
    #expect(said.contains("stands for head.weight too, but the two differ"), "\(said)")
  }

  @Test func equalCandidatesAreAmbiguous() throws {
    let renamed = try OnnxGraph(path: fixture("mlp_renamed.onnx"))
    let table = try SafetensorsFile(path: fixture("mlp_a.safetensors"))
    guard let index = table.index(of: "fc1.weight") else { throw CancellationError() }
    let values = try table.withBytes(ofTensorAt: index) {
      Array($0.bindMemory(to: Float.self))
    }
    let twins = MemoryTable([
      ("a", [8, 6], values), ("b", [8, 6], values), ("fc1.bias", [8], []),
    ])
    #expect(
      try renamed.compare(with: MemoryTable(twins, dropping: ["fc1.bias"])).ambiguous == ["w0"])
  }
}

struct FloatConversionTests {
  @Test func everyHalfIsWidenedExactly() {
    let wrong = (UInt16.min...UInt16.max).filter { bits in
      let expected = Float(Float16(bitPattern: bits))
      let widened = FloatConversion.widened(half: bits)
      let isSame = widened == expected || widened.isNaN && expected.isNaN
      return !isSame || widened.sign != expected.sign
    }
    #expect(wrong == [])
  }

  @Test func halvesRoundToNearestEven() {
    var generator = SeededGenerator(seed: 2)
    let special: [Float] = [
      0, -0.0, 1, 65504, 65519.99, 65520, 1e9, -1e9, .infinity, 0x1p-24, 0x1p-25, 0x1.8p-24,
      0x1.FFCp-15, 0x1.FFFp-15, 0x1p-14,
    ]
    let random = (0..<100_000).map { _ in
      Float(bitPattern: UInt32.random(in: 0x3000_0000...0x4800_0000, using: &generator))
    }
    let wrong = (special + random).filter {
      FloatConversion.half($0) != Float16($0).bitPattern
    }
    #expect(wrong == [])
    #expect(Float16(bitPattern: FloatConversion.half(.nan)).isNaN)
  }

  @Test func brainFloatsRoundToNearestEven() {
    #expect(FloatConversion.brain(1) == 0x3F80)
    #expect(FloatConversion.brain(Float(bitPattern: 0x3F80_8000)) == 0x3F80)
    #expect(FloatConversion.brain(Float(bitPattern: 0x3F81_8000)) == 0x3F82)
    #expect(FloatConversion.brain(Float(bitPattern: 0x3F80_8001)) == 0x3F81)
    #expect(FloatConversion.widened(brain: FloatConversion.brain(.nan)).isNaN)
    #expect(FloatConversion.widened(brain: FloatConversion.brain(.infinity)) == .infinity)
  }

  @Test func transposingTwiceIsNothing() {
    let (rows, columns) = (37, 70)
    let values = (0..<rows * columns).map(Float.init)
    var once = [Float](repeating: 0, count: values.count)
    var twice = once
    values.withUnsafeBytes { source in
      once.withUnsafeMutableBytes { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        Transposition.transpose(source, rows: rows, columns: columns, elementSize: 4, into: target)
      }
    }
    #expect(once[1] == Float(columns) && once[rows] == 1)
    once.withUnsafeBytes { source in
      twice.withUnsafeMutableBytes { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        Transposition.transpose(source, rows: columns, columns: rows, elementSize: 4, into: target)
      }
    }
    #expect(twice == values)
  }
}
