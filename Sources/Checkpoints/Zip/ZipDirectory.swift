/// Reads the end records and the central directory of a ZIP archive.
struct ZipDirectory {
  let bytes: UnsafeRawBufferPointer
  let file: String

  private struct Location {
    var entries: Int
    var size: Int
    var offset: Int
  }

  /// The entries in the order of the directory; the last in the file has the directory as its
  /// limit.
  func entries() throws -> [ZipArchive.Entry] {
    let location = try locate()
    guard let directory = bytes.part(location.offset, location.size) else {
      throw fail(
        "has its directory outside the file (\(location.size) bytes from byte \(location.offset))")
    }
    guard location.entries <= location.size / 46 else {
      throw fail("announces \(location.entries) entries in a directory of \(location.size) bytes")
    }
    var entries: [ZipArchive.Entry] = []
    entries.reserveCapacity(location.entries)
    var position = 0
    for _ in 0..<location.entries {
      entries.append(try entry(in: directory, at: &position, directoryOffset: location.offset))
    }
    return entries
  }

  /// Finds the end record, which only a comment may follow, and its ZIP64 extension.
  private func locate() throws -> Location {
    let first = max(0, bytes.count - 22 - 65_535)
    guard bytes.count >= 22,
      let end = (first...bytes.count - 22).reversed().first(where: { isEnd(at: $0) }),
      let disk = bytes.little(UInt16.self, at: end + 4),
      let entries = bytes.little(UInt16.self, at: end + 10),
      let size = bytes.little(UInt32.self, at: end + 12),
      let offset = bytes.little(UInt32.self, at: end + 16)
    else {
      throw InputError(
        file: file, place: "byte \(bytes.count)",
        problem: "starts as a ZIP archive but lacks the directory at its end, as if cut short",
        mend: "Copy or write it again")
    }
    let basic = Location(entries: Int(entries), size: Int(size), offset: Int(offset))
    guard bytes.little(UInt32.self, at: end - 20) == 0x0706_4B50 else {
      guard disk == 0 || disk == .max else { throw fail("spans several volumes") }
      return basic
    }
    guard let record = bytes.little(UInt64.self, at: end - 12).flatMap({ Int(exactly: $0) }),
      bytes.little(UInt32.self, at: record) == 0x0606_4B50,
      let wideEntries = bytes.little(UInt64.self, at: record + 32).flatMap({ Int(exactly: $0) }),
      let wideSize = bytes.little(UInt64.self, at: record + 40).flatMap({ Int(exactly: $0) }),
      let wideOffset = bytes.little(UInt64.self, at: record + 48).flatMap({ Int(exactly: $0) })
    else { throw fail("has a damaged ZIP64 end record", at: end - 20) }
    return Location(
      entries: entries == .max ? wideEntries : basic.entries,
      size: size == .max ? wideSize : basic.size,
      offset: offset == .max ? wideOffset : basic.offset)
  }

  private func isEnd(at offset: Int) -> Bool {
    guard bytes.little(UInt32.self, at: offset) == 0x0605_4B50,
      let comment = bytes.little(UInt16.self, at: offset + 20)
    else { return false }
    return offset + 22 + Int(comment) <= bytes.count
  }

  private func entry(
    in directory: UnsafeRawBufferPointer, at position: inout Int, directoryOffset: Int
  ) throws -> ZipArchive.Entry {
    let place = directoryOffset + position
    guard directory.little(UInt32.self, at: position) == 0x0201_4B50,
      let flags = directory.little(UInt16.self, at: position + 8),
      let method = directory.little(UInt16.self, at: position + 10),
      let crc = directory.little(UInt32.self, at: position + 16),
      var compressed = directory.little(UInt32.self, at: position + 20).map({ Int($0) }),
      var size = directory.little(UInt32.self, at: position + 24).map({ Int($0) }),
      let nameLength = directory.little(UInt16.self, at: position + 28),
      let extraLength = directory.little(UInt16.self, at: position + 30),
      let commentLength = directory.little(UInt16.self, at: position + 32),
      var offset = directory.little(UInt32.self, at: position + 42).map({ Int($0) }),
      let nameBytes = directory.part(position + 46, Int(nameLength)),
      let extra = directory.part(position + 46 + Int(nameLength), Int(extraLength))
    else { throw fail("has a damaged directory entry", at: place) }
    position += 46 + Int(nameLength) + Int(extraLength) + Int(commentLength)
    guard let name = String(validating: nameBytes, as: UTF8.self) else {
      throw fail("has an entry whose name is not UTF-8", at: place)
    }
    guard flags & 1 == 0 else { throw fail("has the encrypted entry \(name)", at: place) }
    try widen(&size, &compressed, &offset, from: extra, place: place)
    guard offset <= directoryOffset, compressed <= directoryOffset - offset else {
      throw fail("has entry \(name) reaching into its directory", at: place)
    }
    guard method != ZipArchive.stored || compressed == size else {
      throw fail("has entry \(name) with two sizes, \(compressed) and \(size)", at: place)
    }
    // No deflate stream shrinks its content to less than 1/1032.
    guard method != ZipArchive.deflated || size / 1040 <= compressed else {
      throw fail(
        "has entry \(name) that claims \(size) bytes, more than \(compressed) compressed bytes can hold",
        at: place)
    }
    return ZipArchive.Entry(
      name: name, method: method, crc: crc, compressedSize: compressed, size: size,
      headerOffset: offset, limit: directoryOffset)
  }

  /// Takes the 64-bit values of the ZIP64 extra field for those that did not fit 32 bits.
  private func widen(
    _ size: inout Int, _ compressed: inout Int, _ offset: inout Int,
    from extra: UnsafeRawBufferPointer, place: Int
  ) throws {
    let needed = Int(UInt32.max)
    guard size == needed || compressed == needed || offset == needed else { return }
    var position = 0
    while let id = extra.little(UInt16.self, at: position),
      let length = extra.little(UInt16.self, at: position + 2)
    {
      if id == 1, let field = extra.part(position + 4, Int(length)) {
        var at = 0
        func next(_ value: inout Int) throws {
          guard value == needed else { return }
          guard let wide = field.little(UInt64.self, at: at).flatMap({ Int(exactly: $0) }) else {
            throw fail("has a damaged ZIP64 field in its directory", at: place)
          }
          value = wide
          at += 8
        }
        try next(&size)
        try next(&compressed)
        try next(&offset)
        return
      }
      position += 4 + Int(length)
    }
  }

  private func fail(_ problem: String, at place: Int? = nil) -> InputError {
    InputError(
      file: file, place: place.map { "byte \($0)" }, problem: problem,
      mend: "Copy or write it again")
  }
}
