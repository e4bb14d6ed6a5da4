/// A table under other names.
struct Renamed: TensorTable {
  let tensors: [TensorInfo]
  private let table: any TensorTable
  private let positions: [String: Int]

  /// Nil when two tensors would have one name.
  init?(_ table: any TensorTable, naming: (String) -> String) {
    self.table = table
    tensors = table.tensors.map {
      TensorInfo(name: naming($0.name), dtype: $0.dtype, shape: $0.shape)
    }
    let places = tensors.enumerated().map { ($1.name, $0) }
    positions = Dictionary(places) { first, _ in first }
    if positions.count < tensors.count { return nil }
  }

  func index(of name: String) -> Int? { positions[name] }

  func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try table.withBytes(ofTensorAt: index, body)
  }

  func withElements<Result>(
    ofTensorAt index: Int, _ body: (TensorElements) throws -> Result
  ) throws -> Result {
    try table.withElements(ofTensorAt: index, body)
  }

  func place(ofTensorAt index: Int) -> TensorPlace? { table.place(ofTensorAt: index) }
}

extension Renamed: MappedTable {
  var mappings: [MappedFile] { (table as? any MappedTable)?.mappings ?? [] }
}
