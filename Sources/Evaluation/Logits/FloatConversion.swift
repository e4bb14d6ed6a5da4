import CKernels
import Checkpoints

/// Copies elements from one floating-point type to another.
///
/// Exact when widening, to nearest even when narrowing. Other types are copied when both are the same.
enum FloatConversion {
  /// The types that can be converted into one another.
  static let types: Set<DType> = [.f16, .bf16, .f32, .f64]

  static func canConvert(_ source: DType, to target: DType) -> Bool {
    source == target || types.contains(source) && types.contains(target)
  }

  /// Converts `count` elements at `source`, which need not be aligned, to `target`, which is.
  ///
  /// - Precondition: `canConvert`, and both memories hold `count` elements.
  static func convert(
    _ source: UnsafeRawPointer, _ from: DType, to target: UnsafeMutableRawPointer, _ to: DType,
    count: Int
  ) {
    guard from != to, count > 0 else {
      target.copyMemory(from: source, byteCount: count * from.size)
      return
    }
    let stream = ck_stream(data: source, weight: 1, dtype: from.kernelType)
    _ = ck_average([stream], 1, 1, count, to.kernelType, to.kernelType, target, CK_CACHED, CK_BEST)
  }

  /// IEEE half to single.
  ///
  /// Written with shifts and one multiplication because Swift's own conversion
  /// of `Float16` is a library call on x86-64 Linux.
  @inline(__always)
  static func widened(half bits: UInt16) -> Float {
    let magnitude = UInt32(bits & 0x7FFF)
    let sign = UInt32(bits & 0x8000) << 16
    let shifted = Float(bitPattern: magnitude << 13) * 0x1p112
    let special: UInt32 = magnitude >= 0x7C00 ? 0x7F80_0000 : 0
    return Float(bitPattern: shifted.bitPattern | special | sign)
  }

  @inline(__always)
  static func widened(brain bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

  /// Single to IEEE half, to nearest even; what is too large becomes infinite.
  @inline(__always)
  static func half(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    let sign = UInt16(truncatingIfNeeded: bits >> 16) & 0x8000
    let magnitude = bits & 0x7FFF_FFFF
    if magnitude > 0x7F80_0000 { return sign | 0x7E00 }
    if magnitude >= 0x4780_0000 { return sign | 0x7C00 }
    if magnitude < 0x3880_0000 {
      // Below the smallest normal half: adding 0.5 lets the addition round at the right bit.
      let rounded = Float(bitPattern: magnitude) + 0.5
      return sign | UInt16(truncatingIfNeeded: rounded.bitPattern &- 0x3F00_0000)
    }
    let odd = magnitude >> 13 & 1
    let rounded = magnitude &- 0x3800_0000 &+ 0xFFF &+ odd
    return sign | UInt16(truncatingIfNeeded: rounded >> 13)
  }

  /// Single to bfloat16, to nearest even.
  @inline(__always)
  static func brain(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    if bits & 0x7FFF_FFFF > 0x7F80_0000 { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
  }
}

extension DType {
  /// The name of a convertible type among the kernels.
  fileprivate var kernelType: ck_dtype {
    switch self {
    case .f16: CK_F16
    case .bf16: CK_BF16
    case .f64: CK_F64
    default: CK_F32
    }
  }
}
