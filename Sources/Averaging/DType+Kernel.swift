import CKernels
import Checkpoints

extension DType {
  /// The kernels' name of this type, or nil for types that no average is taken of.
  var kernel: ck_dtype? {
    switch self {
    case .f32: CK_F32
    case .f16: CK_F16
    case .bf16: CK_BF16
    case .f64: CK_F64
    case .f8e4m3: CK_F8E4M3
    case .f8e5m2: CK_F8E5M2
    default: nil
    }
  }
}
