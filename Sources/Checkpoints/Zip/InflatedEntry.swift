import Glibc
import Synchronization

/// The bytes of a compressed entry: a few in memory, many in a temporary file.
///
/// The file is mapped, so that they cost disk and page cache but no memory of this process, and
/// threads may read them from any place.
final class InflatedEntry: Sendable {
  /// More are put into a file.
  static let mostInMemory = 1 << 14

  private enum Store {
    case memory([UInt8])
    case file(UnsafeRawBufferPointer)
  }

  // Never written to, and unmapped with this object alone.
  private nonisolated(unsafe) let store: Store

  /// - Parameter inflate: hands over all `size` bytes, in order.
  /// - Throws: `InputError` when the disk is full, and what `inflate` throws.
  init(
    size: Int, inflate: (_ take: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    guard size > Self.mostInMemory else {
      var bytes: [UInt8] = []
      try inflate { bytes.append(contentsOf: $0) }
      store = .memory(bytes)
      return
    }
    var file = try TemporaryFile()
    try inflate { try file.append($0) }
    store = .file(try file.mapped())
  }

  deinit {
    guard case .file(let bytes) = store else { return }
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }

  func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(self) {
      switch store {
      case .memory(let bytes): try bytes.withUnsafeBytes(body)
      case .file(let bytes): try body(bytes)
      }
    }
  }
}

/// An entry that is inflated once for all who read it at the same time, and forgotten after.
final class SharedEntry: Sendable {
  private struct Kept {
    weak var entry: InflatedEntry?
  }

  private let kept = Mutex(Kept())

  /// The entry in use, or what `make` makes; others who ask meanwhile wait for it.
  func entry(_ make: () throws -> InflatedEntry) throws -> InflatedEntry {
    try kept.withLock { kept in
      if let entry = kept.entry { return entry }
      let entry = try make()
      kept.entry = entry
      return entry
    }
  }
}
