import Checkpoints
import Foundation
import Testing

@testable import Averaging

/// The same three ingredients in every format, as PyTorch and NumPy write them, against NumPy's
/// average in f64.
@Suite struct FormatTests {
  /// What each format leaves out, if anything.
  static let formats: [(name: String, lacks: [DType])] = [
    ("zip-#.pt", []), ("wrapped-#.ckpt", []), ("safetensors-#", []), ("pytorch-#", []),
    ("legacy-#.pt", [.u16, .u32, .u64]), ("numpy-#.npz", [.bf16, .f8e4m3, .f8e5m2]),
  ]

  private func terms(_ names: [String]) throws -> [AverageTerm] {
    let opened = try names.map { try fixture("formats/\($0)") }
    let prefixes = Wrapping.agreed(among: opened.map { $0.tensors.map(\.name) })
    return zip(zip(opened, prefixes), [0.5, 0.2, 0.3]).map { item, weight in
      AverageTerm(item.0.path, item.0.unwrapping(item.1), weight: weight)
    }
  }

  private func numbered(_ name: String) -> [String] {
    (0..<3).map { name.replacing("#", with: "\($0)") }
  }

  /// Bytes of each tensor by its name.
  private func contents(_ table: any TensorTable) throws -> [TensorInfo: [UInt8]] {
    var contents: [TensorInfo: [UInt8]] = [:]
    for (index, info) in table.tensors.enumerated() {
      contents[info] = try table.withBytes(ofTensorAt: index) { Array($0) }
    }
    return contents
  }

  @Test(arguments: formats)
  func equalsNumPyFromEveryFormat(format: (name: String, lacks: [DType])) throws {
    let soup = try Averager.average(terms(numbered(format.name))).weights
    let expected = try contents(fixture("average.safetensors")).filter {
      !format.lacks.contains($0.key.dtype)
    }
    #expect(try contents(soup) == expected)
  }

  @Test func equalsNumPyFromAMixtureOfFormats() throws {
    let mixture = ["pytorch-0", "wrapped-1.ckpt", "safetensors-2"]
    let soup = try Averager.average(terms(mixture)).weights
    #expect(try contents(soup) == contents(fixture("average.safetensors")))
  }

  @Test(arguments: ["soup.safetensors", "soup.pt", "soup"])
  func everyOutputHoldsTheSameSoup(name: String) throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/\(name)"
    var output = try CheckpointOutput(path: path)
    output.shardSize = 3000
    _ = try Averager.average(terms(numbered("zip-#.pt")), to: output)
    #expect(
      try contents(Checkpoint.open(path)) == contents(fixture("average.safetensors")))
  }
}
