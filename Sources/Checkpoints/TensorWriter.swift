/// Receives the bytes of known tensors, in any order and from any thread, and makes a checkpoint.
///
/// Nothing is visible under the checkpoint's name before `finish`.
public protocol TensorWriter: Sendable {
  /// Writes bytes of the tensor that stood at `index` in the list the writer was made with.
  ///
  /// Each byte of a tensor is written once.
  /// - Parameters:
  ///   - bytes: of the tensor's elements, row-major and little-endian.
  ///   - index: of the tensor in that list.
  ///   - offset: bytes into the tensor.
  func write(_ bytes: UnsafeRawBufferPointer, toTensorAt index: Int, offset: Int) throws

  /// Makes everything durable and visible under its name.
  ///
  /// - Throws: `InputError` when the system refuses, or bytes of a tensor are missing.
  func finish() throws
}

extension TensorWriter {
  /// Writes all of `table`, whose tensors are those the writer was made with, and finishes.
  ///
  /// - Throws: `InputError` from reading or writing; `CancellationError` when the task is
  ///   cancelled.
  public func write(allOf table: any TensorTable) throws {
    let piece = 8 << 20
    for index in table.tensors.indices {
      try table.withBytes(ofTensorAt: index) { bytes in
        for start in stride(from: 0, to: bytes.count, by: piece) {
          try Task.checkCancellation()
          let end = min(start + piece, bytes.count)
          try write(
            UnsafeRawBufferPointer(rebasing: bytes[start..<end]), toTensorAt: index, offset: start)
        }
      }
    }
    try finish()
  }
}
