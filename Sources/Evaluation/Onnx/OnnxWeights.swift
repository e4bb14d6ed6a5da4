import COnnxRuntime
import Checkpoints

/// The values of a graph's swapped initializers in memory, in the graph's types and shapes.
///
/// Written once by `init`, then only read.
final class OnnxWeights: Sendable {
  private let tensors: [TensorInfo]
  private let offsets: [Int]
  // Owned: allocated in `init`, freed in `deinit`, and written nowhere else.
  nonisolated(unsafe) private let memory: UnsafeMutableRawBufferPointer

  private static let alignment = 64

  /// Fills the weights of `pairs` from `table`, converting types and transposing where asked.
  ///
  /// - Precondition: `pairs` were checked against `table`.
  init(
    _ pairs: [OnnxCorrespondence.Pair], of graph: OnnxGraph, from table: any TensorTable
  ) throws {
    var tensors: [TensorInfo] = []
    var offsets: [Int] = []
    var total = 0
    for pair in pairs {
      guard let index = graph.index(of: pair.initializer) else { continue }
      let info = graph.initializers[index].info
      tensors.append(info)
      offsets.append(total)
      total += (info.byteCount + Self.alignment - 1) / Self.alignment * Self.alignment
    }
    self.tensors = tensors
    self.offsets = offsets
    memory = .allocate(byteCount: total, alignment: Self.alignment)
    for (position, pair) in pairs.enumerated() {
      guard let source = table.index(of: pair.tensor) else { continue }
      let from = table.tensors[source].dtype
      let target = tensors[position]
      try table.withBytes(ofTensorAt: source) { bytes in
        guard let start = bytes.baseAddress, let base = memory.baseAddress else { return }
        Self.fill(base + offsets[position], target, from: start, from, pair.arrangement)
      }
    }
  }

  deinit { memory.deallocate() }

  /// Bytes of all tensors.
  var byteCount: Int { memory.count }

  private static func fill(
    _ target: UnsafeMutableRawPointer, _ info: TensorInfo, from source: UnsafeRawPointer,
    _ dtype: DType, _ arrangement: OnnxCorrespondence.Arrangement
  ) {
    switch arrangement {
    case .same, .reshaped:
      FloatConversion.convert(source, dtype, to: target, info.dtype, count: info.count)
    case .transposed:
      // The source is columns × rows of the target's rows × columns.
      let scratch = UnsafeMutableRawPointer.allocate(
        byteCount: info.byteCount, alignment: Self.alignment)
      defer { scratch.deallocate() }
      FloatConversion.convert(source, dtype, to: scratch, info.dtype, count: info.count)
      Transposition.transpose(
        scratch, rows: info.shape[1], columns: info.shape[0], elementSize: info.dtype.size,
        into: target)
    }
  }

  /// Lends the tensors as ONNX Runtime wants them; nothing of it may escape.
  func withTensors<Result>(_ body: (UnsafeBufferPointer<onnx_tensor>) -> Result) -> Result {
    defer { withExtendedLifetime(self) {} }
    var names: [CChar] = []
    var nameStarts: [Int] = []
    var shapes: [Int64] = []
    var shapeStarts: [Int] = []
    for info in tensors {
      nameStarts.append(names.count)
      names.append(contentsOf: info.name.utf8CString)
      shapeStarts.append(shapes.count)
      shapes.append(contentsOf: info.shape.map(Int64.init))
    }
    // A scalar at the end still needs an address.
    shapes.append(0)
    names.append(0)
    return names.withUnsafeBufferPointer { names in
      shapes.withUnsafeBufferPointer { shapes in
        let described = tensors.indices.compactMap { index -> onnx_tensor? in
          guard let name = names.baseAddress, let shape = shapes.baseAddress else { return nil }
          let info = tensors[index]
          return onnx_tensor(
            name: name + nameStarts[index], type: info.dtype.onnxNumber,
            shape: shape + shapeStarts[index], rank: info.shape.count,
            data: memory.baseAddress.map { $0 + offsets[index] }, bytes: info.byteCount)
        }
        return described.withUnsafeBufferPointer(body)
      }
    }
  }
}

/// Matrices turned over.
enum Transposition {
  /// Writes the transpose of a row-major `rows × columns` matrix at `source` to `target`.
  static func transpose(
    _ source: UnsafeRawPointer, rows: Int, columns: Int, elementSize: Int,
    into target: UnsafeMutableRawPointer
  ) {
    switch elementSize {
    case 2: transpose(UInt16.self, source, rows, columns, target)
    case 4: transpose(UInt32.self, source, rows, columns, target)
    case 8: transpose(UInt64.self, source, rows, columns, target)
    default: transpose(UInt8.self, source, rows, columns, target)
    }
  }

  private static func transpose<Word: BitwiseCopyable>(
    _ type: Word.Type, _ source: UnsafeRawPointer, _ rows: Int, _ columns: Int,
    _ target: UnsafeMutableRawPointer
  ) {
    let input = source.assumingMemoryBound(to: Word.self)
    let output = target.assumingMemoryBound(to: Word.self)
    // Blocks keep both sides within the first-level cache.
    let block = 32
    for top in stride(from: 0, to: rows, by: block) {
      for left in stride(from: 0, to: columns, by: block) {
        for row in top..<min(top + block, rows) {
          for column in left..<min(left + block, columns) {
            output[column * rows + row] = input[row * columns + column]
          }
        }
      }
    }
  }
}
