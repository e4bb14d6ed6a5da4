import Checkpoints
import Glibc
import Synchronization

/// Page-aligned anonymous memory that a soup is made in.
///
/// A recipe makes soup after soup of one size, and having the system clear fresh pages costs as much
/// as a third of an average. So the block given back last is kept for the next of its size; one that
/// does not fit is released before another is asked for.
enum MemoryBlock {
  // Whoever holds a block is the only one who knows its address.
  private struct Spare: @unchecked Sendable {
    let address: UnsafeMutableRawPointer
    let size: Int
  }

  private static let spare = Mutex<Spare?>(nil)

  /// A block of `size` bytes, whatever they hold.
  ///
  /// - Throws: `InputError` when memory is short.
  static func take(_ size: Int) throws -> UnsafeMutableRawPointer {
    let kept = spare.withLock { spare in
      defer { spare = nil }
      return spare
    }
    if let kept, kept.size == size { return kept.address }
    if let kept { munmap(kept.address, kept.size) }
    let address = mmap(
      nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | Int32(MAP_ANONYMOUS), -1, 0)
    guard let address, address != MAP_FAILED else {
      throw InputError(
        file: "memory", problem: "\(size) bytes for a soup are not to be had",
        mend: "Write the soup straight to a file, or free some memory")
    }
    // Small pages cost more time to be given than the sums themselves take.
    madvise(address, size, Int32(MADV_HUGEPAGE))
    return address
  }

  /// Takes a block back.
  static func giveBack(_ address: UnsafeMutableRawPointer, _ size: Int) {
    let given = Spare(address: address, size: size)
    let old = spare.withLock { spare in
      defer { spare = given }
      return spare
    }
    if let old { munmap(old.address, old.size) }
  }

  /// Releases the block that is kept, if any.
  static func releaseSpare() {
    let kept = spare.withLock { spare in
      defer { spare = nil }
      return spare
    }
    if let kept { munmap(kept.address, kept.size) }
  }
}
