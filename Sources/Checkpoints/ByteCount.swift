/// Sizes of tensors, computed without overflow.
enum ByteCount {
  /// Bytes of a contiguous tensor, or nil when a size is negative or a product does not fit.
  ///
  /// The one rule of all formats: the sizes other than zero must have a product that fits too, so
  /// that no order of multiplying them, as for strides, overflows later.
  static func of(shape: [Int], dtype: DType) -> Int? {
    var count = 1
    for size in shape where size != 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow || size < 0 { return nil }
      count = product
    }
    guard !shape.contains(0) else { return 0 }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: dtype.size)
    return overflow ? nil : bytes
  }
}
