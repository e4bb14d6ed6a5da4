/// The arrays in a `.npz` file, written by `numpy.savez` or `numpy.savez_compressed`.
///
/// Arrays that are stored row-major and little-endian are lent from the mapped file; those of another
/// order are gathered run by run.
package struct NumpyArchive: MappedTable {
  /// As given.
  package let file: String
  package let tensors: [TensorInfo]
  private let archive: ZipArchive
  private let places: [Place]
  private let positions: NameIndex

  private struct Place: Sendable {
    let entry: ZipArchive.Entry
    let header: NumpyHeader
  }

  /// - Throws: `InputError` for a damaged archive or an array that is not of plain numbers.
  package init(path: String) throws {
    file = path
    let archive = try ZipArchive(MappedFile(path: path))
    var tensors: [TensorInfo] = []
    var places: [Place] = []
    // By bytes: what is written before the dot may, as Unicode has it, be one character with it.
    let suffix = Array(".npy".utf8)
    for entry in archive.entries where entry.name.utf8.suffix(suffix.count).elementsEqual(suffix) {
      let header = try archive.withStart(of: entry, NumpyHeader.mostBytes) {
        try NumpyHeader($0, of: entry.size, file: path, place: "entry \(entry.name)")
      }
      tensors.append(
        TensorInfo(
          name: String(decoding: entry.name.utf8.dropLast(suffix.count), as: UTF8.self),
          dtype: header.dtype, shape: header.shape)
      )
      places.append(Place(entry: entry, header: header))
    }
    guard !tensors.isEmpty else {
      let isTorch = archive.entries.contains { $0.name.hasSuffix("data.pkl") }
      throw InputError(
        file: path,
        problem: isTorch ? "was written by torch.save" : "is a ZIP archive without arrays",
        mend: isTorch ? "Name it .pt" : "Write it with numpy.savez")
    }
    self.archive = archive
    self.tensors = tensors
    self.places = places
    positions = try NameIndex(tensors.map(\.name), file: path)
  }

  var mappings: [MappedFile] { [archive.map] }

  package func index(of name: String) -> Int? { positions[name] }

  package func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try withElements(ofTensorAt: index) { try $0.withBytes(body) }
  }

  package func withElements<Result>(
    ofTensorAt index: Int, _ body: (TensorElements) throws -> Result
  ) throws -> Result {
    try archive.map.checkUnchanged()
    return try archive.withBytes(of: places[index].entry) { bytes in
      try body(places[index].header.elements(of: bytes))
    }
  }
}
