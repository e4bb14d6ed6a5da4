import Checkpoints
package import Evaluation
import Foundation

/// Logits of one evaluation, mapped from their file.
///
/// The memory stays valid for as long as this lives, even when the file is evicted meanwhile.
package final class StoredLogits: Sendable {
  package let examples: Int
  package let classes: Int
  // Read-only memory that nobody else writes to and that is unmapped in deinit alone.
  nonisolated(unsafe) private let mapping: UnsafeRawBufferPointer

  fileprivate init(mapping: UnsafeRawBufferPointer, examples: Int, classes: Int) {
    self.mapping = mapping
    self.examples = examples
    self.classes = classes
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count) }

  /// The same memory, kept mapped for as long as they live.
  package var logits: Logits {
    Logits(rows: examples, classes: classes, at: withLogits { $0 }, keptBy: self)
  }

  /// Lends the logits, row-major, `examples × classes`.
  ///
  /// The buffer must not escape.
  package func withLogits<Result, Failure>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let floats = UnsafeRawBufferPointer(rebasing: mapping[LogitsFolder.headerSize...])
    return try body(floats.bindMemory(to: Float.self))
  }
}

/// The folder of logits files: `hh/HASH.f32`, a header of 64 bytes and little-endian floats.
///
/// Header: the magic `STKPLGT1`, then as 64-bit numbers the examples, the classes and a checksum of
/// the floats; zeros to its end. A file that is not exactly as its header says does not count.
struct LogitsFolder: Sendable {
  static let headerSize = 64
  private static let magic = Array("STKPLGT1".utf8)
  let path: String

  func file(_ key: ContentAddress) -> String { "\(path)/\(key.hex.prefix(2))/\(key.hex).f32" }

  /// Writes by a temporary file and renaming.
  ///
  /// Not synced to the disk: what a power cut damages, the checksum finds, and logits can be made
  /// again.
  /// - Returns: bytes of the file.
  func write(_ logits: UnsafeBufferPointer<Float>, classes: Int, for key: ContentAddress) throws
    -> Int
  {
    let file = file(key)
    let temporary = "\(file).\(UUID().uuidString.prefix(8)).tmp"
    mkdir("\(path)/\(key.hex.prefix(2))", 0o755)
    let descriptor = Foundation.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(file) }
    var isComplete = false
    defer {
      close(descriptor)
      if !isComplete { unlink(temporary) }
    }
    var header = LogitsFolder.magic
    let floats = UnsafeRawBufferPointer(logits)
    for number in [
      UInt64(logits.count / classes), UInt64(classes), LogitsFolder.checksum(floats),
    ] {
      withUnsafeBytes(of: number.littleEndian) { header += $0 }
    }
    header += Array(repeating: 0, count: LogitsFolder.headerSize - header.count)
    try header.withUnsafeBytes { try writeAll($0, to: descriptor, file: file) }
    try writeAll(floats, to: descriptor, file: file)
    guard rename(temporary, file) == 0 else { throw failure(file) }
    isComplete = true
    return header.count + floats.count
  }

  /// The logits under `key`; nil when there is no file, or not a whole one.
  func open(_ key: ContentAddress, isVerified: Bool) -> StoredLogits? {
    let descriptor = Foundation.open(file(key), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size >= LogitsFolder.headerSize else {
      return nil
    }
    let size = Int(status.st_size)
    guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0),
      address != MAP_FAILED
    else { return nil }
    let bytes = UnsafeRawBufferPointer(start: address, count: size)
    let examples = LogitsFolder.number(bytes, 0)
    let classes = LogitsFolder.number(bytes, 1)
    let (count, overflow) = examples.multipliedReportingOverflow(by: classes)
    let floats = UnsafeRawBufferPointer(rebasing: bytes[LogitsFolder.headerSize...])
    guard bytes.starts(with: LogitsFolder.magic), !overflow, classes > 0,
      count <= UInt64(size), Int(count) * 4 == floats.count,
      isVerified || LogitsFolder.checksum(floats) == LogitsFolder.number(bytes, 2)
    else {
      munmap(address, size)
      return nil
    }
    return StoredLogits(mapping: bytes, examples: Int(examples), classes: Int(classes))
  }

  func remove(_ key: ContentAddress) { unlink(file(key)) }

  private static func number(_ header: UnsafeRawBufferPointer, _ index: Int) -> UInt64 {
    UInt64(littleEndian: header.loadUnaligned(fromByteOffset: 8 + 8 * index, as: UInt64.self))
  }

  /// Finds accidents, not forgeries: four lanes of multiply and rotate over 64-bit words, at the
  /// speed of memory.
  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let prime: UInt64 = 0x9E37_79B1_85EB_CA87
    var lanes = SIMD4<UInt64>(1, 2, 3, 4) &* prime
    var offset = 0
    while offset + 32 <= bytes.count {
      lanes = (lanes ^ bytes.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)) &* prime
      lanes = (lanes &<< 29) | (lanes &>> 35)
      offset += 32
    }
    var sum = UInt64(bytes.count)
    for lane in 0..<4 { sum = ((sum ^ lanes[lane]) &* prime) ^ (sum >> 31) }
    for byte in bytes[offset...] { sum = (sum ^ UInt64(byte)) &* prime }
    return sum ^ (sum >> 32)
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, file: String) throws
  {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Foundation.write(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(file)
      }
      rest = rest.dropFirst(count)
    }
  }

  private func failure(_ file: String) -> InputError {
    InputError(
      file: file, problem: "cannot be written (\(String(cString: strerror(errno))))",
      mend: "Free space on the disk, or make the folder writable")
  }
}
