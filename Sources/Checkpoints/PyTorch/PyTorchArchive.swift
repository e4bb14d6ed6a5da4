/// The weights in a file written by `torch.save`: `.pt`, `.pth`, `.bin`, `.ckpt`.
///
/// The pickle is read as data and nothing of it is executed. Contiguous little-endian tensors are
/// lent from the mapped file; strided and big-endian ones are gathered from it run by run.
package struct PyTorchArchive: MappedTable {
  /// As given.
  package let file: String
  package let tensors: [TensorInfo]
  /// Groups of two or more tensors that are one and the same memory, such as tied embeddings.
  package let ties: [[String]]
  /// Keys that lead to the state dict, joined by dots; empty when the file holds nothing else.
  package let entry: String
  /// What else there was and was left out, for a person to read.
  package let notes: [String]
  /// What `PyTorchWriter` put beside the tensors.
  package var metadata: [String: String] { source.metadata }

  private let source: TorchFile
  private let places: [Place]
  private let positions: NameIndex

  private struct Place: Sendable {
    let storage: TorchStorage
    let view: StridedView
    /// In bytes of the storage, for a view that can be lent as it lies.
    let range: Range<Int>?
  }

  /// Opens a file and finds the state dict in it.
  ///
  /// - Throws: `InputError` for a damaged file, for a name in the pickle that is not known to be
  ///   data, when there is no state dict or no telling which, or for a tensor outside its storage.
  package init(path: String, options: CheckpointOptions = CheckpointOptions()) throws {
    file = path
    let source = try TorchFile(path: path, inert: options.inert)
    let found = try StateDictSearch(graph: source.graph, file: path).find(options)
    var tensors: [TensorInfo] = []
    var places: [Place] = []
    var shared: [TiedView: [String]] = [:]
    var order: [TiedView] = []
    var limit = ExpansionLimit(stored: source.storedByteCount)
    for (name, index) in found.tensors {
      let tensor = source.graph.views[index]
      let (info, place) = try Self.place(tensor, name: name, in: source, file: path)
      if let problem = limit.add(byteCount: info.byteCount, distinct: place.view.distinctByteCount)
      {
        throw InputError(
          file: path, place: "tensor \(name.excerpt)", problem: problem,
          mend: "Save a .clone() of it")
      }
      tensors.append(info)
      places.append(place)
      guard info.count > 0 else { continue }
      let key = TiedView(
        storage: source.graph.storages[tensor.storage].key, dtype: info.dtype, view: place.view)
      if shared[key] == nil { order.append(key) }
      shared[key, default: []].append(name)
    }
    self.source = source
    self.tensors = tensors
    self.places = places
    ties = order.compactMap { shared[$0] }.filter { $0.count > 1 }
    positions = try NameIndex(tensors.map(\.name), file: path)
    self.entry = found.entry
    notes = found.notes
  }

  private struct TiedView: Hashable {
    let storage: String
    let dtype: DType
    let view: StridedView
  }

  var mappings: [MappedFile] { [source.map] }

  package func index(of name: String) -> Int? { positions[name] }

  package func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try withElements(ofTensorAt: index) { try $0.withBytes(body) }
  }

  package func withElements<Result>(
    ofTensorAt index: Int, _ body: (TensorElements) throws -> Result
  ) throws -> Result {
    let place = places[index]
    try source.map.checkUnchanged()
    return try source.withBytes(of: place.storage) { bytes in
      guard let range = place.range else { return try body(TensorElements(place.view, of: bytes)) }
      return try body(
        TensorElements(
          rowMajor: UnsafeRawBufferPointer(rebasing: bytes[range]),
          elementSize: tensors[index].dtype.size))
    }
  }

  package func place(ofTensorAt index: Int) -> TensorPlace? {
    guard let range = places[index].range, case .mapped(let storage) = places[index].storage
    else { return nil }
    return TensorPlace(file: file, offset: storage.lowerBound + range.lowerBound)
  }

  private static func place(
    _ tensor: PickleTensor, name: String, in source: TorchFile, file: String
  ) throws -> (TensorInfo, Place) {
    func fail(_ problem: String, mend: String? = nil) -> InputError {
      InputError(file: file, place: "tensor \(name.excerpt)", problem: problem, mend: mend)
    }
    guard case .known(let dtype) = tensor.type else {
      guard case .other(let type, _) = tensor.type else { throw fail("has no element type") }
      throw fail(
        "has element type \(type.excerpt), of which no average is taken",
        mend: "Convert it to floating-point numbers, such as float32, before it is saved")
    }
    let key = source.graph.storages[tensor.storage].key
    guard let storage = source.storages[tensor.storage] else {
      throw fail(
        "refers to storage \(key.excerpt), which the file does not have",
        mend: "Copy or write it again")
    }
    let view = StridedView(
      shape: tensor.shape, strides: tensor.strides, offset: tensor.offset, elementSize: dtype.size,
      swapped: source.swapped && dtype.size > 1)
    let available = source.byteCount(of: storage)
    guard let byteCount = ByteCount.of(shape: tensor.shape, dtype: dtype) else {
      throw fail("has the shape \(tensor.shape), which is too large to address")
    }
    // An empty tensor has no place in its storage, whatever its offset says.
    let isInside = view.extent.map { $0 <= available / dtype.size } ?? false
    guard byteCount == 0 || isInside else {
      throw fail(
        "of shape \(tensor.shape) reaches outside storage \(key) of \(available) bytes",
        mend: "Copy or write it again")
    }
    let start = byteCount == 0 ? 0 : tensor.offset * dtype.size
    let isDirect = byteCount == 0 || (view.isContiguous && !view.swapped)
    return (
      TensorInfo(name: name, dtype: dtype, shape: tensor.shape),
      Place(
        storage: storage, view: view,
        range: isDirect ? start..<start + byteCount : nil)
    )
  }
}
