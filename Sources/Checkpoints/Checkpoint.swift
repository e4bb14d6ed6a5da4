/// An opened checkpoint of any format: named tensors, their source, and what it says about itself.
public struct Checkpoint: TensorTable {
  /// The path as it was given.
  public let path: String
  /// Name of the format, as in `CheckpointFormat.name`.
  public let format: String
  /// Words the file carries about itself.
  public let metadata: [String: String]
  /// Groups of names that share one storage in the source (tied weights), each of two or more.
  public let ties: [[String]]
  /// What else there was and was left out, for a person to read.
  public let notes: [String]
  /// Every file that its tensors depend on: the one at `path`, and the shards of an index.
  public let files: [String]
  /// Keys that lead to the state dict in a file of PyTorch, joined by dots; nil elsewhere.
  public let entry: String?
  private let table: any TensorTable

  package init(
    path: String, format: String, metadata: [String: String] = [:], ties: [[String]] = [],
    notes: [String] = [], files: [String]? = nil, entry: String? = nil, table: any TensorTable
  ) {
    self.path = path
    self.files = files ?? [path]
    self.entry = entry
    self.format = format
    self.metadata = metadata
    self.ties = ties
    self.notes = notes
    self.table = table
  }

  /// Opens what is at `path`, whichever known format it has; no tensor is read.
  ///
  /// - Throws: `InputError` naming the file, the place in it and a mend.
  public static func open(_ path: String) throws -> Checkpoint {
    try open(path, options: CheckpointOptions())
  }

  /// Opens what is at `path`, with choices for formats that leave some.
  ///
  /// - Throws: `InputError` naming the file, the place in it and a mend.
  public static func open(_ path: String, options: CheckpointOptions) throws -> Checkpoint {
    try CheckpointFormat.detect(path).open(path, options)
  }

  /// Compares every byte with the checksums that the format keeps; safetensors has none.
  ///
  /// - Throws: `InputError` naming the first part that differs.
  public func verify() throws {
    for file in mappings { try file.verifyChecksums() }
  }

  /// The same with names, in ties too, without what wrappers put there; as it is when two tensors
  /// would have one name.
  package func unwrapping(_ wrapping: Wrapping) -> Checkpoint {
    guard wrapping != .none, let renamed = Renamed(table, naming: wrapping.unwrapped) else {
      return self
    }
    return Checkpoint(
      path: path, format: format, metadata: metadata,
      ties: ties.map { $0.map(wrapping.unwrapped) }, notes: notes, files: files, entry: entry,
      table: renamed)
  }

  /// Every tensor, in the order of the file.
  public var tensors: [TensorInfo] { table.tensors }

  /// Where the tensor of that name stands in `tensors`; nil when there is none.
  public func index(of name: String) -> Int? { table.index(of: name) }

  /// Lends a tensor's bytes, from the mapped file where they lie in it as they are lent.
  public func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try table.withBytes(ofTensorAt: index, body)
  }

  /// Lends the elements of `tensors[index]` as they lie, to be read run by run.
  public func withElements<Result>(
    ofTensorAt index: Int, _ body: (TensorElements) throws -> Result
  ) throws -> Result {
    try table.withElements(ofTensorAt: index, body)
  }

  /// The files that its tensors are lent from, one for each of `files`.
  package var mappings: [MappedFile] { (table as? any MappedTable)?.mappings ?? [] }

  /// Throws when one of its files was written to since it was opened; one that was replaced under
  /// its name is still what it was.
  ///
  /// - Throws: `InputError` naming the file.
  public func checkUnchanged() throws {
    for file in mappings { try file.checkUnchanged() }
  }

  /// Where another program finds the same bytes; nil when no file has them as they are lent.
  public func place(ofTensorAt index: Int) -> TensorPlace? { table.place(ofTensorAt: index) }
}

/// A table that lends bytes of mapped files.
protocol MappedTable: TensorTable {
  /// In the order in which `Checkpoint.files` names them.
  var mappings: [MappedFile] { get }
}
