public import Checkpoints

/// Weights in memory: one page-aligned block, each tensor at a multiple of 64 bytes.
///
/// They never change once made, so they may be shared freely.
public final class Weights: TensorTable {
  /// In the order in which they were given.
  public let tensors: [TensorInfo]
  /// Bytes of the block, padding between tensors included.
  package let blockSize: Int
  private let offsets: [Int]
  private let indexes: [String: Int]
  // Written by `fill` before anyone else can see this object, and only read afterwards.
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer

  /// Room for tensors while they are made; not to be kept.
  ///
  /// Sendable because whoever fills it has each thread write other bytes.
  public struct Room: @unchecked Sendable {
    fileprivate let base: UnsafeMutableRawPointer
    fileprivate let offsets: [Int]
    fileprivate let tensors: [TensorInfo]

    /// The bytes of `tensors[index]`; what they hold at first is not known.
    public subscript(index: Int) -> UnsafeMutableRawBufferPointer {
      UnsafeMutableRawBufferPointer(
        start: base + offsets[index], count: tensors[index].byteCount)
    }
  }

  /// Makes room for `tensors` and has `fill` write all their bytes.
  ///
  /// - Throws: `InputError` when memory is short, and what `fill` throws.
  public init(_ tensors: [TensorInfo], fill: (Room) throws -> Void) throws {
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
    let address = try MemoryBlock.take(block)
    self.tensors = tensors
    self.blockSize = block
    self.offsets = offsets
    self.indexes = indexes
    self.base = address
    try fill(Room(base: address, offsets: offsets, tensors: tensors))
  }

  deinit { MemoryBlock.giveBack(base, blockSize) }

  /// Where the tensor of that name stands in `tensors`; nil when there is none.
  public func index(of name: String) -> Int? { indexes[name] }

  /// Lends a tensor's bytes, aligned to 64.
  public func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(self) {
      try body(
        UnsafeRawBufferPointer(start: base + offsets[index], count: tensors[index].byteCount))
    }
  }
}
