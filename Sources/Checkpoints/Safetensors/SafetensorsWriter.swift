import Synchronization

/// Writes a safetensors file of known tensors, whose bytes come in any order, from any thread.
///
/// Memory does not depend on the size of the tensors. The file appears with `finish`, complete.
package final class SafetensorsWriter: TensorWriter {
  /// In the order of the data: that of the source, unless tensors would come to lie unaligned; then
  /// those of larger elements come first.
  package let tensors: [TensorInfo]
  private let file: AtomicFile
  /// Where in the file the tensors given to `init` start, in that order.
  private let offsets: [Int]
  private let sizes: [Int]
  private let remaining: Atomic<Int>

  /// Starts a file that will be named `path` and hold `tensors`.
  ///
  /// - Throws: `InputError` when names repeat, `path` exists and `overwrite` is false, or the disk
  ///   is too small.
  package init(
    _ tensors: [TensorInfo], metadata: [String: String] = [:], to path: String,
    overwrite: Bool = false
  ) throws {
    var names: Set<String> = ["__metadata__"]
    for tensor in tensors where !names.insert(tensor.name).inserted {
      throw InputError(
        file: path, place: "tensor \(tensor.name)", problem: "this name cannot be used twice",
        mend: "Rename the tensor")
    }
    let layout = SafetensorsLayout(tensors, metadata: metadata)
    guard layout.header.count - 8 <= SafetensorsHeader.longest else {
      throw InputError(
        file: path,
        problem: "the header would be \(layout.header.count) bytes, more than the format allows",
        mend: "Shorten the metadata")
    }
    self.tensors = layout.order.map { tensors[$0] }
    self.offsets = layout.offsets
    self.sizes = tensors.map(\.byteCount)
    self.remaining = Atomic(layout.byteCount - layout.header.count)
    self.file = try AtomicFile(path: path, overwrite: overwrite)
    try file.checkRoom(for: layout.byteCount)
    try layout.header.withUnsafeBytes { try file.write($0, at: 0) }
  }

  /// Writes bytes of the tensor that stood at `index` in the list given to `init`.
  ///
  /// Each byte of a tensor is written once.
  /// - Parameter offset: bytes into the tensor.
  package func write(
    _ bytes: UnsafeRawBufferPointer, toTensorAt index: Int, offset: Int = 0
  ) throws {
    precondition(offset >= 0 && offset + bytes.count <= sizes[index], "bytes outside the tensor")
    try file.write(bytes, at: offsets[index] + offset)
    remaining.subtract(bytes.count, ordering: .relaxed)
  }

  /// Makes the file durable and visible under its name.
  ///
  /// - Throws: `InputError` when the system refuses, or bytes of a tensor are missing.
  package func finish() throws {
    let missing = remaining.load(ordering: .relaxed)
    guard missing == 0 else {
      throw InputError(file: file.path, problem: "\(missing) bytes of tensors were never written")
    }
    try file.commit()
  }

  /// Writes all of `table` to a safetensors file at `path`.
  ///
  /// - Throws: `InputError` from reading or writing; `CancellationError` when the task is cancelled.
  package static func write(
    _ table: any TensorTable, metadata: [String: String] = [:], to path: String,
    overwrite: Bool = false
  ) throws {
    let writer = try SafetensorsWriter(
      table.tensors, metadata: metadata, to: path, overwrite: overwrite)
    try writer.write(allOf: table)
  }
}
