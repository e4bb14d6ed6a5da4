import Checkpoints

/// How a rewritten model takes the weights that are swapped.
public enum OnnxSwap: String, Hashable, Sendable, CaseIterable {
  /// As external initializers, replaced before the graph is optimised: every fusion, but a new
  /// session for each set of weights.
  case initializers
  /// As inputs: sessions stay, but what fuses weights (convolution with BatchNorm) cannot.
  case inputs
}

extension OnnxGraph {
  /// The model's bytes without the values of the initializers `names`, which `swap` says how to give.
  ///
  /// Values of all others are kept inside, also those that were in external files, so that the
  /// result needs no file.
  func rewritten(swapping names: Set<String>, as swap: OnnxSwap) throws -> [UInt8] {
    let graph = try rewrittenGraph(swapping: names, as: swap)
    var model = ProtobufWriter()
    map.withBytes { bytes in
      for range in layout.model { model.raw(UnsafeRawBufferPointer(rebasing: bytes[range])) }
    }
    model.field(7, bytes: graph)
    return model.bytes
  }

  private func rewrittenGraph(swapping names: Set<String>, as swap: OnnxSwap) throws -> [UInt8] {
    var graph = ProtobufWriter()
    for part in layout.graph {
      switch part {
      case .kept(let range): copy(range, to: &graph)
      case .input(let name, let range):
        // Old models list initializers among the inputs, as defaults. Swapped ones are either
        // constants or plain inputs, the latter written below.
        if !names.contains(name) { copy(range, to: &graph) }
      case .initializer(let name, let range):
        if names.contains(name), let index = index(of: name) {
          let info = initializers[index].info
          switch swap {
          case .initializers: graph.field(5) { $0.externalTensor(info) }
          case .inputs: graph.field(11) { $0.tensorInput(info) }
          }
        } else if let index = index(of: name), case .external = initializers[index].values {
          try withBytes(ofTensorAt: index) { values in
            let info = initializers[index].info
            graph.field(5) {
              $0.tensorHeader(info)
              $0.field(9, bytes: values)
            }
          }
        } else {
          copy(range, to: &graph)
        }
      }
    }
    return graph.bytes
  }

  private func copy(_ range: Range<Int>, to writer: inout ProtobufWriter) {
    map.withBytes { writer.raw(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }
}

extension ProtobufWriter {
  fileprivate mutating func tensorHeader(_ info: TensorInfo) {
    for size in info.shape { field(1, varint: UInt64(size)) }
    field(2, varint: UInt64(info.dtype.onnxNumber))
    field(8, string: info.name)
  }

  /// A TensorProto whose values will be given when a session is made; no such file exists.
  fileprivate mutating func externalTensor(_ info: TensorInfo) {
    tensorHeader(info)
    let entries = [
      ("location", "stockpot-weights"), ("offset", "0"), ("length", String(info.byteCount)),
    ]
    for (key, value) in entries {
      field(13) {
        $0.field(1, string: key)
        $0.field(2, string: value)
      }
    }
    field(14, varint: 1)
  }

  /// A ValueInfoProto of a tensor with a fixed shape.
  fileprivate mutating func tensorInput(_ info: TensorInfo) {
    field(1, string: info.name)
    field(2) { type in
      type.field(1) { tensor in
        tensor.field(1, varint: UInt64(info.dtype.onnxNumber))
        tensor.field(2) { shape in
          for size in info.shape {
            shape.field(1) { $0.field(1, varint: UInt64(size)) }
          }
        }
      }
    }
  }
}
