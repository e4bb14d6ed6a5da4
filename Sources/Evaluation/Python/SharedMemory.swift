import CProcess
import Checkpoints
import Glibc

/// Memory without a name that is handed to other processes by its descriptor.
///
/// Unlike a file in `/dev/shm` it has no limit of its own (containers give that folder 64 MiB), and
/// nothing of it is left when all processes are gone.
final class SharedMemory {
  let descriptor: Int32
  private(set) var size = 0
  private var base: UnsafeMutableRawPointer?

  /// - Throws: `InputError` when the system has none.
  init() throws {
    descriptor = shared_memory_create("stockpot-weights")
    guard descriptor >= 0 else {
      throw InputError(
        file: "memory",
        problem: "no shared memory is to be had: \(String(cString: strerror(errno)))")
    }
  }

  deinit {
    if let base { munmap(base, size) }
    close(descriptor)
  }

  /// Makes room for `count` bytes; never shrinks.
  ///
  /// - Throws: `InputError` when memory is short; what was there before stays as it is.
  func grow(to count: Int) throws {
    guard count > size else { return }
    guard ftruncate(descriptor, off_t(count)) == 0,
      let address = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      address != MAP_FAILED
    else {
      throw InputError(
        file: "memory", problem: "\(count) bytes to hand weights to Python are not to be had",
        mend: "Free some memory")
    }
    if let base { munmap(base, size) }
    base = address
    size = count
  }

  /// - Precondition: the range was made room for.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    precondition(offset >= 0 && offset + bytes.count <= size, "bytes outside the memory")
    guard let base, let source = bytes.baseAddress else { return }
    memcpy(base + offset, source, bytes.count)
  }
}
