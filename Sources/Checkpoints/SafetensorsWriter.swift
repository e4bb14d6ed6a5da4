import Synchronization

/// Writes a safetensors file of known tensors, whose bytes come in any order, from any thread.
///
/// Memory does not depend on the size of the tensors. The file appears with `finish`, complete.
package final class SafetensorsWriter: Sendable {
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
    let order = Self.order(of: tensors)
    var begins = Array(repeating: 0, count: tensors.count)
    var size = 0
    for index in order {
      begins[index] = size
      size += tensors[index].byteCount
    }
    self.tensors = order.map { tensors[$0] }
    let header = Self.header(order.map { (tensors[$0], begins[$0]) }, metadata: metadata)
    guard header.count - 8 <= SafetensorsHeader.longest else {
      throw InputError(
        file: path,
        problem: "the header would be \(header.count) bytes, more than the format allows",
        mend: "Shorten the metadata")
    }
    self.offsets = begins.map { $0 + header.count }
    self.sizes = tensors.map(\.byteCount)
    self.remaining = Atomic(size)
    self.file = try AtomicFile(path: path, overwrite: overwrite)
    try file.checkRoom(for: header.count + size)
    try header.withUnsafeBytes { try file.write($0, at: 0) }
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
    let piece = 8 << 20
    for index in table.tensors.indices {
      try table.withBytes(ofTensorAt: index) { bytes in
        for start in stride(from: 0, to: bytes.count, by: piece) {
          try Task.checkCancellation()
          let end = min(start + piece, bytes.count)
          try writer.write(
            UnsafeRawBufferPointer(rebasing: bytes[start..<end]), toTensorAt: index, offset: start)
        }
      }
    }
    try writer.finish()
  }

  // MARK: Layout

  /// Indices in the order of the data: as given if that aligns every tensor, else by element size.
  private static func order(of tensors: [TensorInfo]) -> [Int] {
    var offset = 0
    var aligned = true
    for tensor in tensors {
      aligned = aligned && offset % tensor.dtype.size == 0
      offset += tensor.byteCount
    }
    if aligned { return Array(tensors.indices) }
    return tensors.indices.sorted { tensors[$0].dtype.size > tensors[$1].dtype.size }
  }

  /// Length and JSON, padded with spaces to a multiple of eight bytes.
  private static func header(
    _ entries: [(info: TensorInfo, begin: Int)], metadata: [String: String]
  ) -> [UInt8] {
    var json = "{"
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map {
        "\(quoted($0.key)):\(quoted($0.value))"
      }
      json += "\"__metadata__\":{\(pairs.joined(separator: ","))}"
    }
    for (info, begin) in entries {
      if json.utf8.count > 1 { json += "," }
      let shape = info.shape.map(String.init).joined(separator: ",")
      json += "\(quoted(info.name)):{\"dtype\":\"\(info.dtype.rawValue)\",\"shape\":[\(shape)],"
      json += "\"data_offsets\":[\(begin),\(begin + info.byteCount)]}"
    }
    json += "}"
    let padding = (8 - json.utf8.count % 8) % 8
    json += String(repeating: " ", count: padding)
    let length = UInt64(json.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(json.utf8)
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
