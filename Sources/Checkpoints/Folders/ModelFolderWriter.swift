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
  /// Of the hidden folder, which is locked by it.
  private let descriptor: Int32
  private let companions: [(name: String, source: String)]
  private let texts: [String: String]
  private let index: (name: String, bytes: [UInt8])?
  private let shards: [SafetensorsWriter]
  /// For each tensor its shard and its place in that.
  private let places: [(shard: Int, index: Int)]
  private let finished = Mutex(false)

  /// Starts a folder that will be named `folder`, which must not exist or be empty.
  ///
  /// - Parameters:
  ///   - metadata: written into every shard.
  ///   - source: a model's folder whose configuration and tokenizer are copied, and whose weights say
  ///     what the written ones are called.
  ///   - texts: further files, by name.
  ///   - shardSize: bytes of tensors a file may hold, unless one tensor alone is larger.
  /// - Throws: `InputError` when the destination is taken, a name repeats, or the disk is too
  ///   small.
  package init(
    _ tensors: [TensorInfo], metadata: [String: String] = [:], companionsFrom source: String? = nil,
    texts: [String: String] = [:], to folder: String, shardSize: Int = 5_000_000_000
  ) throws {
    let path = try Self.destination(folder)
    let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    self.folder = path
    companions =
      try source.map { source in
        try ModelFolder.companions(in: source).map { ($0, source + "/" + $0) }
      } ?? []
    self.texts = texts
    PartialName.removeAbandoned(of: path, in: parent.isEmpty ? "/" : parent)
    (partial, descriptor) = try Self.makeHidden(for: path, in: parent)
    do {
      try DiskRoom.check(
        for: tensors.reduce(0) { $0 + $1.byteCount }, at: descriptor, path: path)
      let groups = Self.groups(tensors, shardSize: shardSize)
      let stem = source.map(ModelFolder.weightsStem) ?? "model"
      (shards, places, index) = try Self.naming(path, for: partial) { [partial] in
        try Self.start(tensors, groups, metadata, in: partial, stem: stem)
      }
    } catch {
      close(descriptor)
      try? FileManager.default.removeItem(atPath: partial)
      throw error
    }
  }

  /// Where the folder is going to be: where a link of that name leads.
  ///
  /// - Throws: `InputError` when something is there already.
  private static func destination(_ folder: String) throws -> String {
    var path = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
      guard let resolved = realpath(path, nil) else {
        throw InputError(
          file: folder, problem: "is a link that leads nowhere", mend: "Choose another name")
      }
      defer { free(resolved) }
      path = String(cString: resolved)
    }
    if let present = try? FileManager.default.contentsOfDirectory(atPath: path) {
      guard present.isEmpty else {
        throw InputError(
          file: folder, problem: "exists and is not empty", mend: "Choose another name")
      }
    } else if FileManager.default.fileExists(atPath: path) {
      throw InputError(file: folder, problem: "is a file", mend: "Choose another name")
    }
    return path
  }

  /// A hidden folder, locked for as long as it is written.
  private static func makeHidden(
    for path: String, in parent: String
  ) throws -> (path: String, descriptor: Int32) {
    while true {
      let partial = PartialName.make(for: path, in: parent)
      guard mkdir(partial, 0o777) == 0 else {
        throw SystemError.inputError(errno, file: path, action: "written")
      }
      let descriptor = open(partial, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard descriptor >= 0 else {
        let code = errno
        rmdir(partial)
        throw SystemError.inputError(code, file: path, action: "written")
      }
      if PartialName.lock(descriptor) { return (partial, descriptor) }
      close(descriptor)
    }
  }

  deinit {
    close(descriptor)
    if !finished.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: partial) }
  }

  /// Errors of files in the hidden folder name them as they are going to be called.
  private static func naming<Result>(
    _ folder: String, for partial: String, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let error as InputError where error.file.hasPrefix(partial) {
      throw InputError(
        file: folder + error.file.dropFirst(partial.count), place: error.place,
        problem: error.problem, mend: error.mend)
    }
  }

  package func write(
    _ bytes: UnsafeRawBufferPointer, toTensorAt index: Int, offset: Int = 0
  ) throws {
    let place = places[index]
    try Self.naming(folder, for: partial) {
      try shards[place.shard].write(bytes, toTensorAt: place.index, offset: offset)
    }
  }

  package func finish() throws {
    try Self.naming(folder, for: partial) { try fill() }
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

  /// Completes the hidden folder.
  private func fill() throws {
    for shard in shards { try shard.finish() }
    for (name, source) in companions {
      guard let data = FileManager.default.contents(atPath: source) else {
        throw InputError(file: source, problem: "cannot be read")
      }
      if let slash = name.lastIndex(of: "/") { mkdir("\(partial)/\(name[..<slash])", 0o777) }
      try Self.write(Array(data), to: partial + "/" + name)
    }
    for (name, text) in texts { try Self.write(Array(text.utf8), to: partial + "/" + name) }
    if let index { try Self.write(index.bytes, to: "\(partial)/\(index.name)") }
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
    in folder: String, stem: String
  ) throws -> ([SafetensorsWriter], [(shard: Int, index: Int)], (name: String, bytes: [UInt8])?) {
    var shards: [SafetensorsWriter] = []
    var places: [(shard: Int, index: Int)] = []
    var map: [String: String] = [:]
    // Transformers refuses safetensors that do not say whose tensors they are.
    let metadata = metadata.merging(["format": "pt"]) { given, _ in given }
    for (shard, group) in groups.enumerated() {
      let name =
        groups.count == 1
        ? "\(stem).safetensors"
        : "\(stem)-\(number(shard + 1))-of-\(number(groups.count)).safetensors"
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
    return (shards, places, ("\(stem).safetensors.index.json", Array(try encoder.encode(index))))
  }

  /// Five digits, as everyone writes them.
  private static func number(_ value: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}

/// `model.safetensors.index.json`, or what stands for `model` there.
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
