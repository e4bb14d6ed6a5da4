import Checkpoints

/// A batch of one input in memory, filled again for every batch: belongs to one thread.
final class OnnxInputBuffer {
  let name: String
  let dtype: DType
  private(set) var shape: [Int]
  private(set) var byteCount = 0
  let bytes: UnsafeMutableRawBufferPointer

  fileprivate init(name: String, dtype: DType, shape: [Int]) {
    self.name = name
    self.dtype = dtype
    self.shape = shape
    bytes = .allocate(byteCount: max(shape.reduce(dtype.size, *), 1), alignment: 64)
  }

  deinit { bytes.deallocate() }

  fileprivate func setRows(_ rows: Int) {
    shape[0] = rows
    byteCount = shape.reduce(dtype.size, *)
  }
}

/// The inputs of a split matched with those of a graph.
struct OnnxInputs: Sendable {
  private struct Input: Sendable {
    let port: OnnxPort
    let dtype: DType
    let array: NumpyArray
    let copy: RowCopy
  }

  private let inputs: [Input]
  /// The batch size that the graph was exported with, if it is fixed.
  let fixedBatch: Int?

  /// - Throws: `InputError` for inputs that are absent, unknown, or differ in shape or type.
  init(of split: Split, for graph: OnnxGraph) throws {
    let names = split.inputs.map { $0.name ?? graph.inputs.first?.name ?? "" }
    let wanted = graph.inputs.map(\.name)
    guard Set(names) == Set(wanted), names.count == wanted.count else {
      throw InputError(
        file: graph.file, place: "split \(split.name)",
        problem: "has the inputs \(wanted.joined(separator: ", ")), but the split gives "
          + (names.isEmpty ? "none" : names.joined(separator: ", ")),
        mend: "Name one .npy file for each input of the model")
    }
    inputs = try graph.inputs.map { port in
      guard let position = names.firstIndex(of: port.name), let dtype = port.dtype else {
        throw InputError(
          file: graph.file, place: "input \(port.name)", problem: "is not a tensor of numbers")
      }
      let source = split.inputs[position]
      let array = try split.open(source)
      try Self.check(array, for: port, of: graph)
      let copy = try RowCopy(array, to: dtype, source.normalisation, input: port.name)
      return Input(port: port, dtype: dtype, array: array, copy: copy)
    }
    let fixed = Set(
      graph.inputs.compactMap { port -> Int? in
        if case .fixed(let size)? = port.shape?.first { size } else { nil }
      })
    guard fixed.count <= 1 else {
      throw InputError(
        file: graph.file, problem: "has inputs of the batch sizes \(fixed.sorted())",
        mend: "Export the model with one batch size, or a dynamic one")
    }
    fixedBatch = fixed.first
  }

  var exampleCount: Int { inputs.first?.array.rowCount ?? 0 }

  /// Bytes of one example, all inputs together, as the graph takes it.
  var bytesPerExample: Int {
    inputs.reduce(0) { $0 + $1.array.shape.dropFirst().reduce($1.dtype.size, *) }
  }

  /// Memory for batches of up to `rows` examples.
  func buffers(rows: Int) -> [OnnxInputBuffer] {
    inputs.map {
      OnnxInputBuffer(
        name: $0.port.name, dtype: $0.dtype, shape: [rows] + $0.array.shape.dropFirst())
    }
  }

  /// Fills `buffers` with `examples`; when they are fewer than `rows`, the first one is repeated.
  func fill(_ buffers: [OnnxInputBuffer], with examples: ArraySlice<Int>, rows: Int) throws {
    guard let first = examples.first else { return }
    for (input, buffer) in zip(inputs, buffers) {
      buffer.setRows(rows)
      guard let target = buffer.bytes.baseAddress else { continue }
      let rowBytes = rows == 0 ? 0 : buffer.byteCount / rows
      try input.array.withBytes { source in
        guard let base = source.baseAddress else { return }
        for row in 0..<rows {
          let example = row < examples.count ? examples[examples.startIndex + row] : first
          let problem = input.copy(
            base + example * input.array.rowByteCount, to: target + row * rowBytes)
          if let problem {
            throw InputError(
              file: input.array.file, place: "row \(example)", problem: problem,
              mend: "The model's input \(input.port.name) is \(input.dtype.rawValue)")
          }
        }
      }
    }
  }

  private static func check(_ array: NumpyArray, for port: OnnxPort, of graph: OnnxGraph) throws {
    guard let shape = port.shape else { return }
    let fits =
      shape.count == array.shape.count
      && zip(shape, array.shape).dropFirst().allSatisfy { dimension, size in
        if case .fixed(let wanted) = dimension { wanted == size } else { true }
      }
    guard !fits else { return }
    let wanted = shape.enumerated().map { axis, dimension in
      switch dimension {
      case .fixed(let size): axis == 0 ? "examples" : String(size)
      case .dynamic(let name): axis == 0 ? "examples" : name ?? "any"
      }
    }
    throw InputError(
      file: array.file,
      problem: "has shape \(array.shape), but the input \(port.name) of \(graph.file) takes "
        + "[\(wanted.joined(separator: ", "))]",
      mend: "Save the array in that shape, or export the model with a dynamic axis")
  }
}
