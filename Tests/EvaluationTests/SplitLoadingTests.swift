import Checkpoints
import Testing

@testable import Evaluation

struct SplitLoadingTests {
  private func said(
    _ inputs: [SplitInput], labels: String = fixture("mlp_y.npy")
  ) -> String {
    message { _ = try Split.load(name: "val", role: .val, inputs: inputs, labelsFile: labels) }
  }

  private func labels(_ values: [Int8], in folder: TemporaryFolder) throws -> String {
    let header = "{'descr': '|i1', 'fortran_order': False, 'shape': (\(values.count),), }"
    let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    let bytes: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0] + Array(padded.utf8)
    return try folder.write(bytes + values.map { UInt8(bitPattern: $0) }, to: "labels.npy")
  }

  @Test func loads() throws {
    let split = try Split.load(
      name: "val", role: .val, inputs: [SplitInput(name: nil, file: fixture("mlp_x.npy"))],
      labelsFile: fixture("mlp_y.npy"))
    #expect(split.count == 37)
    #expect(split.labels.max() == 3)
  }

  @Test func lengthsMustAgree() throws {
    let folder = try TemporaryFolder()
    let input = SplitInput(name: nil, file: fixture("mlp_x.npy"))
    let longer = try labels([Int8](repeating: 0, count: 40), in: folder)
    #expect(said([input], labels: longer).contains("has 40 labels, which is longer"))
    let shorter = try labels([0, 1], in: folder)
    #expect(said([input], labels: shorter).contains("has 2 labels, which is shorter"))
  }

  @Test func labelsAreChecked() throws {
    let folder = try TemporaryFolder()
    let input = SplitInput(name: nil, file: fixture("mlp_x.npy"))
    let negative = try labels([0, 3, -1], in: folder)
    #expect(said([input], labels: negative).contains("element 2: has the label -1"))
    #expect(said([input], labels: try labels([], in: folder)).contains("has no labels"))
    #expect(said([]).contains("has no inputs"))
    #expect(said([input], labels: fixture("mlp_x.npy")).contains("mlp_x.npy"))
  }

  @Test func normalisationIsChecked() {
    func image(_ mean: [Float], _ std: [Float], _ file: String = "conv_x.npy") -> String {
      said(
        [
          SplitInput(
            name: nil, file: fixture(file), normalisation: Normalisation(mean: mean, std: std))
        ], labels: fixture("conv_y.npy"))
    }
    #expect(image([0, 0, 0], [1, 1, 1]) == "nothing was thrown")
    #expect(image([0.5], [0.5]) == "nothing was thrown")
    #expect(image([0, 0], [1, 1]).contains("2 channels, but the array has shape [20, 3, 6, 6]"))
    #expect(image([0, 0, 0], [1, 1, 0]).contains("deviation of 0"))
    #expect(image([0, 0, 0], [1]).contains("3 means and 1 deviations"))
    #expect(image([0], [1], "conv_y.npy").contains("applies to uint8"))
  }
}
