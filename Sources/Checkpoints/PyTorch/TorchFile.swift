/// Where the bytes of a storage are.
enum TorchStorage: Sendable {
  /// A range of the mapped file.
  case mapped(Range<Int>)
  /// A compressed entry, inflated while it is used.
  case compressed(ZipArchive.Entry)
}

/// A checkpoint file of PyTorch: what was pickled, and where its storages lie.
///
/// Both the ZIP format (PyTorch 1.6 and later) and the older one of consecutive pickles.
struct TorchFile: Sendable {
  let map: MappedFile
  let graph: PickleGraph
  /// One for each of `graph.storages`; nil when the file does not have it.
  let storages: [TorchStorage?]
  /// Whether elements are big-endian.
  let swapped: Bool
  /// What `PyTorchWriter` put beside the tensors.
  let metadata: [String: String]
  private let archive: ZipArchive?

  private static let magic: [UInt8] = [
    0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]

  /// - Throws: `InputError` for anything but a file written by `torch.save`.
  init(path: String, inert: Set<String>) throws {
    let map = try MappedFile(path: path)
    if map.withBytes({ ZipArchive.recognises($0) }) {
      try self.init(archive: try ZipArchive(map), inert: inert)
    } else {
      try self.init(legacy: map, inert: inert)
    }
  }

  /// Lends the bytes of a storage, from the map when they are not compressed.
  func withBytes<Result>(
    of storage: TorchStorage, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    switch storage {
    case .mapped(let range):
      return try map.withBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    case .compressed(let entry):
      guard let archive else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
      return try archive.withBytes(of: entry, body)
    }
  }

  func byteCount(of storage: TorchStorage) -> Int {
    switch storage {
    case .mapped(let range): range.count
    case .compressed(let entry): entry.size
    }
  }

  /// Bytes of all storages, counting none twice.
  var storedByteCount: Int {
    let sizes = zip(graph.storages, storages).map { ($0.key, $1.map(byteCount) ?? 0) }
    return Dictionary(sizes) { first, _ in first }.values.reduce(0, +)
  }
}

// MARK: - The ZIP format

extension TorchFile {
  private init(archive: ZipArchive, inert: Set<String>) throws {
    let file = archive.map.path
    let pickles = archive.entries.filter {
      $0.name == "data.pkl"
        || ($0.name.hasSuffix("/data.pkl") && $0.name.split(separator: "/").count == 2)
    }
    guard let pickle = pickles.first, pickles.count == 1 else {
      throw pickles.isEmpty
        ? Self.withoutPickle(archive)
        : InputError(
          file: file, problem: "has several data.pkl",
          mend: "Save it again with torch.save(model.state_dict(), path)")
    }
    let prefix = String(pickle.name.dropLast("data.pkl".count))
    guard archive[prefix + "constants.pkl"] == nil else {
      throw InputError(
        file: file, problem: "is a TorchScript program, not a state dict",
        mend: "Re-save it with torch.save(torch.jit.load(path).state_dict(), path)")
    }
    try Self.checkInflation(of: pickle, file: file)
    swapped = try Self.byteOrder(archive, prefix)
    graph = try archive.withBytes(of: pickle) {
      var unpickler = Unpickler($0, file: file, part: pickle.name, inert: inert)
      return try unpickler.run()
    }
    storages = try graph.storages.map { storage in
      guard let entry = archive["\(prefix)data/\(storage.key)"] else { return nil }
      return entry.method == ZipArchive.stored
        ? .mapped(try archive.range(of: entry)) : .compressed(entry)
    }
    metadata = try Self.metadata(archive, prefix)
    self.archive = archive
    map = archive.map
  }

  /// Names what a ZIP archive is that was not written by `torch.save`.
  private static func withoutPickle(_ archive: ZipArchive) -> InputError {
    let names = archive.entries.map { $0.name.split(separator: "/").last ?? "" }
    let (problem, mend) =
      if names.contains("archive_format") || names.contains("serialized_exported_program.json") {
        (
          "is a program of torch.export, not a state dict",
          "Re-save it with torch.save(torch.export.load(path).state_dict, path)"
        )
      } else if names.contains(where: { $0.hasSuffix(".npy") }) {
        ("is an archive of NumPy arrays", "Name it .npz")
      } else {
        (
          "is a ZIP archive without the data.pkl of torch.save",
          "Save it with torch.save(model.state_dict(), path)"
        )
      }
    return InputError(file: archive.map.path, problem: problem, mend: mend)
  }

  /// What someone compressed gains about tenfold; much more is no pickle of a checkpoint.
  private static let mostInflation = 32
  /// Smaller ones may gain any amount.
  private static let leastInflated = 1 << 20

