/// A ZIP archive of stored entries whose sizes are known before their bytes are.
///
/// Data is aligned to 64 bytes by a padding field in the local headers, as PyTorch does. ZIP64
/// fields appear where a number does not fit 32 bits.
struct ZipLayout: Sendable {
  enum Content: Sendable {
    case bytes([UInt8])
    /// Written by someone else.
    case later(count: Int)

    var count: Int {
      switch self {
      case .bytes(let bytes): bytes.count
      case .later(let count): count
      }
    }
  }

  private struct Entry: Sendable {
    let name: String
    let content: Content
    let headerOffset: Int
    let dataOffset: Int
  }

  private static let alignment = 64
  private static let wide = 0xFFFF_FFFF
  private let entries: [Entry]
  private let directoryOffset: Int

  init(_ records: [(name: String, content: Content)]) {
    var entries: [Entry] = []
    var position = 0
    for (name, content) in records {
      // Room for a ZIP64 field and the head of the padding.
      let least = position + 30 + name.utf8.count + 20 + 4
      let data = (least + Self.alignment - 1) / Self.alignment * Self.alignment
      entries.append(
        Entry(name: name, content: content, headerOffset: position, dataOffset: data))
      position = data + content.count
    }
    self.entries = entries
    directoryOffset = position
  }

  func dataOffset(of entry: Int) -> Int { entries[entry].dataOffset }

  /// Bytes of the whole archive.
  var byteCount: Int { directoryOffset + directory(checksums: [:]).count }

  /// Writes everything but the content that comes from elsewhere.
  ///
  /// - Parameter checksums: CRC-32 of that content, by the entry's index.
  func write(to file: AtomicFile, checksums: [Int: UInt32]) throws {
    var checksums = checksums
    for (index, entry) in entries.enumerated() {
      if case .bytes(let bytes) = entry.content {
        checksums[index] = Inflation.crc(bytes)
        try bytes.withUnsafeBytes { try file.write($0, at: entry.dataOffset) }
      }
      let header = localHeader(entry, crc: checksums[index, default: 0])
      try header.withUnsafeBytes { try file.write($0, at: entry.headerOffset) }
    }
    let directory = directory(checksums: checksums)
    try directory.withUnsafeBytes { try file.write($0, at: directoryOffset) }
  }

  private func localHeader(_ entry: Entry, crc: UInt32) -> [UInt8] {
    let size = entry.content.count
    let isWide = size >= Self.wide
    let extraLength = entry.dataOffset - entry.headerOffset - 30 - entry.name.utf8.count
    var header = LittleEndianBytes()
    header.add(0x0403_4B50 as UInt32, isWide ? 45 : 20 as UInt16, 0x0800 as UInt16, 0 as UInt16)
    header.add(0 as UInt16, 0x21 as UInt16, crc)
    header.add(UInt32(min(size, Self.wide)), UInt32(min(size, Self.wide)))
    header.add(UInt16(entry.name.utf8.count), UInt16(extraLength))
    header.bytes += Array(entry.name.utf8)
    var padding = extraLength - 4
    if isWide {
      header.add(1 as UInt16, 16 as UInt16, UInt64(size), UInt64(size))
      padding -= 20
    }
    // PyTorch's own mark for padding.
    header.add(0x4246 as UInt16, UInt16(padding))
    header.bytes += [UInt8](repeating: 0x5A, count: padding)
    return header.bytes
  }

  private func directory(checksums: [Int: UInt32]) -> [UInt8] {
    var directory = LittleEndianBytes()
    for (index, entry) in entries.enumerated() {
      let size = entry.content.count
      let wideValues =
        (size >= Self.wide ? [size, size] : [])
        + (entry.headerOffset >= Self.wide ? [entry.headerOffset] : [])
      let version: UInt16 = wideValues.isEmpty ? 20 : 45
      directory.add(0x0201_4B50 as UInt32, version, version, 0x0800 as UInt16, 0 as UInt16)
      directory.add(0 as UInt16, 0x21 as UInt16, checksums[index, default: 0])
      directory.add(UInt32(min(size, Self.wide)), UInt32(min(size, Self.wide)))
      directory.add(UInt16(entry.name.utf8.count))
      directory.add(UInt16(wideValues.isEmpty ? 0 : 4 + 8 * wideValues.count))
      directory.add(0 as UInt16, 0 as UInt16, 0 as UInt16, 0 as UInt32)
      directory.add(UInt32(min(entry.headerOffset, Self.wide)))
      directory.bytes += Array(entry.name.utf8)
      guard !wideValues.isEmpty else { continue }
      directory.add(1 as UInt16, UInt16(8 * wideValues.count))
      for value in wideValues { directory.add(UInt64(value)) }
    }
    let size = directory.bytes.count
    let isWide = directoryOffset >= Self.wide || size >= Self.wide || entries.count >= 0xFFFF
    if isWide {
      directory.add(0x0606_4B50 as UInt32, 44 as UInt64, 45 as UInt16, 45 as UInt16)
      directory.add(0 as UInt32, 0 as UInt32, UInt64(entries.count), UInt64(entries.count))
      directory.add(UInt64(size), UInt64(directoryOffset))
      directory.add(0x0706_4B50 as UInt32, 0 as UInt32, UInt64(directoryOffset + size), 1 as UInt32)
    }
    let count = UInt16(isWide ? 0xFFFF : entries.count)
    directory.add(0x0605_4B50 as UInt32, 0 as UInt16, 0 as UInt16, count, count)
    directory.add(UInt32(isWide ? Self.wide : size), UInt32(isWide ? Self.wide : directoryOffset))
    directory.add(0 as UInt16)
    return directory.bytes
  }
}

/// Bytes being gathered, numbers least significant byte first.
private struct LittleEndianBytes {
  var bytes: [UInt8] = []

  mutating func add<each Number: FixedWidthInteger>(_ numbers: repeat each Number) {
    for number in repeat each numbers {
      withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }
  }
}
