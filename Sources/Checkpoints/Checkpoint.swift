/// An opened checkpoint of any format: named tensors, their source, and what it says about itself.
package struct Checkpoint: TensorTable {
  /// The path as it was given.
  package let path: String
  /// Name of the format, as in `CheckpointFormat.name`.
  package let format: String
  /// Words the file carries about itself.
  package let metadata: [String: String]
  /// Groups of names that share one storage in the source (tied weights), each of two or more.
  package let ties: [[String]]
  /// What else there was and was left out, for a person to read.
  package let notes: [String]
  /// Every file that its tensors depend on: the one at `path`, and the shards of an index.
  package let files: [String]
  /// Keys that lead to the state dict in a file of PyTorch, joined by dots; nil elsewhere.
  package let entry: String?
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
  package static func open(_ path: String) throws -> Checkpoint {
    try open(path, options: CheckpointOptions())
  }

  /// Opens what is at `path`, with choices for formats that leave some.
  ///
  /// - Throws: `InputError` naming the file, the place in it and a mend.
  package static func open(_ path: String, options: CheckpointOptions) throws -> Checkpoint {
    try CheckpointFormat.detect(path).open(path, options)
  }

  /// Compares every byte with the checksums that the format keeps; safetensors has none.
  ///
  /// - Throws: `InputError` naming the first part that differs.
  package func verify() throws { try (table as? any ChecksummedTable)?.verify() }

  /// The same with names, in ties too, without a prefix that all of them carry.
  package func stripping(_ prefix: String) -> Checkpoint {
    guard !prefix.isEmpty else { return self }
    return Checkpoint(
      path: path, format: format, metadata: metadata,
      ties: ties.map { $0.map { String($0.dropFirst(prefix.count)) } }, notes: notes,
      files: files, entry: entry, table: Renamed(table, stripping: prefix))
  }

  package var tensors: [TensorInfo] { table.tensors }

  package func index(of name: String) -> Int? { table.index(of: name) }

  package func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try table.withBytes(ofTensorAt: index, body)
  }

  package func withElements<Result>(
    ofTensorAt index: Int, _ body: (TensorElements) throws -> Result
  ) throws -> Result {
    try table.withElements(ofTensorAt: index, body)
  }

  package func place(ofTensorAt index: Int) -> TensorPlace? { table.place(ofTensorAt: index) }
}

/// A table whose source keeps checksums.
protocol ChecksummedTable: TensorTable {
  /// - Throws: `InputError` naming the first part that differs.
  func verify() throws
}

extension PyTorchArchive: ChecksummedTable {}
extension NumpyArchive: ChecksummedTable {}
