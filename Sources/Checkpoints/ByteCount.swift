/// Sizes of tensors, computed without overflow.
enum ByteCount {
  /// Bytes of a contiguous tensor, or nil when a size is negative or a product does not fit.
  ///
  /// The sizes other than zero must have a product that fits too, so that no order of multiplying
  /// them overflows later.
  static func of(shape: [Int], dtype: DType) -> Int? {
    var total = dtype.size
    for size in shape where size != 0 {
      let (product, overflow) = total.multipliedReportingOverflow(by: size)
      if overflow || size < 0 { return nil }
      total = product
    }
    return shape.contains(0) ? 0 : total
  }
}
