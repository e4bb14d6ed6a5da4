import Checkpoints

extension DType {
  /// The number of `TensorProto.DataType`, which is ONNX Runtime's too.
  var onnxNumber: Int32 {
    switch self {
    case .f32: 1
    case .u8: 2
    case .i8: 3
    case .u16: 4
    case .i16: 5
    case .i32: 6
    case .i64: 7
    case .bool: 9
    case .f16: 10
    case .f64: 11
    case .u32: 12
    case .u64: 13
    case .bf16: 16
    case .f8e4m3: 17
    case .f8e5m2: 19
    }
  }

  /// The type of that number; nil for strings, complex numbers and packed or exotic small types.
  init?(onnxNumber: Int32) {
    guard let match = DType.allCases.first(where: { $0.onnxNumber == onnxNumber }) else {
      return nil
    }
    self = match
  }
}
