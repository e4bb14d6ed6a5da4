/// Access to bytes of unknown origin: everything is checked, in every build.
extension UnsafeRawBufferPointer {
  /// The little-endian integer at `offset`, or nil when it does not lie wholly inside.
  func little<Integer: FixedWidthInteger>(_ type: Integer.Type, at offset: Int) -> Integer? {
    guard let part = part(offset, MemoryLayout<Integer>.size) else { return nil }
    return Integer(littleEndian: part.loadUnaligned(as: Integer.self))
  }

  /// `length` bytes from `offset`, or nil when they do not lie wholly inside.
  func part(_ offset: Int, _ length: Int) -> UnsafeRawBufferPointer? {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
    return UnsafeRawBufferPointer(rebasing: self[offset..<offset + length])
  }
}
