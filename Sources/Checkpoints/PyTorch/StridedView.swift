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

  /// A row-major, little-endian copy of the elements.
  ///
  /// - Precondition: `storage` holds at least `extent` elements.
  func contiguousCopy(of storage: UnsafeRawBufferPointer) -> [UInt8] {
    let total = count
    guard total > 0, let extent else { return [] }
    precondition(extent * elementSize <= storage.count, "a view reaches outside its storage")
    return [UInt8](unsafeUninitializedCapacity: total * elementSize) { target, initialised in
      copy(from: storage, into: UnsafeMutableRawBufferPointer(target))
      initialised = total * elementSize
    }
  }

  private func copy(
    from storage: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) {
    switch elementSize {
    case 2: copy(UInt16.self, from: storage, into: target)
    case 4: copy(UInt32.self, from: storage, into: target)
    case 8: copy(UInt64.self, from: storage, into: target)
    default: copy(UInt8.self, from: storage, into: target)
    }
  }

  private func copy<Word: FixedWidthInteger>(
    _ type: Word.Type, from storage: UnsafeRawBufferPointer,
    into target: UnsafeMutableRawBufferPointer
  ) {
    let size = MemoryLayout<Word>.size
    let inner = shape.last ?? 1
    let innerStride = strides.last ?? 1
    var position = [Int](repeating: 0, count: max(shape.count - 1, 0))
    var row = offset
    var written = 0
    repeat {
      for column in 0..<inner {
        let word = storage.loadUnaligned(
          fromByteOffset: (row + column * innerStride) * size, as: Word.self)
        target.storeBytes(
          of: swapped ? word.byteSwapped : word, toByteOffset: written, as: Word.self)
        written += size
      }
    } while advance(&position, &row)
  }

  /// Steps to the next row, last axis but one first; false after the last.
  private func advance(_ position: inout [Int], _ row: inout Int) -> Bool {
    for axis in position.indices.reversed() {
      position[axis] += 1
      row += strides[axis]
      if position[axis] < shape[axis] { return true }
      row -= strides[axis] * shape[axis]
      position[axis] = 0
    }
    return false
  }
}
