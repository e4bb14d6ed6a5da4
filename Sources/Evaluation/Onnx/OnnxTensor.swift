import Checkpoints
import Foundation

/// A TensorProto as it stands in a file (field numbers of onnx.proto3).
struct OnnxTensor {
  private(set) var name = ""
  private var dimensions: [Int] = []
  private var type: Int32 = 0
  private var raw: Range<Int>?
  /// float_data, int32_data, int64_data, double_data, uint64_data: field number → runs of elements.
  private var typed: [Int: [ProtobufField.Value]] = [:]
  private var external: [String: String] = [:]
  private var isExternal = false
  private let range: Range<Int>
  private let buffer: UnsafeRawBufferPointer

  private static let mostDimensions = 64

  init(_ buffer: UnsafeRawBufferPointer, in range: Range<Int>) throws {
    self.buffer = buffer
    self.range = range
    var reader = ProtobufReader(buffer, in: range)
    while let field = try reader.next() { try take(field) }
  }

  private mutating func take(_ field: ProtobufField) throws {
    switch (field.number, field.value) {
    case (1, .varint(let size)): try add(dimension: size)
    case (1, .bytes(let packed)):
      var reader = ProtobufReader(buffer, in: packed)
      while !reader.isAtEnd { try add(dimension: try reader.varint()) }
    case (2, .varint(let number)): type = Int32(truncatingIfNeeded: number)
    case (4, let value), (5, let value), (7, let value), (10, let value), (11, let value):
      typed[field.number, default: []].append(value)
    case (8, .bytes(let range)): name = try buffer.utf8(in: range)
    case (9, .bytes(let range)): raw = range
    case (13, .bytes(let range)):
      let (key, value) = try entry(range)
      external[key] = value
    case (14, .varint(let location)): isExternal = location == 1
    default: break
    }
  }

  private mutating func add(dimension: UInt64) throws {
    guard dimension < 1 << 48, dimensions.count < Self.mostDimensions else {
      throw ProtobufError(
        byte: range.lowerBound, problem: "has a tensor with a dimension of \(dimension)")
    }
    dimensions.append(Int(dimension))
  }

  /// StringStringEntryProto: key 1, value 2.
  private func entry(_ range: Range<Int>) throws -> (String, String) {
    var (key, value) = ("", "")
    var reader = ProtobufReader(buffer, in: range)
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let range)): key = try buffer.utf8(in: range)
      case (2, .bytes(let range)): value = try buffer.utf8(in: range)
      default: break
      }
    }
    return (key, value)
  }

  /// The initializer; nil for element types that no checkpoint has (strings, complex, 4-bit).
  func initializer(modelPath: String) throws -> OnnxInitializer? {
    guard let dtype = DType(onnxNumber: type) else { return nil }
    var bytes = dtype.size
    for size in dimensions {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      guard !overflow else { throw fault("has more elements than fit into memory") }
      bytes = product
    }
    let info = TensorInfo(name: name, dtype: dtype, shape: dimensions)
    return OnnxInitializer(info: info, values: try values(info, modelPath: modelPath))
  }

  private func fault(_ problem: String) -> ProtobufError {
    ProtobufError(byte: range.lowerBound, problem: "tensor \(name) \(problem)")
  }

  private func values(_ info: TensorInfo, modelPath: String) throws -> OnnxValues {
    if isExternal { return try externalValues(info, modelPath: modelPath) }
    if let raw {
      guard raw.count == info.byteCount else {
        throw fault("has \(raw.count) bytes, but its shape \(info.shape) needs \(info.byteCount)")
      }
      return .raw(raw)
    }
    let decoded = try decode(info.dtype)
    guard decoded.count == info.byteCount else {
      throw fault(
        "has \(decoded.count / info.dtype.size) elements, but its shape \(info.shape) needs "
          + "\(info.count)")
    }
    return .decoded(decoded)
  }

  private func externalValues(_ info: TensorInfo, modelPath: String) throws -> OnnxValues {
    guard let location = external["location"], !location.isEmpty else {
      throw fault("is external but names no file")
    }
    // The format wants a path below the model's folder; anything else could read any file.
    guard !location.hasPrefix("/"), !location.split(separator: "/").contains("..") else {
      throw fault("is external, at \(location), which is not below the model's folder")
    }
    let folder = URL(fileURLWithPath: modelPath).deletingLastPathComponent()
    let offset = try number("offset") ?? 0
    if let length = try number("length"), length != info.byteCount {
      throw fault("has \(length) external bytes, but its shape needs \(info.byteCount)")
    }
    let (end, overflow) = offset.addingReportingOverflow(info.byteCount)
    guard !overflow else { throw fault("has the external offset \(offset)") }
    return .external(file: folder.appendingPathComponent(location).path, range: offset..<end)
  }

  private func number(_ key: String) throws -> Int? {
    guard let text = external[key] else { return nil }
    guard let value = Int(text), value >= 0 else {
      throw fault("has the external \(key) \"\(text)\"")
    }
    return value
  }

  /// The elements of the typed field that belongs to `dtype`, as contiguous little-endian bytes.
  private func decode(_ dtype: DType) throws -> [UInt8] {
    switch dtype {
    case .f32: return try fixed(field: 4, width: 4)
    case .f64: return try fixed(field: 10, width: 8)
    case .i64: return try varints(field: 7, width: 8)
    case .u32, .u64: return try varints(field: 11, width: dtype.size)
    case .i32, .i16, .i8, .u16, .u8, .bool, .f16, .bf16, .f8e4m3, .f8e5m2:
      return try varints(field: 5, width: dtype.size)
    }
  }

  private func fixed(field: Int, width: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for run in typed[field] ?? [] {
      switch run {
      case .bytes(let range) where range.count.isMultiple(of: width):
        bytes.append(contentsOf: buffer[range])
      case .fixed32(let word) where width == 4:
        withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
      case .fixed64(let word) where width == 8:
        withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
      default: throw fault("has elements of the wrong width")
      }
    }
    return bytes
  }

  private func varints(field: Int, width: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    func append(_ value: UInt64) {
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0.prefix(width)) }
    }
    for run in typed[field] ?? [] {
      switch run {
      case .varint(let value): append(value)
      case .bytes(let range):
        var reader = ProtobufReader(buffer, in: range)
        while !reader.isAtEnd { append(try reader.varint()) }
      default: throw fault("has elements of the wrong width")
      }
    }
    return bytes
  }
}
