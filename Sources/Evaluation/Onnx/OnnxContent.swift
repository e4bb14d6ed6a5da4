import Checkpoints

/// Where the parts of a model lie in its file: what rewriting needs.
struct OnnxLayout: Sendable {
  /// A field that is kept or replaced.
  enum Part: Sendable {
    case initializer(name: String, range: Range<Int>)
    case input(name: String, range: Range<Int>)
    case kept(Range<Int>)
  }

  /// Fields of the model other than its graph.
  var model: [Range<Int>] = []
  /// Fields of the graph, in the file's order.
  var graph: [Part] = []

  /// Names of all initializers, those of unusual types too.
  var initializerNames: [String] {
    graph.compactMap { if case .initializer(let name, _) = $0 { name } else { nil } }
  }
}

/// What is read of a ModelProto (field numbers of onnx.proto3).
struct OnnxContent {
  private(set) var layout = OnnxLayout()
  private(set) var initializers: [OnnxInitializer] = []
  private(set) var inputs: [OnnxPort] = []
  private(set) var outputs: [OnnxPort] = []
  private(set) var irVersion = 0
  private(set) var producer = ""
  private let buffer: UnsafeRawBufferPointer
  private let path: String

  init(model buffer: UnsafeRawBufferPointer, path: String) throws {
    self.buffer = buffer
    self.path = path
    var graph: Range<Int>?
    var reader = ProtobufReader(buffer, in: 0..<buffer.count)
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (7, .bytes(let range)):
        guard graph == nil else {
          throw ProtobufError(byte: range.lowerBound, problem: "has a second graph")
        }
        graph = range
        continue
      case (1, .varint(let version)): irVersion = Int(clamping: version)
      case (2, .bytes(let range)): producer = try text(range)
      default: break
      }
      layout.model.append(field.range)
    }
    guard let graph else {
      throw ProtobufError(byte: buffer.count, problem: "ends without a graph, so it is no model")
    }
    try read(graph: graph)
  }

  private mutating func read(graph: Range<Int>) throws {
    var names: Set<String> = []
    var reader = ProtobufReader(buffer, in: graph)
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (5, .bytes(let range)):
        let tensor = try OnnxTensor(buffer, in: range)
        guard names.insert(tensor.name).inserted else {
          throw ProtobufError(
            byte: range.lowerBound, problem: "has a second initializer \(tensor.name)")
        }
        if let initializer = try tensor.initializer(modelPath: path) {
          initializers.append(initializer)
        }
        layout.graph.append(.initializer(name: tensor.name, range: field.range))
      case (11, .bytes(let range)):
        let port = try port(range)
        inputs.append(port)
        layout.graph.append(.input(name: port.name, range: field.range))
      case (12, .bytes(let range)):
        outputs.append(try port(range))
        layout.graph.append(.kept(field.range))
      default: layout.graph.append(.kept(field.range))
      }
    }
  }

  private func text(_ range: Range<Int>) throws -> String {
    try buffer.utf8(in: range)
  }

  /// ValueInfoProto: name 1, type 2 → TypeProto: tensor_type 1 → elem_type 1, shape 2.
  private func port(_ range: Range<Int>) throws -> OnnxPort {
    var name = ""
    var dtype: DType?
    var shape: [OnnxDimension]?
    var reader = ProtobufReader(buffer, in: range)
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let range)): name = try text(range)
      case (2, .bytes(let range)):
        try eachMessage(1, in: range) { tensor in
          var reader = ProtobufReader(buffer, in: tensor)
          while let field = try reader.next() {
            switch (field.number, field.value) {
            case (1, .varint(let number)):
              dtype = DType(onnxNumber: Int32(truncatingIfNeeded: number))
            case (2, .bytes(let range)): shape = try dimensions(range)
            default: break
            }
          }
        }
      default: break
      }
    }
    return OnnxPort(name: name, dtype: dtype, shape: shape)
  }

  /// TensorShapeProto: dim 1 → dim_value 1, dim_param 2.
  private func dimensions(_ range: Range<Int>) throws -> [OnnxDimension] {
    var shape: [OnnxDimension] = []
    try eachMessage(1, in: range) { dimension in
      var size = OnnxDimension.dynamic(nil)
      var reader = ProtobufReader(buffer, in: dimension)
      while let field = try reader.next() {
        switch (field.number, field.value) {
        // Some exporters write 0 or −1 for "any".
        case (1, .varint(let value)):
          let signed = Int(bitPattern: UInt(value))
          size = signed > 0 ? .fixed(signed) : .dynamic(nil)
        case (2, .bytes(let range)): size = .dynamic(try text(range))
        default: break
        }
      }
      shape.append(size)
    }
    return shape
  }

  private func eachMessage(
    _ number: Int, in range: Range<Int>, _ body: (Range<Int>) throws -> Void
  ) throws {
    var reader = ProtobufReader(buffer, in: range)
    while let field = try reader.next() {
      if field.number == number, case .bytes(let inner) = field.value { try body(inner) }
    }
  }
}

extension UnsafeRawBufferPointer {
  /// The text in `range`.
  func utf8(in range: Range<Int>) throws -> String {
    guard let text = String(validating: self[range], as: UTF8.self) else {
      throw ProtobufError(byte: range.lowerBound, problem: "has a name that is not UTF-8")
    }
    return text
  }
}
