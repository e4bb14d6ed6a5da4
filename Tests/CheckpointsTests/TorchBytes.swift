@testable import Checkpoints

/// Pieces of pickles, each of which leaves one value, and the files that `torch.save` puts them in.
enum TorchBytes {
  static func text(_ text: String) -> [UInt8] {
    Array("X".utf8) + little(UInt32(text.utf8.count)) + Array(text.utf8)
  }

  static func integer(_ value: Int) -> [UInt8] { [0x8A, 8] + little(value) }

  static func tuple(_ items: [[UInt8]]) -> [UInt8] {
    Array("(".utf8) + items.joined() + Array("t".utf8)
  }

  static func list(_ items: [[UInt8]]) -> [UInt8] {
    Array("(".utf8) + items.joined() + Array("l".utf8)
  }

  static func dictionary(_ entries: [(key: [UInt8], value: [UInt8])]) -> [UInt8] {
    Array("(".utf8) + entries.flatMap { $0.key + $0.value } + Array("d".utf8)
  }

  /// The same with text keys.
  static func dictionary(_ entries: KeyValuePairs<String, [UInt8]>) -> [UInt8] {
    dictionary(entries.map { (key: text($0.key), value: $0.value) })
  }

  static func global(_ module: String, _ name: String) -> [UInt8] {
    Array("c\(module)\n\(name)\n".utf8)
  }

  static func call(_ module: String, _ name: String, _ arguments: [[UInt8]] = []) -> [UInt8] {
    global(module, name) + tuple(arguments) + Array("R".utf8)
  }

  /// A tensor of f32 in the storage of that key.
  static func tensor(
    storage: String = "0", of count: Int = 4, offset: Int = 0, shape: [Int] = [2],
    strides: [Int] = [1]
  ) -> [UInt8] {
    let id = [
      text("storage"), global("torch", "FloatStorage"), text(storage), text("cpu"), integer(count),
    ]
    return call(
      "torch._utils", "_rebuild_tensor_v2",
      [
        tuple(id) + Array("Q".utf8), integer(offset), tuple(shape.map(integer)),
        tuple(strides.map(integer)), [0x89], call("collections", "OrderedDict"),
      ])
  }

  /// A file whose pickle makes `value`, with one storage of `storage`.
  static func file(_ value: [UInt8], storage: [UInt8] = Array(repeating: 0, count: 16)) -> [UInt8] {
    file(pickle: [0x80, 2] + value + Array(".".utf8), storage: storage)
  }

  static func file(pickle: [UInt8], storage: [UInt8]) -> [UInt8] {
    zip([.stored("archive/data.pkl", pickle), .stored("archive/data/0", storage)])
  }

  /// An entry of a ZIP archive.
  struct ZipEntry {
    let name: String
    let method: UInt16
    /// As they are in the file.
    let bytes: [UInt8]
    let size: Int

    static func stored(_ name: String, _ bytes: [UInt8]) -> ZipEntry {
      ZipEntry(name: name, method: ZipArchive.stored, bytes: bytes, size: bytes.count)
    }

    /// Deflated: `head`, its last byte `258 * runs` more times, and `tail`.
    static func deflated(
      _ name: String, _ head: [UInt8], runs: Int, _ tail: [UInt8]
    ) -> ZipEntry {
      var stream = BitStream()
      stream.add(0b011, 3)
      head.forEach { stream.addLiteral($0) }
      for _ in 0..<runs {
        // Length 258, then distance 1, in the fixed code.
        stream.addCode(0b1100_0101, 8)
        stream.addCode(0, 5)
      }
      tail.forEach { stream.addLiteral($0) }
      stream.addCode(0, 7)
      return ZipEntry(
        name: name, method: ZipArchive.deflated, bytes: stream.bytes,
        size: head.count + 258 * runs + tail.count)
    }
  }

  /// An archive whose checksums are wrong, which only those notice who read all of an entry.
  static func zip(_ entries: [ZipEntry]) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let sizes = little(UInt32(entry.bytes.count)) + little(UInt32(entry.size))
      let common = little(entry.method) + little(0 as UInt64) + sizes
      let name = little(UInt16(entry.name.utf8.count)) + little(0 as UInt16)
      directory += Array("PK".utf8) + [1, 2, 20, 0, 20, 0, 0, 0] + common + name
      directory += [UInt8](repeating: 0, count: 10) + little(UInt32(bytes.count))
      directory += Array(entry.name.utf8)
      bytes += Array("PK".utf8) + [3, 4, 20, 0, 0, 0] + common + name + Array(entry.name.utf8)
      bytes += entry.bytes
    }
    let count = little(UInt16(entries.count))
    return bytes + directory + Array("PK".utf8) + [5, 6, 0, 0, 0, 0] + count + count
      + little(UInt32(directory.count)) + little(UInt32(bytes.count)) + [0, 0]
  }

  private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}

/// Bits as deflate packs them (RFC 1951), in its fixed code.
private struct BitStream {
  private(set) var bytes: [UInt8] = []
  private var used = 8

  mutating func add(_ bits: Int, _ count: Int) {
    for bit in 0..<count {
      if used == 8 {
        bytes.append(0)
        used = 0
      }
      bytes[bytes.count - 1] |= UInt8(bits >> bit & 1) << used
      used += 1
    }
  }

  /// Codes come with their highest bit first.
  mutating func addCode(_ code: Int, _ count: Int) {
    for bit in (0..<count).reversed() { add(code >> bit & 1, 1) }
  }

  mutating func addLiteral(_ byte: UInt8) {
    if byte < 144 { addCode(0x30 + Int(byte), 8) } else { addCode(0x190 + Int(byte) - 144, 9) }
  }
}
