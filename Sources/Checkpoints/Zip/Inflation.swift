import CZlib

/// Raw deflate streams and checksums, by zlib.
enum Inflation {
  /// Inflates `input` to at most `limit` bytes; with no limit in the way, to exactly `size`.
  ///
  /// Memory does not grow with what a header claims, nor with what comes out.
  /// - Parameter take: gets what comes out, in order, at most 256 KiB at a time.
  /// - Throws: what `fail` makes of a damaged stream or one of another size, and what `take` throws.
  static func inflate(
    _ input: UnsafeRawBufferPointer, size: Int, limit: Int, fail: (String) -> InputError,
    take: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let wanted = min(size, limit)
    var stream = z_stream()
    guard
      inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw fail("cannot be inflated: zlib has no memory") }
    defer { inflateEnd(&stream) }
    let chunk = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(max(wanted, 1), 1 << 18), alignment: 16)
    defer { chunk.deallocate() }
    var taken = 0
    var consumed = 0
    while true {
      if stream.avail_in == 0, consumed < input.count {
        let part = UnsafeRawBufferPointer(
          rebasing: input[consumed..<consumed + min(input.count - consumed, 1 << 30)])
        // zlib declares its input mutable but does not write to it.
        stream.next_in = UnsafeMutablePointer(
          mutating: part.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = UInt32(part.count)
        consumed += part.count
      }
      stream.next_out = chunk.bindMemory(to: UInt8.self).baseAddress
      stream.avail_out = UInt32(chunk.count)
      let status = CZlib.inflate(&stream, Z_NO_FLUSH)
      let produced = min(chunk.count - Int(stream.avail_out), wanted - taken)
      try take(UnsafeRawBufferPointer(rebasing: chunk[..<produced]))
      taken += produced
      if limit < size, taken == wanted { return }
      if status == Z_STREAM_END { break }
      // Without input or room for progress, zlib says Z_BUF_ERROR.
      guard status == Z_OK, Int(stream.total_out) <= size else {
        throw fail("breaks after \(taken) of \(size) bytes, damaged or cut short")
      }
    }
    guard Int(stream.total_out) == size else {
      throw fail("inflates to \(stream.total_out) bytes instead of \(size)")
    }
  }

  /// CRC-32 as ZIP uses it.
  static func crc(_ bytes: UnsafeRawBufferPointer, from start: UInt32 = 0) -> UInt32 {
    guard let address = bytes.bindMemory(to: UInt8.self).baseAddress else { return start }
    return UInt32(truncatingIfNeeded: crc32_z(UInt(start), address, bytes.count))
  }

  /// The checksum of two pieces one after the other, the second of `count` bytes.
  static func combine(_ first: UInt32, _ second: UInt32, count: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: crc32_combine(UInt(first), UInt(second), count))
  }

  static func crc(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { crc($0) } }
}
