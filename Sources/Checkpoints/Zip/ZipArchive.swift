/// The directory of a ZIP archive in a mapped file (APPNOTE 6.3.9), with ZIP64.
///
/// Opening reads the central directory only. Entries must not overlap, so that what is read in all
/// is bounded by the file.
struct ZipArchive: Sendable {
  /// One file in the archive.
  struct Entry: Sendable {
    let name: String
    let method: UInt16
    let crc: UInt32
    let compressedSize: Int
    let size: Int
    let headerOffset: Int
    /// Where the next entry or the directory begins.
    fileprivate(set) var limit = 0
  }

  static let stored: UInt16 = 0
  static let deflated: UInt16 = 8
  private static let otherMethods: [UInt16: String] = [
    9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ",
  ]

  let map: MappedFile
  /// In the order of the directory, names unique.
  let entries: [Entry]
  private let positions: NameIndex
  private let compressed: [String: SharedEntry]

  /// Whether the file starts as every archive written by PyTorch and NumPy does.
  static func recognises(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.little(UInt32.self, at: 0) == 0x0403_4B50
  }

  /// - Throws: `InputError` for a damaged, encrypted, multi-volume or inconsistent archive.
  init(_ map: MappedFile) throws {
    self.map = map
    var entries = try map.withBytes { try ZipDirectory(bytes: $0, file: map.path).entries() }
    let order = entries.indices.sorted { entries[$0].headerOffset < entries[$1].headerOffset }
    for (here, next) in zip(order, order.dropFirst()) {
      let entry = entries[here]
      guard entry.headerOffset + 30 + entry.compressedSize <= entries[next].headerOffset else {
        throw InputError(
          file: map.path, place: "entry \(entry.name.excerpt)",
          problem: "overlaps entry \(entries[next].name.excerpt)")
      }
      entries[here].limit = entries[next].headerOffset
    }
    self.entries = entries
    positions = try NameIndex(entries.map(\.name), of: "entry", file: map.path)
    compressed = Dictionary(
      uniqueKeysWithValues: entries.filter { $0.method != Self.stored }.map {
        ($0.name, SharedEntry())
      })
  }

  subscript(name: String) -> Entry? { positions[name].map { entries[$0] } }

  /// Where the entry's (perhaps compressed) bytes lie in the file, from its local header.
  func range(of entry: Entry) throws -> Range<Int> {
    try map.withBytes { bytes in
      guard bytes.little(UInt32.self, at: entry.headerOffset) == 0x0403_4B50,
        let nameLength = bytes.little(UInt16.self, at: entry.headerOffset + 26),
        let extraLength = bytes.little(UInt16.self, at: entry.headerOffset + 28),
        let name = bytes.part(entry.headerOffset + 30, Int(nameLength))
      else { throw fail(entry, "has no local header at byte \(entry.headerOffset)") }
      guard name.elementsEqual(entry.name.utf8) else {
        throw fail(entry, "has another name at byte \(entry.headerOffset) than in the directory")
      }
      let start = entry.headerOffset + 30 + Int(nameLength) + Int(extraLength)
      guard start + entry.compressedSize <= entry.limit else {
        throw fail(entry, "of \(entry.compressedSize) bytes reaches beyond byte \(entry.limit)")
      }
      return start..<start + entry.compressedSize
    }
  }

  /// The entry's bytes, inflated when needed; at most `limit` of them.
  ///
  /// Memory grows with what is really there, never with what a header claims.
  func contents(of entry: Entry, limit: Int = .max) throws -> [UInt8] {
    var contents: [UInt8] = []
    try read(entry, limit: limit) { contents.append(contentsOf: $0) }
    return contents
  }

  /// Lends the entry's bytes: those of the file, or inflated ones that all who read them share.
  func withBytes<Result>(
    of entry: Entry, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    if let shared = compressed[entry.name] {
      let inflated = try shared.entry {
        try InflatedEntry(size: entry.size) { take in try read(entry, take: take) }
      }
      return try inflated.withBytes(body)
    }
    let range = try range(of: entry)
    return try map.withBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  /// Lends the first bytes of the entry, at most `limit`, inflating no more than those.
  func withStart<Result>(
    of entry: Entry, _ limit: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    guard entry.method == Self.stored else {
      return try contents(of: entry, limit: limit).withUnsafeBytes(body)
    }
    return try withBytes(of: entry) { try body(UnsafeRawBufferPointer(rebasing: $0.prefix(limit))) }
  }

  /// Compares the bytes of every entry with its checksum.
  ///
  /// An archive in which all of them are zero has none: `torch.save` leaves them out when it was
  /// told `set_crc32_options(False)`.
  /// - Throws: `InputError` naming the first entry that differs.
  func verify() throws {
    guard entries.contains(where: { $0.crc != 0 }) else { return }
    for entry in entries where entry.method == Self.stored {
      let crc = try withBytes(of: entry) { Inflation.crc($0) }
      guard crc == entry.crc else { throw differs(entry) }
    }
    for entry in entries where entry.method != Self.stored { try read(entry) { _ in } }
  }

  /// Hands over the entry's bytes in order, inflated when needed; at most `limit` of them.
  ///
  /// - Throws: `InputError` for a damaged stream; once all was handed over, for one that does not
  ///   match its checksum.
  private func read(
    _ entry: Entry, limit: Int = .max, take: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let range = try range(of: entry)
    try map.withBytes { bytes in
      let part = UnsafeRawBufferPointer(rebasing: bytes[range])
      switch entry.method {
      case Self.stored: try take(UnsafeRawBufferPointer(rebasing: part.prefix(limit)))
      case Self.deflated:
        var crc: UInt32 = 0
        try Inflation.inflate(
          part, size: entry.size, limit: limit, fail: { fail(entry, $0) },
          take: { chunk in
            crc = Inflation.crc(chunk, from: crc)
            try take(chunk)
          })
        if limit >= entry.size, crc != entry.crc { throw differs(entry) }
      default:
        let name = Self.otherMethods[entry.method].map { "\($0) (method \(entry.method))" }
        throw fail(
          entry, "is compressed with \(name ?? "method \(entry.method)"), which is not read",
          mend: "Save it again with torch.save or numpy.savez")
      }
    }
  }

  private func differs(_ entry: Entry) -> InputError {
    fail(entry, "does not match its checksum")
  }

  private func fail(
    _ entry: Entry, _ problem: String, mend: String = "Copy or write it again"
  ) -> InputError {
    InputError(
      file: map.path, place: "entry \(entry.name.excerpt)", problem: problem, mend: mend)
  }
}

extension MappedFile {
  /// Compares every byte with the checksums that the file keeps; only archives have some.
  ///
  /// - Throws: `InputError` naming the first entry that differs.
  package func verifyChecksums() throws {
    guard withBytes({ ZipArchive.recognises($0) }) else { return }
    try ZipArchive(self).verify()
  }
}
