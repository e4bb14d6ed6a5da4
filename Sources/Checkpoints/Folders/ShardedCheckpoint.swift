import FoundationEssentials

/// A checkpoint in several files with an index, in the layout of Hugging Face.
///
/// The index (`model.safetensors.index.json`, `pytorch_model.bin.index.json`) says which file holds
/// which tensor; all are beside it.
package struct ShardedCheckpoint: ChecksummedTable {
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
  private let shards: [any TensorTable]
  private let places: [(shard: Int, index: Int)]
  private let positions: [String: Int]

  private struct Index: Decodable {
    let weightMap: [String: String]

    enum CodingKeys: String, CodingKey {
      case weightMap = "weight_map"
    }
  }

  /// Opens the index and every shard it names; no tensor is read.
  ///
  /// - Throws: `InputError` for an index that cannot be understood or leads out of its folder, for
  ///   a missing shard, and for a tensor that its shard does not hold.
  package init(index path: String, options: CheckpointOptions = CheckpointOptions()) throws {
    file = path
    let map = try Self.weightMap(path)
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
      let unplaced = opened.table.tensors.count - wanted.count
      if unplaced > 0 { notes.append("left out \(unplaced) tensors of \(shard) not in the index") }
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
    shardFiles = names.keys.sorted().map { folder + $0 }
    entry = shards.lazy.compactMap { ($0 as? PyTorchArchive)?.entry }.first
    positions = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
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

  func verify() throws {
    for shard in shards { try (shard as? any ChecksummedTable)?.verify() }
  }

  /// Far above the index of the largest models.
  private static let largestIndex = 256 << 20

  private static func weightMap(_ path: String) throws -> [String: String] {
    let mapped = try MappedFile(path: path)
    guard mapped.count <= largestIndex else {
      throw InputError(file: path, problem: "is too large for an index of shards")
    }
    let map: [String: String]
    do {
      map = try JSONDecoder().decode(Index.self, from: mapped.withBytes { Data($0) }).weightMap
    } catch {
      throw InputError(
        file: path, place: "weight_map", problem: "is not an index of shards: \(reason(error))",
        mend: "Download or write it again")
    }
    guard !map.isEmpty else {
      throw InputError(file: path, place: "weight_map", problem: "names no tensors")
    }
    for (name, shard) in map.sorted(by: { $0.key < $1.key })
    where shard.isEmpty || shard.hasPrefix(".") || shard.contains("/") || shard.contains("\0") {
      throw InputError(
        file: path, place: "weight_map, tensor \(name)",
        problem: "names '\(shard)', which is not a file beside the index", mend: "Correct the index"
      )
    }
    return map
  }

  private static func reason(_ error: any Error) -> String {
    switch error as? DecodingError {
    case .keyNotFound: "it has no weight_map"
    case .typeMismatch, .valueNotFound: "it does not map names to files"
    default: "it is not JSON"
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
