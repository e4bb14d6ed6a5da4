import FoundationEssentials

/// A checkpoint in several files with an index, in the layout of Hugging Face.
///
/// The index (`model.safetensors.index.json`, `pytorch_model.bin.index.json`) says which file holds
/// which tensor; all are beside it, or in folders there.
package struct ShardedCheckpoint: MappedTable {
  /// The index, as given.
  package let file: String
  /// Shard by shard in the order of their names, each in its own order.
  package let tensors: [TensorInfo]
  /// Groups of tensors that share their memory within a shard.
  package let ties: [[String]]
  /// Words of the shards about themselves; of several for one key, those of the first shard.
  package let metadata: [String: String]
  /// What else there was and was left out, for a person to read.
  package let notes: [String]
  /// Paths of the shards, in the order of their names.
  package let shardFiles: [String]
  /// Keys that lead to the state dict in the first shard of PyTorch, joined by dots; nil when there
  /// is none.
  package let entry: String?
  /// The index, then the shards.
  let mappings: [MappedFile]
  private let shards: [any TensorTable]
  private let places: [(shard: Int, index: Int)]
  private let positions: NameIndex

  /// Opens the index and every shard it names; no tensor is read.
  ///
  /// - Throws: `InputError` for an index that cannot be understood or leads out of its folder, for
  ///   a missing shard, and for a tensor that its shard does not hold.
  package init(index path: String, options: CheckpointOptions = CheckpointOptions()) throws {
    file = path
    let mapped = try MappedFile(path: path)
    let map = try Self.weightMap(mapped)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let names = Dictionary(grouping: map.keys) { map[$0] ?? "" }
    var tensors: [TensorInfo] = []
    var places: [(shard: Int, index: Int)] = []
    var shards: [any TensorTable] = []
    var ties: [[String]] = []
    var metadata: [String: String] = [:]
    var notes: [String] = []
    for (shard, wanted) in names.sorted(by: { $0.key < $1.key }) {
      let opened = try Self.open(shard, in: folder, index: path, options)
      for name in wanted.sorted() where opened.table.index(of: name) == nil {
        throw InputError(
          file: path, place: "tensor \(name)",
          problem: "is not in \(shard), where the index puts it",
          mend: "Download \(shard) again, or both")
      }
      for (index, info) in opened.table.tensors.enumerated() where map[info.name] == shard {
        tensors.append(info)
        places.append((shards.count, index))
      }
      let unplaced = opened.table.tensors.map(\.name).filter { map[$0] != shard }
      if !unplaced.isEmpty {
        notes.append(
          "left out \(unplaced.count.counting("tensor", "tensors")) of \(shard) "
            + "that the index does not place there: \(unplaced.listed)")
      }
      let mapped = opened.ties.map { group in group.filter { map[$0] == shard } }
      ties += mapped.filter { $0.count > 1 }
      metadata.merge(opened.metadata) { first, _ in first }
      shards.append(opened.table)
    }
    self.tensors = tensors
    self.ties = ties
    self.metadata = metadata
    self.notes = notes
    self.places = places
    self.shards = shards
    mappings = [mapped] + shards.flatMap { ($0 as? any MappedTable)?.mappings ?? [] }
    shardFiles = names.keys.sorted().map { folder + $0 }
    entry = shards.lazy.compactMap { ($0 as? PyTorchArchive)?.entry }.first
    positions = try NameIndex(tensors.map(\.name), file: path)
  }

  package func index(of name: String) -> Int? { positions[name] }

  package func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let place = places[index]
    return try shards[place.shard].withBytes(ofTensorAt: place.index, body)
  }

  package func withElements<Result>(
    ofTensorAt index: Int, _ body: (TensorElements) throws -> Result
  ) throws -> Result {
    let place = places[index]
    return try shards[place.shard].withElements(ofTensorAt: place.index, body)
  }

  package func place(ofTensorAt index: Int) -> TensorPlace? {
    shards[places[index].shard].place(ofTensorAt: places[index].index)
  }

  /// Far above the index of the largest models.
  private static let largestIndex = 256 << 20

  private static func weightMap(_ mapped: MappedFile) throws -> [String: String] {
    let path = mapped.path
    guard mapped.count <= largestIndex else {
      throw InputError(file: path, problem: "is too large for an index of shards")
    }
    var entries: [(name: String, shard: String)]?
    try mapped.withBytes { bytes in
      var scanner = JSONScanner(.index, of: path, bytes: bytes)
      try scanner.object { scanner, key in
        guard key == "weight_map" else { return try scanner.skipValue() }
        guard entries == nil else { throw scanner.failure("weight_map is given twice") }
        var found: [(name: String, shard: String)] = []
        try scanner.object { scanner, name in found.append((name, try scanner.string())) }
        entries = found
      }
      try scanner.end()
    }
    guard let entries, !entries.isEmpty else {
      throw InputError(
        file: path, place: "weight_map",
        problem: entries == nil ? "is missing: this is no index of shards" : "names no tensors",
        mend: "Download or write the index again")
    }
    _ = try NameIndex(entries.map(\.name), file: path)
    for (name, shard) in entries where !isBesideOrBelow(shard) {
      throw InputError(
        file: path, place: "weight_map, tensor \(name.excerpt)",
        problem: "names '\(shard.excerpt)', which is not a file beside the index",
        mend: "Correct the index")
    }
    return Dictionary(entries.map { ($0.name, $0.shard) }) { first, _ in first }
  }

  /// Whether a path stays in the folder that it starts from.
  private static func isBesideOrBelow(_ path: String) -> Bool {
    // By bytes: a slash and what follows it may, as Unicode has it, be one character.
    let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return !path.utf8.contains(0)
      && parts.allSatisfy { part in
        !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
      }
  }

  private static func open(
    _ shard: String, in folder: String, index: String, _ options: CheckpointOptions
  ) throws -> (table: any TensorTable, ties: [[String]], metadata: [String: String]) {
    let path = folder + shard
    guard FileManager.default.fileExists(atPath: path) else {
      throw InputError(
        file: index, place: "weight_map", problem: "names the shard \(shard), which is missing",
        mend: "Put it beside the index")
    }
    if shard.hasSuffix(".safetensors") {
      let table = try SafetensorsFile(path: path)
      return (table, [], table.metadata)
    }
    let table = try PyTorchArchive(path: path, options: options)
    return (table, table.ties, table.metadata)
  }
}
