/// What a safetensors file says about itself, checked against every rule of the format.
///
/// The format: eight bytes with the length N of the header (unsigned, little-endian), N bytes of
/// JSON, then the data; https://github.com/huggingface/safetensors describes it.
struct SafetensorsHeader {
  /// Bytes that a header may have at most.
  static let longest = 100_000_000

  /// In the order of the data.
  let tensors: [TensorInfo]
  /// Where in the file each tensor starts.
  let offsets: [Int]
  let metadata: [String: String]
  /// Where each name stands in `tensors`.
  let indexes: NameIndex

  /// Reads and checks the header of a whole file's `bytes`.
  ///
  /// - Throws: `InputError` with the byte or the tensor that breaks a rule.
  init(file: String, bytes: UnsafeRawBufferPointer) throws {
    let start = try Self.dataStart(file: file, bytes: bytes)
    var entries: [Entry] = []
    var metadata: [String: String]?
    let json = UnsafeRawBufferPointer(rebasing: bytes[8..<start])
    var scanner = JSONScanner(.header, of: file, bytes: json, origin: 8)
    try scanner.object { scanner, key in
      if key == "__metadata__" {
        guard metadata == nil else { throw scanner.failure("__metadata__ is given twice") }
        metadata = try Self.readMetadata(&scanner)
      } else {
        entries.append(try Self.readEntry(&scanner, name: key, file: file))
      }
    }
    try scanner.end()
    // Sorting is stable, and empty tensors come before the one that starts where they do.
    entries.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    self.indexes = try NameIndex(entries.map(\.info.name), file: file)
    try Self.checkCover(entries, size: bytes.count - start, file: file)
    self.tensors = entries.map(\.info)
    self.offsets = entries.map { start + $0.begin }
    self.metadata = metadata ?? [:]
  }

  private struct Entry {
    let info: TensorInfo
    let begin: Int
    let end: Int
  }

  private static func place(_ name: String) -> String { "tensor \(name.excerpt)" }

  private static func dataStart(file: String, bytes: UnsafeRawBufferPointer) throws -> Int {
    let again = "The file is damaged or is not a safetensors file; copy or save it again"
    guard bytes.count >= 8 else {
      throw InputError(
        file: file, place: "byte 0",
        problem: "\(bytes.count) bytes are too few for a safetensors file", mend: again)
    }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(longest) else {
      throw InputError(
        file: file, place: "byte 0",
        problem: "the header is said to be \(length) bytes long, more than the format allows",
        mend: again)
    }
    guard Int(length) <= bytes.count - 8 else {
      throw InputError(
        file: file, place: "byte 0",
        problem: "the header is said to be \(length) bytes long, but \(bytes.count - 8) follow",
        mend: "The file was cut short; copy or save it again")
    }
    guard length >= 2, bytes[8] == UInt8(ascii: "{") else {
      throw InputError(
        file: file, place: "byte 8", problem: "the header does not start with {", mend: again)
    }
    return 8 + Int(length)
  }

  private static func readMetadata(_ scanner: inout JSONScanner) throws -> [String: String] {
    var metadata: [String: String] = [:]
    try scanner.object { scanner, key in
      guard metadata[key] == nil else {
        throw scanner.failure("the key \(key) is given twice in __metadata__")
      }
      metadata[key] = try scanner.string()
    }
    return metadata
  }

  private static func readEntry(
    _ scanner: inout JSONScanner, name: String, file: String
  ) throws -> Entry {
    func failure(_ problem: String, mend: String = "Save the file again") -> InputError {
      InputError(file: file, place: place(name), problem: problem, mend: mend)
    }
    var dtype: String?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.object { scanner, key in
      switch key {
      case "dtype":
        guard dtype == nil else { throw failure("dtype is given twice") }
        dtype = try scanner.string()
      case "shape":
        guard shape == nil else { throw failure("shape is given twice") }
        var sizes: [Int] = []
        try scanner.array { scanner in sizes.append(try scanner.unsigned()) }
        shape = sizes
      case "data_offsets":
        guard offsets == nil else { throw failure("data_offsets is given twice") }
        var pair: [Int] = []
        try scanner.array { scanner in pair.append(try scanner.unsigned()) }
        offsets = pair
      default: try scanner.skipValue()
      }
    }
    guard let dtype, let shape, let offsets, offsets.count == 2 else {
      throw failure("dtype, shape and two data_offsets are needed")
    }
    guard let type = DType(rawValue: dtype) else {
      let known = DType.allCases.map(\.rawValue).joined(separator: ", ")
      throw failure(
        "its element type \(dtype.excerpt) is not known here",
        mend: "Save it again with one of \(known)")
    }
    guard let size = ByteCount.of(shape: shape, dtype: type) else {
      throw failure("the shape \(shape) is too large to address")
    }
    guard offsets[0] <= offsets[1] else {
      throw failure("its data ends at \(offsets[1]), before it begins at \(offsets[0])")
    }
    guard offsets[1] - offsets[0] == size else {
      throw failure(
        "\(offsets[1] - offsets[0]) bytes of data do not make \(dtype) of shape \(shape), "
          + "which takes \(size)")
    }
    return Entry(
      info: TensorInfo(name: name, dtype: type, shape: shape), begin: offsets[0], end: offsets[1])
  }

  /// Requires that the sorted entries lie end to end and fill `size` bytes.
  private static func checkCover(_ entries: [Entry], size: Int, file: String) throws {
    var end = 0
    for entry in entries {
      guard entry.begin == end else {
        throw InputError(
          file: file, place: place(entry.info.name),
          problem: entry.begin < end
            ? "its data overlaps that of another tensor"
            : "\(entry.begin - end) bytes before its data belong to no tensor",
          mend: "Save the file again")
      }
      end = entry.end
    }
    guard end == size else {
      throw InputError(
        file: file, place: entries.last.map { place($0.info.name) },
        problem: end > size
          ? "the tensors need \(end) bytes of data, but \(size) are there"
          : "\(size - end) bytes after the last tensor belong to no tensor",
        mend: end > size ? "The file was cut short; copy or save it again" : "Save the file again")
    }
  }
}
