import CZlib

/// Raw deflate streams and checksums, by zlib.
enum Inflation {
  /// Inflates `input` to at most `limit` bytes; with no limit in the way, to exactly `size`.
  ///
  /// Memory grows as bytes come out, never to a claimed size at once.
  /// - Throws: what `fail` makes of a damaged stream or one of another size.
  static func inflate(
    _ input: UnsafeRawBufferPointer, size: Int, limit: Int, fail: (String) -> InputError
  ) throws -> [UInt8] {
    let wanted = min(size, limit)
    // No deflate stream shrinks its content to less than 1/1032.
    guard size / 1040 <= input.count else {
      throw fail("claims \(size) bytes, more than \(input.count) compressed bytes can hold")
    }
    var stream = z_stream()
    guard
      inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw fail("cannot be inflated: zlib has no memory") }
    defer { inflateEnd(&stream) }
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(max(wanted, 1), 1 << 18))
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
      let (status, produced) = chunk.withUnsafeMutableBufferPointer { buffer in
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(buffer.count)
        let status = CZlib.inflate(&stream, Z_NO_FLUSH)
        return (status, buffer.count - Int(stream.avail_out))
      }
      output += chunk.prefix(min(produced, wanted - output.count))
      if limit < size, output.count == wanted { return output }
      if status == Z_STREAM_END { break }
      // Without input or room for progress, zlib says Z_BUF_ERROR.
      guard status == Z_OK, Int(stream.total_out) <= size else {
        throw fail("breaks after \(output.count) of \(size) bytes, damaged or cut short")
      }
    }
    guard Int(stream.total_out) == size else {
      throw fail("inflates to \(stream.total_out) bytes instead of \(size)")
    }
    return output
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
