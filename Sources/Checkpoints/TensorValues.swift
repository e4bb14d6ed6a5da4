import CKernels

extension TensorTable {
  /// The elements of `tensors[index]` as numbers, in row-major order; `count` of them.
  ///
  /// Exact for every type but 64-bit integers beyond 2⁵³. True is 1.
  /// - Throws: `InputError` when it cannot be read.
  public func values(ofTensorAt index: Int) throws -> [Double] {
    let info = tensors[index]
    return try withBytes(ofTensorAt: index) { bytes in
      switch info.dtype {
      case .bool, .u8: bytes.numbers(UInt8.self)
      case .i8: bytes.numbers(Int8.self)
      case .u16: bytes.numbers(UInt16.self)
      case .i16: bytes.numbers(Int16.self)
      case .u32: bytes.numbers(UInt32.self)
      case .i32: bytes.numbers(Int32.self)
      case .u64: bytes.numbers(UInt64.self)
      case .i64: bytes.numbers(Int64.self)
      case .f8e4m3: bytes.widened(CK_F8E4M3, count: info.count)
      case .f8e5m2: bytes.widened(CK_F8E5M2, count: info.count)
      case .f16: bytes.widened(CK_F16, count: info.count)
      case .bf16: bytes.widened(CK_BF16, count: info.count)
      case .f32: bytes.widened(CK_F32, count: info.count)
      case .f64: bytes.widened(CK_F64, count: info.count)
      }
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Integers that lie one after another.
  fileprivate func numbers<Integer: FixedWidthInteger>(_ type: Integer.Type) -> [Double] {
    stride(from: 0, to: count, by: MemoryLayout<Integer>.size).map {
      Double(loadUnaligned(fromByteOffset: $0, as: Integer.self))
    }
  }

  /// Floating-point numbers that lie one after another.
  fileprivate func widened(_ dtype: ck_dtype, count: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    guard count > 0 else { return sums }
    ck_accumulate(&sums, ck_stream(data: baseAddress, weight: 1, dtype: dtype), count, CK_BEST)
    return sums
  }
}
