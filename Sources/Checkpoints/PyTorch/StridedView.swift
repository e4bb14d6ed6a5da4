/// Where the elements of a tensor lie in a storage, and how to bring them into row-major order.
struct StridedView: Hashable, Sendable {
  let shape: [Int]
  /// Steps in elements, one a dimension; never negative.
  let strides: [Int]
  /// The first element, in elements from the start of the storage.
  let offset: Int
  /// Bytes of one element.
  let elementSize: Int
  /// Whether the bytes of every element are in the opposite order.
  let swapped: Bool

  /// Number of elements.
  var count: Int { shape.reduce(1, *) }

  /// Whether the elements lie one after another in row-major order.
  var isContiguous: Bool {
    var expected = 1
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      if strides[axis] != expected { return shape.contains(0) }
      expected *= shape[axis]
    }
    return true
  }

  /// Elements from the start of the storage to just after the last used; nil when it overflows.
  var extent: Int? {
    if shape.contains(0) { return offset }
    var last = offset
    for (size, stride) in zip(shape, strides) {
      let (distance, tooFar) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, overflow) = last.addingReportingOverflow(distance)
      if tooFar || overflow { return nil }
      last = sum
    }
    let (end, overflow) = last.addingReportingOverflow(1)
    return overflow ? nil : end
  }

  /// Bytes from the first element used to the last, but no more than all elements take.
  ///
  /// - Precondition: it lies in a storage.
  var distinctByteCount: Int {
    guard !shape.contains(0), let extent else { return 0 }
    return min(count, extent - offset) * elementSize
  }
}
