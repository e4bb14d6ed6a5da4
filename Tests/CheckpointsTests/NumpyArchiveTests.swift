import Testing

@testable import Checkpoints

@Suite struct NumpyArchiveTests {
  @Test func arrays() throws {
    let archive = try NumpyArchive(path: fixture("torch/arrays.npz"))
    #expect(
      archive.tensors == [
        TensorInfo(name: "a", dtype: .f32, shape: [2, 3]),
        TensorInfo(name: "b", dtype: .f16, shape: []),
        TensorInfo(name: "c", dtype: .i64, shape: [3, 2]),
      ])
    #expect(archive.index(of: "c") == 2 && archive.index(of: "c.npy") == nil)
    #expect(try archive.withBytes(ofTensorAt: 0) { $0.numbers(Float.self) } == [0, 1, 2, 3, 4, 5])
    #expect(try archive.withBytes(ofTensorAt: 1) { $0.numbers(Float16.self) } == [1.5])
    #expect(try archive.withBytes(ofTensorAt: 2) { $0.numbers(Int64.self) } == [0, 3, 1, 4, 2, 5])
  }

  @Test func compressedArrays() throws {
    let archive = try NumpyArchive(path: fixture("torch/compressed.npz"))
    #expect(try archive.withBytes(ofTensorAt: 0) { $0.numbers(Float.self) } == [0, 1, 2, 3, 4, 5])
    let zeros = try archive.withBytes(ofTensorAt: 1) { $0.numbers(Double.self) }
    #expect(zeros == [Double](repeating: 0, count: 5000))
  }

  @Test func objectsAreRefused() {
    let error = #expect(throws: InputError.self) {
      try NumpyArchive(path: fixture("torch/objects.npz"))
    }
    #expect(error?.place?.contains("entry a.npy") == true)
    #expect(error?.problem.contains("Python objects") == true)
  }
}
