import FoundationEssentials
import Glibc
import Synchronization

/// Writes a folder in the layout of Hugging Face: safetensors, in shards when large, and an index.
///
/// Everything is gathered in a hidden folder beside the destination, which takes the name when it
/// is complete. Released without `finish`, it is removed.
package final class ModelFolderWriter: TensorWriter {
  private let folder: String
  private let partial: String
  private let companions: [(name: String, source: String)]
  private let texts: [String: String]
  private let index: [UInt8]?
  private let shards: [SafetensorsWriter]
  /// For each tensor its shard and its place in that.
  private let places: [(shard: Int, index: Int)]
  private let finished = Mutex(false)

  /// Starts a folder that will be named `folder`, which must not exist or be empty.
  ///
  /// - Parameters:
  ///   - metadata: written into every shard.
  ///   - source: a model's folder whose configuration and tokenizer are copied.
  ///   - texts: further files, by name.
  ///   - shardSize: bytes of tensors a file may hold, unless one tensor alone is larger.
  /// - Throws: `InputError` when the destination is taken, a name repeats, or the disk is too
  ///   small.
  package init(
    _ tensors: [TensorInfo], metadata: [String: String] = [:], companionsFrom source: String? = nil,
    texts: [String: String] = [:], to folder: String, shardSize: Int = 5_000_000_000
  ) throws {
    let path = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    if let present = try? FileManager.default.contentsOfDirectory(atPath: path) {
      guard present.isEmpty else {
        throw InputError(
          file: folder, problem: "exists and is not empty", mend: "Choose another name")
      }
    } else if FileManager.default.fileExists(atPath: path) {
      throw InputError(file: folder, problem: "is a file", mend: "Choose another name")
    }
    let name = path.split(separator: "/").last.map(String.init) ?? "model"
    let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let unique = String(UInt64.random(in: .min ... .max), radix: 36)
    self.folder = path
    partial = "\(parent).\(name.prefix(60)).\(unique).partial"
    companions =
      try source.map { source in
        try ModelFolder.companions(in: source).map { ($0, source + "/" + $0) }
      } ?? []
    self.texts = texts
    do {
      try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: false)
    } catch {
      throw InputError(
        file: folder, problem: "cannot be created", mend: "Check that its parent is writable")
    }
    do {
      let groups = Self.groups(tensors, shardSize: shardSize)
      (shards, places, index) = try Self.start(tensors, groups, metadata, in: partial)
    } catch {
      try? FileManager.default.removeItem(atPath: partial)
      throw error
    }
  }

  deinit {
    if !finished.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: partial) }
  }

  package func write(
    _ bytes: UnsafeRawBufferPointer, toTensorAt index: Int, offset: Int = 0
  ) throws {
    let place = places[index]
    try shards[place.shard].write(bytes, toTensorAt: place.index, offset: offset)
  }

  package func finish() throws {
    for shard in shards { try shard.finish() }
    for (name, source) in companions {
      guard let data = FileManager.default.contents(atPath: source) else {
        throw InputError(file: source, problem: "cannot be read")
      }
      try Self.write(Array(data), to: partial + "/" + name)
    }
    for (name, text) in texts { try Self.write(Array(text.utf8), to: partial + "/" + name) }
    if let index { try Self.write(index, to: "\(partial)/model.safetensors.index.json") }
    // An empty folder of that name gives way; anything else does not.
    guard rename(partial, folder) == 0 else {
      throw SystemError.inputError(errno, file: folder, action: "written")
    }
    finished.withLock { $0 = true }
    // The name is durable once the parent is; a parent that cannot be opened is not an error.
    let slash = folder.lastIndex(of: "/")
    let parent = open(
      slash.map { String(folder[...$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if parent >= 0 {
      fsync(parent)
      close(parent)
    }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try AtomicFile(path: path)
    try bytes.withUnsafeBytes { try file.write($0, at: 0) }
    try file.commit()
  }

  /// Consecutive tensors that together stay within `shardSize`.
  private static func groups(_ tensors: [TensorInfo], shardSize: Int) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    var start = 0
    var size = 0
    for (index, tensor) in tensors.enumerated() {
      if index > start, size + tensor.byteCount > shardSize {
        groups.append(start..<index)
        (start, size) = (index, 0)
      }
      size += tensor.byteCount
    }
    return groups + [start..<tensors.count]
  }

  private static func start(
    _ tensors: [TensorInfo], _ groups: [Range<Int>], _ metadata: [String: String],
    in folder: String
  ) throws -> ([SafetensorsWriter], [(shard: Int, index: Int)], [UInt8]?) {
    var shards: [SafetensorsWriter] = []
    var places: [(shard: Int, index: Int)] = []
    var map: [String: String] = [:]
    // Transformers refuses safetensors that do not say whose tensors they are.
    let metadata = metadata.merging(["format": "pt"]) { given, _ in given }
    for (shard, group) in groups.enumerated() {
      let name =
        groups.count == 1
        ? "model.safetensors" : "model-\(number(shard + 1))-of-\(number(groups.count)).safetensors"
      for (index, tensor) in tensors[group].enumerated() {
        guard map.updateValue(name, forKey: tensor.name) == nil else {
          throw InputError(
            file: folder, place: "tensor \(tensor.name)", problem: "this name cannot be used twice",
            mend: "Rename the tensor")
        }
        places.append((shard, index))
      }
      shards.append(
        try SafetensorsWriter(Array(tensors[group]), metadata: metadata, to: "\(folder)/\(name)"))
    }
    guard groups.count > 1 else { return (shards, places, nil) }
    let index = ShardIndex(
      metadata: .init(totalSize: tensors.reduce(0) { $0 + $1.byteCount }), weightMap: map)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return (shards, places, Array(try encoder.encode(index)))
  }

  /// Five digits, as everyone writes them.
  private static func number(_ value: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}

/// `model.safetensors.index.json`.
private struct ShardIndex: Encodable {
  struct Metadata: Encodable {
    let totalSize: Int

    enum CodingKeys: String, CodingKey {
      case totalSize = "total_size"
    }
  }

  let metadata: Metadata
  let weightMap: [String: String]

  enum CodingKeys: String, CodingKey {
    case metadata
    case weightMap = "weight_map"
  }
}
