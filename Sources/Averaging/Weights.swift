package import Checkpoints
import Glibc

/// Weights in memory: one page-aligned block, each tensor at a multiple of 64 bytes.
///
/// They never change once made, so they may be shared freely.
package final class Weights: TensorTable {
  package let tensors: [TensorInfo]
  /// Bytes of the block, padding between tensors included.
  package let blockSize: Int
  private let offsets: [Int]
  private let indexes: [String: Int]
  // Written by `fill` before anyone else can see this object, and only read afterwards.
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer

  /// Room for tensors while they are made; not to be kept.
  ///
  /// Sendable because whoever fills it has each thread write other bytes.
  package struct Room: @unchecked Sendable {
    fileprivate let base: UnsafeMutableRawPointer
    fileprivate let offsets: [Int]
    fileprivate let tensors: [TensorInfo]

    /// The bytes of `tensors[index]`, zero at first.
    package subscript(index: Int) -> UnsafeMutableRawBufferPointer {
      UnsafeMutableRawBufferPointer(
        start: base + offsets[index], count: tensors[index].byteCount)
    }
  }

  /// Makes room for `tensors` and has `fill` write them.
  ///
  /// - Throws: `InputError` when memory is short, and what `fill` throws.
  package init(_ tensors: [TensorInfo], fill: (Room) throws -> Void) throws {
    var offsets: [Int] = []
    offsets.reserveCapacity(tensors.count)
    var indexes: [String: Int] = [:]
    indexes.reserveCapacity(tensors.count)
    var size = 0
    for (index, tensor) in tensors.enumerated() {
      offsets.append(size)
      indexes[tensor.name] = index
      size += (tensor.byteCount + 63) & ~63
    }
    let block = max(size, 64)
    let address = mmap(
      nil, block, PROT_READ | PROT_WRITE, MAP_PRIVATE | Int32(MAP_ANONYMOUS), -1, 0)
    guard let address, address != MAP_FAILED else {
      throw InputError(
        file: "memory", problem: "\(block) bytes for a soup are not to be had",
        mend: "Write the soup straight to a file, or free some memory")
    }
    // Fresh memory in pages of 4 KiB costs more time than the sums themselves.
    madvise(address, block, Int32(MADV_HUGEPAGE))
    self.tensors = tensors
    self.blockSize = block
    self.offsets = offsets
    self.indexes = indexes
    self.base = address
    try fill(Room(base: address, offsets: offsets, tensors: tensors))
  }

  deinit { munmap(base, blockSize) }

  package func index(of name: String) -> Int? { indexes[name] }

  package func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(self) {
      try body(
        UnsafeRawBufferPointer(start: base + offsets[index], count: tensors[index].byteCount))
    }
  }
}
