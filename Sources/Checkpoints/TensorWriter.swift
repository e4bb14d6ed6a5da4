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
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 8 << 20, alignment: 64)
    defer { room.deallocate() }
    for (index, info) in table.tensors.enumerated() {
      try table.withElements(ofTensorAt: index) { elements in
        let piece = room.count / elements.elementSize
        for start in stride(from: 0, to: info.count, by: piece) {
          try Task.checkCancellation()
          let range = start..<min(start + piece, info.count)
          try write(
            elements.run(range, room: room), toTensorAt: index,
            offset: start * elements.elementSize)
        }
      }
    }
    try finish()
  }
}
