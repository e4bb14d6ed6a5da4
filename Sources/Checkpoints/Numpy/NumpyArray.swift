/// An array of numbers in a `.npy` file, mapped and not copied.
///
/// Arrays in Fortran order or big-endian are converted to row-major little-endian when opened,
/// which takes memory for one copy; all others stay in the page cache.
public struct NumpyArray: Sendable {
  /// As given.
  public let file: String
  /// Type of the elements.
  public let dtype: DType
  /// Sizes of the dimensions; empty for a scalar.
  public let shape: [Int]
  private let elements: Elements
  private let byteCount: Int

  private enum Elements: Sendable {
    case mapped(MappedFile, offset: Int)
    case converted([UInt8])
  }

  /// Opens a file written by `numpy.save`, formats 1.0 to 3.0.
  ///
  /// - Throws: `InputError` for a file that is not `.npy`, is cut short, or holds anything but
  ///   plain numbers (objects, records, strings, complex numbers, dates).
  public init(path: String) throws {
    let map = try MappedFile(path: path)
    let header = try map.withBytes { try NumpyHeader($0, file: path) }
    file = path
    dtype = header.dtype
    shape = header.shape
    byteCount = header.byteCount
    if header.view == nil {
      elements = .mapped(map, offset: header.dataOffset)
    } else {
      elements = .converted(map.withBytes { header.elements(of: $0).withBytes { Array($0) } })
    }
  }

  /// Number of elements.
  public var count: Int { shape.reduce(1, *) }
  /// Length of the first axis; 1 for a scalar.
  public var rowCount: Int { shape.first ?? 1 }
  /// Bytes of one entry of the first axis; 0 when there are no entries.
  public var rowByteCount: Int { rowCount == 0 ? 0 : byteCount / rowCount }

  /// Lends all elements: contiguous, row-major, little-endian.
  ///
  /// The buffer must not escape. It need not be aligned beyond one byte.
  public func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    switch elements {
    case .mapped(let map, let offset):
      try map.withBytes {
        try body(UnsafeRawBufferPointer(rebasing: $0[offset..<offset + byteCount]))
      }
    case .converted(let bytes): try bytes.withUnsafeBytes(body)
    }
  }

  /// Lends the elements of rows `rows` (indices of the first axis): examples, mostly.
  ///
  /// - Precondition: `rows` lie within `0..<rowCount`.
  public func withBytes<Result>(
    ofRows rows: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "rows outside the array")
    let size = rowByteCount
    return try withBytes {
      try body(
        UnsafeRawBufferPointer(rebasing: $0[rows.lowerBound * size..<rows.upperBound * size]))
    }
  }

  /// The elements as classes, one an example, from any integer type.
  ///
  /// - Throws: `InputError` when the array is not one-dimensional, not of integers, or a value does
  ///   not fit 32 bits, with its position.
  public func int32Labels() throws -> [Int32] {
    guard shape.count == 1 else {
      throw InputError(
        file: file, problem: "has shape \(shape), but labels are one number an example",
        mend: "Save an array of shape (n,)")
    }
    switch dtype {
    case .u8: return try labels(UInt8.self)
    case .i8: return try labels(Int8.self)
    case .u16: return try labels(UInt16.self)
    case .i16: return try labels(Int16.self)
    case .u32: return try labels(UInt32.self)
    case .i32: return try labels(Int32.self)
    case .u64: return try labels(UInt64.self)
    case .i64: return try labels(Int64.self)
    case .bool, .f8e4m3, .f8e5m2, .f16, .bf16, .f32, .f64:
      throw InputError(
        file: file, problem: "holds \(dtype.rawValue), but labels are integers",
        mend: "Save the classes with .astype(numpy.int64)")
    }
  }

  private func labels<Integer: FixedWidthInteger>(_ type: Integer.Type) throws -> [Int32] {
    try withBytes { bytes in
      try (0..<rowCount).map { row in
        let value = bytes.loadUnaligned(
          fromByteOffset: row * MemoryLayout<Integer>.size, as: Integer.self)
        guard let label = Int32(exactly: value) else {
          throw InputError(
            file: file, place: "element \(row)",
            problem: "has the label \(value), which does not fit 32 bits")
        }
        return label
      }
    }
  }
}

extension NumpyHeader {
  /// The elements of `bytes`, a whole `.npy` file.
  func elements(of bytes: UnsafeRawBufferPointer) -> TensorElements {
    let data = UnsafeRawBufferPointer(rebasing: bytes[dataOffset..<dataOffset + byteCount])
    return view.map { TensorElements($0, of: data) }
      ?? TensorElements(rowMajor: data, elementSize: dtype.size)
  }

  /// How the elements lie; nil when they can be used so.
  var view: StridedView? {
    if !bigEndian && (!fortranOrder || isOneRun) { return nil }
    var strides = [Int](repeating: 1, count: shape.count)
    if fortranOrder {
      for axis in shape.indices.dropFirst() { strides[axis] = strides[axis - 1] * shape[axis - 1] }
    } else {
      for axis in shape.indices.dropLast().reversed() {
        strides[axis] = strides[axis + 1] * shape[axis + 1]
      }
    }
    return StridedView(
      shape: shape, strides: strides, offset: 0, elementSize: dtype.size, swapped: bigEndian)
  }

  /// At most one axis is longer than one, so that both orders are the same.
  private var isOneRun: Bool { shape.filter { $0 != 1 }.count <= 1 || shape.contains(0) }
}