  private static func checkInflation(of pickle: ZipArchive.Entry, file: String) throws {
    let most = max(leastInflated, mostInflation * pickle.compressedSize)
    guard pickle.size > most else { return }
    throw InputError(
      file: file, place: "entry \(pickle.name)",
      problem: "inflates from \(pickle.compressedSize) to \(pickle.size) bytes, "
        + "more than \(mostInflation) times, as no pickle of a checkpoint does",
      mend: "Save it again with torch.save, which does not compress")
  }

  private static func metadata(
    _ archive: ZipArchive, _ prefix: String
  ) throws -> [String: String] {
    guard let entry = archive[prefix + "extra/metadata.json"] else { return [:] }
    return MetadataJSON.decode(try archive.contents(of: entry, limit: 1 << 24)) ?? [:]
  }

  private static func byteOrder(_ archive: ZipArchive, _ prefix: String) throws -> Bool {
    guard let entry = archive[prefix + "byteorder"] else { return false }
    let text = String(decoding: try archive.contents(of: entry, limit: 16), as: UTF8.self)
    switch text {
    case "little": return false
    case "big": return true
    default:
      throw InputError(
        file: archive.map.path, place: "entry \(entry.name)",
        problem: "names the unknown byte order '\(text)'", mend: "Copy or write it again")
    }
  }
}

// MARK: - The format before PyTorch 1.6

extension TorchFile {
  private init(legacy map: MappedFile, inert: Set<String>) throws {
    self.map = map
    archive = nil
    metadata = [:]
    swapped = false
    (graph, storages) = try map.withBytes { bytes in
      try Self.check(bytes, file: map.path)
      var position = 0
      func next() throws -> PickleGraph {
        var unpickler = Unpickler(bytes, from: position, file: map.path, inert: inert)
        let graph = try unpickler.run()
        position = graph.end
        return graph
      }
      _ = try next()
      let version = try next()
      guard version.root == .int(1001) else {
        throw InputError(
          file: map.path, place: "byte \(position)",
          problem: "uses an unknown version of PyTorch's old format")
      }
      let system = try next()
      let facts = system.entries(system.root) ?? []
      guard !facts.contains(where: { $0.name == "little_endian" && $0.value == .bool(false) })
      else {
        throw InputError(
          file: map.path, problem: "was written in PyTorch's old format by a big-endian machine",
          mend: "Load and save it once with PyTorch 1.6 or later")
      }
      let graph = try next()
      let keys = try next()
      return (graph, try Self.legacyStorages(graph, keys, bytes, from: position, file: map.path))
    }
  }

  /// Names what a file is that was not written by `torch.save`.
  private static func check(_ bytes: UnsafeRawBufferPointer, file: String) throws {
    let start = bytes.prefix(64)
    if let first = start.firstIndex(of: magic[0]), first <= 16,
      bytes[first...].starts(with: magic)
    {
      return
    }
    if let mark = bytes.part(257, 5), mark.elementsEqual("ustar".utf8) {
      throw InputError(
        file: file, problem: "is a tar file, as PyTorch before 0.1.10 wrote",
        mend: "Load and save it once with PyTorch")
    }
    if bytes.first == 0x80 {
      throw InputError(
        file: file, problem: "is a bare pickle, not written by torch.save",
        mend: "Save the state dict with torch.save")
    }
    throw InputError(
      file: file, problem: bytes.isEmpty ? "is empty" : "is not a file written by torch.save")
  }

  /// After the keys, in their order: the number of elements as 64 bits, then the elements.
  private static func legacyStorages(
    _ graph: PickleGraph, _ keys: PickleGraph, _ bytes: UnsafeRawBufferPointer, from start: Int,
    file: String
  ) throws -> [TorchStorage?] {
    let sizes = Dictionary(graph.storages.map { ($0.key, $0.type?.size ?? 1) }) { first, _ in first
    }
    var ranges: [String: Range<Int>] = [:]
    var position = start
    for item in keys.items(keys.root) ?? [] {
      guard case .string(let key) = item, let size = sizes[key] else {
        throw InputError(
          file: file, place: "byte \(position)", problem: "has a storage that nothing refers to")
      }
      guard let count = bytes.little(Int64.self, at: position).flatMap({ Int(exactly: $0) }),
        case let (length, overflow) = count.multipliedReportingOverflow(by: size), !overflow,
        bytes.part(position + 8, length) != nil
      else {
        throw InputError(
          file: file, place: "byte \(position)", problem: "is cut short in storage \(key)",
          mend: "Copy or write it again")
      }
      ranges[key] = position + 8..<position + 8 + length
      position += 8 + length
    }
    return graph.storages.map { storage in ranges[storage.key].map { .mapped($0) } }
  }
}
