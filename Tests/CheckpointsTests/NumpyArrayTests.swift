import Testing

@testable import Checkpoints

@Suite struct NumpyArrayTests {
  private let grid = Array(0..<24)

  private func open(_ name: String) throws -> NumpyArray {
    try NumpyArray(path: fixture("npy/\(name).npy"))
  }

  @Test(arguments: [
    ("u1", DType.u8), ("i1", .i8), ("u2", .u16), ("i2", .i16), ("u4", .u32), ("i4", .i32),
    ("u8", .u64), ("i8", .i64), ("f2", .f16), ("f4", .f32), ("f8", .f64),
  ])
  func everyType(name: String, dtype: DType) throws {
    let array = try open(name)
    #expect(array.dtype == dtype)
    #expect(array.shape == [2, 3, 4])
    #expect(array.rowCount == 2 && array.rowByteCount == 12 * dtype.size)
    let values: [Double] = array.withBytes { bytes in
      switch dtype {
      case .u8: bytes.numbers(UInt8.self).map { Double($0) }
      case .i8: bytes.numbers(Int8.self).map { Double($0) }
      case .u16: bytes.numbers(UInt16.self).map { Double($0) }
      case .i16: bytes.numbers(Int16.self).map { Double($0) }
      case .u32: bytes.numbers(UInt32.self).map { Double($0) }
      case .i32: bytes.numbers(Int32.self).map { Double($0) }
      case .u64: bytes.numbers(UInt64.self).map { Double($0) }
      case .i64: bytes.numbers(Int64.self).map { Double($0) }
      case .f16: bytes.numbers(Float16.self).map(Double.init)
      case .f32: bytes.numbers(Float.self).map(Double.init)
      default: bytes.numbers(Double.self)
      }
    }
    #expect(values == grid.map(Double.init))
  }

  @Test func booleans() throws {
    let array = try open("bool")
    #expect(array.dtype == .bool)
    #expect(array.withBytes { $0.numbers(UInt8.self) } == grid.map { $0 % 3 == 0 ? 1 : 0 })
  }

  @Test func laterFormats() throws {
    for name in ["v2", "v3"] {
      #expect(try open(name).withBytes { $0.numbers(Int16.self) } == grid.map(Int16.init))
    }
  }

  @Test func otherOrdersAreConverted() throws {
    #expect(try open("fortran").withBytes { $0.numbers(Float.self) } == grid.map(Float.init))
    #expect(try open("big").withBytes { $0.numbers(Int32.self) } == grid.map(Int32.init))
    #expect(try open("big_fortran").withBytes { $0.numbers(Double.self) } == grid.map(Double.init))
  }

  @Test func scalarsAndEmptyArrays() throws {
    let scalar = try open("scalar")
    #expect(scalar.shape == [] && scalar.count == 1 && scalar.rowCount == 1)
    #expect(scalar.withBytes { $0.numbers(Float.self) } == [1.5])
    let empty = try open("empty")
    #expect(empty.shape == [0, 3] && empty.count == 0)
    #expect(empty.withBytes { $0.count } == 0)
  }

  @Test func rows() throws {
    let array = try open("i4")
    #expect(array.withBytes(ofRows: 1..<2) { $0.numbers(Int32.self) } == Array(12..<24))
    #expect(array.withBytes(ofRows: 2..<2) { $0.count } == 0)
  }

  @Test func labels() throws {
    #expect(try open("labels").int32Labels() == [3, 0, 9, 2])
    #expect(throws: InputError.self) { try open("i8").int32Labels() }
    let scratch = try TemporaryFolder()
    let wide = try scratch.write(
      Self.file("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }")
        + [0, 0, 0, 0, 1, 0, 0, 0],
      as: "wide.npy")
    let error = #expect(throws: InputError.self) { try NumpyArray(path: wide).int32Labels() }
    #expect(error?.place == "element 0")
  }

  @Test(arguments: [
    ("objects", "objects"), ("records", "structured"), ("strings", "<U2"), ("complex", "<c16"),
  ])
  func refusals(name: String, word: String) throws {
    let error = #expect(throws: InputError.self) { try open(name) }
    #expect(error?.problem.contains(word) == true)
  }

  @Test func truncationSaysHowMuchIsMissing() throws {
    let scratch = try TemporaryFolder()
    let file = try scratch.write(
      Self.file("{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }") + [1, 2, 3],
      as: "a.npy")
    let error = #expect(throws: InputError.self) { try NumpyArray(path: file) }
    #expect(error?.problem.contains("needs 20 bytes, 3 are there") == true)
  }

  @Test(arguments: [
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-5,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 4), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 9223372036854775807, 4), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (5, }",
    "{'descr': '<f4', 'fortran_order': None, 'shape': (0,), }",
    "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (0,), }",
    "{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': (0,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (0,), } + 1",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (0,), 'x': 1}", "", "{", "{'descr",
  ])
  func malformedHeaders(header: String) throws {
    let scratch = try TemporaryFolder()
    let file = try scratch.write(Self.file(header), as: "a.npy")
    let error = #expect(throws: InputError.self) { try NumpyArray(path: file) }
    #expect(error?.file == file && error?.place != nil)
  }

  static func file(_ header: String) -> [UInt8] {
    [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
  }
}
