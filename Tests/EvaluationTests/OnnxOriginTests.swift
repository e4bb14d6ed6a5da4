import Checkpoints
import Testing

@testable import Evaluation

/// Which checkpoint a graph was exported from, and whether the exporter changed weights.
@Suite struct OnnxOriginTests {
  private let graph: OnnxGraph
  private let exported: SafetensorsFile
  private let other: SafetensorsFile

  init() throws {
    graph = try OnnxGraph(path: fixture("mlp.onnx"))
    exported = try SafetensorsFile(path: fixture("mlp_a.safetensors"))
    other = try SafetensorsFile(path: fixture("mlp_b.safetensors"))
  }

  /// `table` with other values in some tensors.
  private func changed(_ table: any TensorTable, in names: Set<String>) throws -> MemoryTable {
    MemoryTable(
      try table.tensors.enumerated().map { index, info in
        let values = try table.withBytes(ofTensorAt: index) { bytes in
          (0..<info.count).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
        }
        return (info.name, info.shape, names.contains(info.name) ? values.map { $0 + 1 } : values)
      })
  }

  private func origin(_ tables: KeyValuePairs<String, any TensorTable>) throws -> String? {
    try graph.origin(among: tables.map(\.key)) { name in
      guard let found = tables.first(where: { $0.key == name }) else { throw CancellationError() }
      return found.value
    }
  }

  @Test func theFirstThatAgreesIsEnough() throws {
    var opened: [String] = []
    let tables = ["b": other, "a": exported, "c": other]
    let found = try graph.origin(among: ["b", "a", "c"]) { name in
      opened.append(name)
      return tables[name] ?? other
    }
    #expect(found == "a" && opened == ["b", "a"])
  }

  @Test func oneThatAgreesInMostIsRefused() throws {
    let folded = try changed(exported, in: ["fc1.weight"])
    let text = message { _ = try origin(["b": other, "a": folded]) }
    #expect(text.contains("other values in 1 tensor (fc1.weight)"), "\(text)")
    #expect(text.contains("without folding"), "\(text)")
  }

  @Test func othersAreNoOrigin() throws {
    #expect(try origin(["b": other]) == nil)
    #expect(try origin([:]) == nil)
    #expect(
      try origin(["few": changed(exported, in: ["fc1.weight", "fc1.bias", "fc2.weight"])]) == nil)
  }

  /// A frozen body agrees with every ingredient; the graph's head is of one that is not in the sweep.
  @Test func layersThatTrainingLeavesAsTheyAreProveNothing() throws {
    let one = try changed(exported, in: ["fc2.weight"])
    let two = try changed(one, in: ["fc2.weight"])
    #expect(try origin(["one": one, "two": two]) == nil)
    #expect(try origin(["one": one, "a": exported]) == "a")
  }
}
