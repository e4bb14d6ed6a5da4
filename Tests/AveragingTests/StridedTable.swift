import Averaging
import Testing

@testable import Checkpoints

/// Matrices whose columns lie one after another in memory: row-major only when gathered.
///
/// Asked for a whole tensor it fails, as one would that is too large to be copied.
struct StridedTable: TensorTable {
  let tensors: [TensorInfo]
  private let storages: [[UInt8]]
  private let views: [StridedView]

  /// The values of `table`, whose tensors are matrices.
  init(_ table: Weights) {
    tensors = table.tensors
    views = tensors.map { info in
      StridedView(
        shape: info.shape, strides: [1, info.shape[0]], offset: 0, elementSize: info.dtype.size,
        swapped: false)
    }
    storages = tensors.enumerated().map { index, info in
      let columns = StridedView(
        shape: info.shape.reversed(), strides: [1, info.shape[1]], offset: 0,
        elementSize: info.dtype.size, swapped: false)
      return table.withBytes(ofTensorAt: index) { columns.contiguousCopy(of: $0) }
    }
  }

  func index(of name: String) -> Int? { tensors.firstIndex { $0.name == name } }

  func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    throw InputError(file: "strided", problem: "is copied whole")
  }

  func withElements<Result>(
    ofTensorAt index: Int, _ body: (TensorElements) throws -> Result
  ) throws -> Result {
    try storages[index].withUnsafeBytes { try body(TensorElements(views[index], of: $0)) }
  }
}

/// Random matrices, the first of several pieces, and one of integers.
func randomMatrices(seed: UInt64, dtype: DType = .f32) throws -> Weights {
  let infos = [
    TensorInfo(name: "wide", dtype: dtype, shape: [37, 36_000 / dtype.size]),
    TensorInfo(name: "tall", dtype: dtype, shape: [300, 5]),
    TensorInfo(name: "steps", dtype: .i64, shape: [3, 2]),
  ]
  var generator = SeededGenerator(state: seed)
  return try Weights(infos) { room in
    for (index, info) in infos.enumerated() {
      for place in 0..<info.count {
        let number = Float(Int32(truncatingIfNeeded: generator.next())) * 0x1p-31
        switch info.dtype {
        case .f32: room[index].storeBytes(of: number, toByteOffset: place * 4, as: Float.self)
        case .f16:
          room[index].storeBytes(of: Float16(number), toByteOffset: place * 2, as: Float16.self)
        default: room[index].storeBytes(of: Int64(place), toByteOffset: place * 8, as: Int64.self)
        }
      }
    }
  }
}
