import Synchronization

/// Writes a state dict that `torch.load(path, weights_only=True)` reads, and can map.
///
/// A ZIP archive of stored entries as `torch.save` lays it out: the pickle, then one record a
/// storage, each aligned to 64 bytes.
package final class PyTorchWriter: TensorWriter {
  private let file: AtomicFile
  private let layout: ZipLayout
  private let tensors: [TensorInfo]
  /// For each tensor the entry of its storage; nil for one that shares an earlier tensor's.
  private let entries: [Int?]
  /// Checksums of what was written of each tensor, in any order.
  private let pieces: Mutex<[[Piece]]>

  private struct Piece {
    let offset: Int
    let count: Int
    let crc: UInt32
  }

  /// Starts a file that will be named `path` and hold `tensors`.
  ///
  /// - Parameters:
  ///   - ties: groups of tensors of equal type and shape that are to share one storage; what is
  ///     written to any but the first of a group is left out.
  ///   - metadata: kept as JSON in the record `extra/metadata.json`, which PyTorch ignores.
  /// - Throws: `InputError` when names repeat, `path` exists and `overwrite` is false, or the disk
  ///   is too small.
  package init(
    _ tensors: [TensorInfo], ties: [[String]] = [], metadata: [String: String] = [:],
    to path: String, overwrite: Bool = false
  ) throws {
    var positions: [String: Int] = [:]
    for (index, tensor) in tensors.enumerated()
    where positions.updateValue(index, forKey: tensor.name) != nil {
      throw InputError(
        file: path, place: "tensor \(tensor.name)", problem: "this name cannot be used twice",
        mend: "Rename the tensor")
    }
    let owners = Self.owners(of: tensors, positions, ties)
    var keys: [Int: Int] = [:]
    for (index, owner) in owners.enumerated() where owner == index { keys[index] = keys.count }
    let pickle = PyTorchPickle.stateDict(
      zip(tensors, owners).map { ($0, keys[$1, default: 0]) })
    var records: [(name: String, content: ZipLayout.Content)] = [
      ("data.pkl", .bytes(pickle)), ("byteorder", .bytes(Array("little".utf8))),
    ]
    var entries: [Int?] = []
    for (index, tensor) in tensors.enumerated() {
      guard let key = keys[index] else {
        entries.append(nil)
        continue
      }
      entries.append(records.count)
      records.append(("data/\(key)", .later(count: tensor.byteCount)))
    }
    records.append(("version", .bytes(Array("3\n".utf8))))
    if !metadata.isEmpty {
      records.append(("extra/metadata.json", .bytes(try MetadataJSON.encode(metadata))))
    }
    self.tensors = tensors
    self.entries = entries
    layout = ZipLayout(records.map { ("archive/" + $0.name, $0.content) })
    pieces = Mutex(tensors.map { _ in [] })
    file = try AtomicFile(path: path, overwrite: overwrite)
    try file.checkRoom(for: layout.byteCount)
  }

  package func write(
    _ bytes: UnsafeRawBufferPointer, toTensorAt index: Int, offset: Int = 0
  ) throws {
    precondition(
      offset >= 0 && offset + bytes.count <= tensors[index].byteCount, "bytes outside the tensor")
    guard let entry = entries[index], !bytes.isEmpty else { return }
    try file.write(bytes, at: layout.dataOffset(of: entry) + offset)
    let piece = Piece(offset: offset, count: bytes.count, crc: Inflation.crc(bytes))
    pieces.withLock { $0[index].append(piece) }
  }

  package func finish() throws {
    var checksums: [Int: UInt32] = [:]
    for (index, written) in pieces.withLock({ $0 }).enumerated() {
      guard let entry = entries[index] else { continue }
      var end = 0
      var crc: UInt32 = 0
      for piece in written.sorted(by: { $0.offset < $1.offset }) where piece.offset == end {
        crc = Inflation.combine(crc, piece.crc, count: piece.count)
        end += piece.count
      }
      guard end == tensors[index].byteCount else {
        throw InputError(
          file: file.path, place: "tensor \(tensors[index].name)",
          problem: "\(tensors[index].byteCount - end) bytes were never written")
      }
      checksums[entry] = crc
    }
    try layout.write(to: file, checksums: checksums)
    try file.commit()
  }

  /// For each tensor the one whose storage it uses: itself, or the first of its group.
  private static func owners(
    of tensors: [TensorInfo], _ positions: [String: Int], _ ties: [[String]]
  ) -> [Int] {
    var owners = Array(tensors.indices)
    for group in ties {
      let members = group.compactMap { positions[$0] }.sorted()
      guard let first = members.first else { continue }
      for member in members
      where tensors[member].dtype == tensors[first].dtype
        && tensors[member].shape == tensors[first].shape
      {
        owners[member] = owners[first]
      }
    }
    return owners
  }
}
