import Testing

@testable import Checkpoints

/// Tensors held in memory, for tests.
struct TableInMemory: TensorTable {
  var tensors: [TensorInfo] = []
  var contents: [[UInt8]] = []

  /// One tensor of each type with bytes that count up, and some of unusual shape.
  static var varied: TableInMemory {
    var table = TableInMemory()
    for dtype in DType.allCases {
      table.add("t.\(dtype.rawValue)", dtype, [2, 3])
    }
    table.add("scalar", .f32, [])
    table.add("empty", .f32, [0, 3])
    table.add("name with \"quotes\" and \u{E9}", .f16, [1, 300, 1])
    table.add("tied", .f32, [])
    table.contents[table.contents.count - 1] = table.contents[table.contents.count - 4]
    return table
  }

  mutating func add(_ name: String, _ dtype: DType, _ shape: [Int]) {
    let info = TensorInfo(name: name, dtype: dtype, shape: shape)
    let limit = dtype == .bool ? 2 : 120
    tensors.append(info)
    contents.append((0..<info.byteCount).map { UInt8(($0 + tensors.count) % limit) })
  }

  func index(of name: String) -> Int? { tensors.firstIndex { $0.name == name } }

  func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try contents[index].withUnsafeBytes(body)
  }
}

/// Fails unless both tables hold the same tensors, in any order.
func expectEqual(_ table: any TensorTable, _ expected: any TensorTable) throws {
  #expect(Set(table.tensors) == Set(expected.tensors))
  for (index, info) in expected.tensors.enumerated() {
    let place = try #require(table.index(of: info.name))
    let bytes = try table.withBytes(ofTensorAt: place) { Array($0) }
    #expect(try expected.withBytes(ofTensorAt: index) { Array($0) } == bytes, "\(info.name)")
  }
}

extension UnsafeRawBufferPointer {
  /// The buffer as numbers of one type, whatever its alignment.
  func numbers<Number: BitwiseCopyable>(_ type: Number.Type = Number.self) -> [Number] {
    stride(from: 0, to: count, by: MemoryLayout<Number>.size).map {
      loadUnaligned(fromByteOffset: $0, as: Number.self)
    }
  }
}
