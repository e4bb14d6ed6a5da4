extension StridedView {
  /// Brings elements `range`, counted in row-major order, into that order and little-endian.
  ///
  /// - Precondition: `storage` holds at least `extent` elements, and `target` as many as `range`.
  func gather(
    _ range: Range<Int>, of storage: UnsafeRawBufferPointer,
    into target: UnsafeMutableRawBufferPointer
  ) {
    guard !range.isEmpty, let extent else { return }
    precondition(extent * elementSize <= storage.count, "a view reaches outside its storage")
    precondition(range.upperBound <= count, "a run reaches outside its tensor")
    precondition(range.count * elementSize <= target.count, "too little room for a run")
    guard let source = storage.baseAddress, let target = target.baseAddress else { return }
    switch elementSize {
    case 2: Gathering<UInt16>(self, source, target, from: range.lowerBound).gather(range)
    case 4: Gathering<UInt32>(self, source, target, from: range.lowerBound).gather(range)
    case 8: Gathering<UInt64>(self, source, target, from: range.lowerBound).gather(range)
    default: Gathering<UInt8>(self, source, target, from: range.lowerBound).gather(range)
    }
  }

  /// A row-major, little-endian copy of all elements.
  ///
  /// - Precondition: `storage` holds at least `extent` elements.
  func contiguousCopy(of storage: UnsafeRawBufferPointer) -> [UInt8] {
    let size = count * elementSize
    return [UInt8](unsafeUninitializedCapacity: size) { target, initialised in
      gather(0..<count, of: storage, into: UnsafeMutableRawBufferPointer(target))
      initialised = size
    }
  }
}

/// One run being gathered.
///
/// Where an outer axis lies closer in the storage than the last (a transposed matrix), squares of
/// both are copied, so that every cache line that is touched is used whole.
private struct Gathering<Word: FixedWidthInteger> {
  /// Axes longer than one, and those that follow one another in the storage as one.
  private var shape: [Int] = []
  private var strides: [Int] = []
  private let source: UnsafeRawPointer
  private let target: UnsafeMutableRawPointer
  private let first: Int
  private let swapped: Bool

  /// Sides of a square, in elements: a cache line of f32.
  private static var side: Int { 16 }

  init(
    _ view: StridedView, _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer,
    from first: Int
  ) {
    for (size, stride) in zip(view.shape, view.strides) where size != 1 {
      if let last = strides.last, last == stride * size {
        shape[shape.count - 1] *= size
        strides[strides.count - 1] = stride
      } else {
        shape.append(size)
        strides.append(stride)
      }
    }
    if shape.isEmpty { (shape, strides) = ([1], [1]) }
    self.source = source + view.offset * MemoryLayout<Word>.size
    self.target = target
    self.first = first
    swapped = view.swapped
  }

  func gather(_ range: Range<Int>) {
    guard let axis = nearAxis else { return gatherRows(range) }
    let slice = shape[(axis + 1)...].reduce(1, *)
    let start = (range.lowerBound + slice - 1) / slice
    let end = range.upperBound / slice
    guard start < end else { return gatherRows(range) }
    gatherRows(range.lowerBound..<start * slice)
    var position = start
    while position < end {
      let next = min(end, (position / shape[axis] + 1) * shape[axis])
      gatherSlices(position, next - position, axis, slice)
      position = next
    }
    gatherRows(end * slice..<range.upperBound)
  }

  /// The outer axis whose steps are shorter than the last one's; nil when rows are best copied.
  private var nearAxis: Int? {
    let last = strides.count - 1
    let outer = strides.indices.dropLast().filter { strides[$0] > 0 && strides[$0] < strides[last] }
    return outer.min { strides[$0] < strides[$1] }
  }

  /// Row by row, the first and the last perhaps in part.
  private func gatherRows(_ range: Range<Int>) {
    let length = shape[shape.count - 1]
    let step = strides[strides.count - 1]
    var position = range.lowerBound
    while position < range.upperBound {
      let count = min(range.upperBound - position, length - position % length)
      copy(from: offset(of: position), step, to: position - first, count)
      position += count
    }
  }

  /// `count` neighbours on `axis`, each with all that is inside of it, in squares of the two axes.
  private func gatherSlices(_ start: Int, _ count: Int, _ axis: Int, _ slice: Int) {
    let length = shape[shape.count - 1]
    let (near, far) = (strides[axis], strides[strides.count - 1])
    for inner in stride(from: 0, to: slice, by: length) {
      let base = offset(of: start * slice + inner)
      let written = start * slice + inner - first
      for row in stride(from: 0, to: count, by: Self.side) {
        let rows = min(Self.side, count - row)
        for column in stride(from: 0, to: length, by: Self.side) {
          let columns = min(Self.side, length - column)
          for index in row..<row + rows {
            copy(
              from: base + index * near + column * far, far,
              to: written + index * slice + column, columns)
          }
        }
      }
    }
  }

  /// Elements from the start of the storage to the element at `position` in row-major order.
  private func offset(of position: Int) -> Int {
    var rest = position
    var offset = 0
    for axis in shape.indices.reversed() {
      let (quotient, index) = rest.quotientAndRemainder(dividingBy: shape[axis])
      offset += index * strides[axis]
      rest = quotient
    }
    return offset
  }

  @inline(__always)
  private func copy(from start: Int, _ step: Int, to written: Int, _ count: Int) {
    let size = MemoryLayout<Word>.size
    let from = source + start * size
    let to = target + written * size
    if step == 1, !swapped { return to.copyMemory(from: from, byteCount: count * size) }
    for index in 0..<count {
      let word = from.loadUnaligned(fromByteOffset: index * step * size, as: Word.self)
      to.storeBytes(
        of: swapped ? word.byteSwapped : word, toByteOffset: index * size, as: Word.self)
    }
  }
}
