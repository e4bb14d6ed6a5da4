/// The name, element type and shape of one tensor.
public struct TensorInfo: Hashable, Sendable {
  /// As the checkpoint names it.
  public let name: String
  /// Type of the elements.
  public let dtype: DType
  /// Sizes of the dimensions; empty for a scalar.
  public let shape: [Int]

  /// A tensor of that name, element type and shape.
  public init(name: String, dtype: DType, shape: [Int]) {
    self.name = name
    self.dtype = dtype
    self.shape = shape
  }

  /// Number of elements: the product of the shape, 1 for a scalar.
  public var count: Int { shape.reduce(1, *) }
  /// Bytes of the elements, contiguous in row-major order, little-endian.
  public var byteCount: Int { count * dtype.size }
}

/// Where a tensor's elements lie in a file: contiguous, row-major, little-endian.
public struct TensorPlace: Hashable, Sendable {
  /// Its path.
  public let file: String
  /// Bytes from the file's start.
  public let offset: Int

  /// So many bytes from the start of a file.
  public init(file: String, offset: Int) {
    self.file = file
    self.offset = offset
  }
}

/// Named tensors whose elements can be read: an opened checkpoint, or weights in memory.
///
/// The order of `tensors` is that of the source and is kept by everything made from it.
public protocol TensorTable: Sendable {
  /// What there is, in the order of the source; names are unique.
  var tensors: [TensorInfo] { get }

  /// Where the tensor of that name stands in `tensors`, or nil.
  func index(of name: String) -> Int?

  /// Lends the elements of `tensors[index]`: contiguous, row-major, little-endian, `byteCount` bytes.
  ///
  /// The buffer must not escape. It need not be aligned beyond one byte.
  func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result

  /// Lends the elements of `tensors[index]` as they lie, to be read run by run: no whole copy is made
  /// of those that `withBytes` would have to copy.
  func withElements<Result>(
    ofTensorAt index: Int, _ body: (TensorElements) throws -> Result
  ) throws -> Result

  /// Where another program finds the elements of `tensors[index]`; nil when no file has them as they
  /// are lent.
  func place(ofTensorAt index: Int) -> TensorPlace?

  /// Throws when the source was written to since it was opened, so that what was lent may be of
  /// several of its states.
  func checkUnchanged() throws
}

extension TensorTable {
  /// Lends the elements of `tensors[index]` as they lie, to be read run by run.
  public func withElements<Result>(
    ofTensorAt index: Int, _ body: (TensorElements) throws -> Result
  ) throws -> Result {
    try withBytes(ofTensorAt: index) {
      try body(TensorElements(rowMajor: $0, elementSize: tensors[index].dtype.size))
    }
  }

  /// Nil: tables in memory are in no file.
  public func place(ofTensorAt index: Int) -> TensorPlace? { nil }

  /// Does nothing: tables in memory do not change.
  public func checkUnchanged() throws {}
}
