/// A safetensors file, mapped: opening reads its header alone.
package struct SafetensorsFile: MappedTable {
  /// The path as it was given.
  package var path: String { file.path }
  /// In the order of the data.
  package let tensors: [TensorInfo]
  /// What the header says under `__metadata__`.
  package let metadata: [String: String]
  private let file: MappedFile
  private let offsets: [Int]
  private let indexes: NameIndex

  /// Opens the file at `path` and checks its header.
  ///
  /// - Throws: `InputError` when it cannot be read or breaks a rule of the format.
  package init(path: String) throws {
    let file = try MappedFile(path: path)
    let header = try file.withBytes { try SafetensorsHeader(file: path, bytes: $0) }
    self.file = file
    self.tensors = header.tensors
    self.metadata = header.metadata
    self.offsets = header.offsets
    self.indexes = header.indexes
  }

  package func index(of name: String) -> Int? { indexes[name] }

  package func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try file.checkUnchanged()
    let start = offsets[index]
    let end = start + tensors[index].byteCount
    return try file.withBytes { try body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
  }

  var mappings: [MappedFile] { [file] }

  package func place(ofTensorAt index: Int) -> TensorPlace? {
    TensorPlace(file: path, offset: offsets[index])
  }
}
