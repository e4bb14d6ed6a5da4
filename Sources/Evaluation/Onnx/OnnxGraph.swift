package import Checkpoints

/// A size of one dimension of a model's input or output.
package enum OnnxDimension: Hashable, Sendable {
  case fixed(Int)
  /// Any size; the exporter's name for it, if it gave one.
  case dynamic(String?)
}

/// An input or output of a model.
package struct OnnxPort: Hashable, Sendable {
  package let name: String
  /// Nil for what is not a tensor of numbers.
  package let dtype: DType?
  /// Nil when the model does not say.
  package let shape: [OnnxDimension]?
}

/// A constant of a model: a weight, or a number that belongs to the architecture.
package struct OnnxInitializer: Hashable, Sendable {
  package let info: TensorInfo
  let values: OnnxValues
}

/// Where an initializer's elements lie.
enum OnnxValues: Hashable, Sendable {
  /// `raw_data`, contiguous little-endian: a range of the model's file.
  case raw(Range<Int>)
  /// A range of another file.
  case external(file: String, range: Range<Int>)
  /// Elements that were in a typed field, brought into contiguous little-endian form.
  case decoded([UInt8])
}

/// A model in an `.onnx` file, with its initializers, inputs and outputs; nothing is executed.
///
/// Only what weights are swapped through is read; everything else is kept as it is. Also a
/// `TensorTable` of its initializers.
package struct OnnxGraph: Sendable {
  /// As given.
  package let file: String
  /// Those of the main graph with a plain numeric type, in the file's order.
  package let initializers: [OnnxInitializer]
  /// Inputs that must be given: those that are not initializers at the same time.
  package let inputs: [OnnxPort]
  package let outputs: [OnnxPort]
  package let irVersion: Int
  package let producer: String

  let map: MappedFile
  let layout: OnnxLayout
  private let externals: [String: MappedFile]
  private let positions: [String: Int]

  /// Reads the structure of a model; weights stay in the page cache.
  ///
  /// - Throws: `InputError` with the byte for a file that is not a well-formed model, has no graph, two
  ///   initializers of one name, an initializer whose size and shape disagree, or external data
  ///   outside its file.
  package init(path: String) throws {
    let map = try MappedFile(path: path)
    let content: OnnxContent
    do {
      content = try map.withBytes { try OnnxContent(model: $0, path: path) }
    } catch let error as ProtobufError {
      throw InputError(
        file: path, place: "byte \(error.byte)", problem: error.problem,
        mend: "Export the model to ONNX again")
    }
    self.map = map
    file = path
    initializers = content.initializers
    layout = content.layout
    irVersion = content.irVersion
    producer = content.producer
    outputs = content.outputs
    positions = Dictionary(
      uniqueKeysWithValues: initializers.enumerated().map {
        ($1.info.name, $0)
      })
    let named = Set(content.layout.initializerNames)
    inputs = content.inputs.filter { !named.contains($0.name) }
    externals = try Self.open(initializers)
  }

  private static func open(_ initializers: [OnnxInitializer]) throws -> [String: MappedFile] {
    var maps: [String: MappedFile] = [:]
    for initializer in initializers {
      guard case .external(let file, let range) = initializer.values else { continue }
      let map = try maps[file] ?? MappedFile(path: file)
      maps[file] = map
      guard range.upperBound <= map.count else {
        throw InputError(
          file: file, place: "tensor \(initializer.info.name)",
          problem: "should end at byte \(range.upperBound), but the file has \(map.count)",
          mend: "Export the model to ONNX again, or copy its data file anew")
      }
    }
    return maps
  }
}

extension OnnxGraph: TensorTable {
  package var tensors: [TensorInfo] { initializers.map(\.info) }

  package func index(of name: String) -> Int? { positions[name] }

  package func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    switch initializers[index].values {
    case .raw(let range):
      return try map.withBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    case .decoded(let bytes): return try bytes.withUnsafeBytes(body)
    case .external(let file, let range):
      guard let map = externals[file] else { throw InputError(file: file, problem: "is not open") }
      return try map.withBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
  }
}
