/// The elements of a tensor as they lie in a source, to be read run by run in row-major order.
///
/// Valid only while they are lent.
public struct TensorElements {
  /// Bytes of one element.
  public let elementSize: Int
  private let storage: UnsafeRawBufferPointer
  /// Where in `storage` the elements are; nil when they are all of it, in order.
  private let view: StridedView?

  /// No elements: what stands for a tensor until it is lent.
  package static var none: TensorElements {
    TensorElements(rowMajor: UnsafeRawBufferPointer(start: nil, count: 0), elementSize: 1)
  }

  /// Elements that lie one after another, row-major and little-endian.
  public init(rowMajor bytes: UnsafeRawBufferPointer, elementSize: Int) {
    storage = bytes
    view = nil
    self.elementSize = elementSize
  }

  /// - Precondition: `storage` holds at least `view.extent` elements.
  init(_ view: StridedView, of storage: UnsafeRawBufferPointer) {
    self.storage = storage
    self.view = view
    elementSize = view.elementSize
  }

  /// Number of elements.
  public var count: Int { view?.count ?? storage.count / elementSize }

  /// Whether runs are lent where they lie, without room for them.
  public var isRowMajor: Bool { view == nil }

  /// Some elements: where they lie, or gathered into `room`.
  ///
  /// - Parameters:
  ///   - range: which, counted in row-major order.
  ///   - room: at least as many bytes, unless `isRowMajor`.
  public func run(
    _ range: Range<Int>, room: UnsafeMutableRawBufferPointer
  ) -> UnsafeRawBufferPointer {
    let size = range.count * elementSize
    guard let view else {
      let start = range.lowerBound * elementSize
      return UnsafeRawBufferPointer(rebasing: storage[start..<start + size])
    }
    let target = UnsafeMutableRawBufferPointer(rebasing: room[..<size])
    view.gather(range, of: storage, into: target)
    return UnsafeRawBufferPointer(target)
  }

  /// Brings all of them into `target`, which has room for them.
  public func copy(to target: UnsafeMutableRawBufferPointer) {
    let all = run(0..<count, room: target)
    if isRowMajor { target.copyMemory(from: all) }
  }

  /// Lends all of them as one run: a copy of them where they do not lie so.
  public func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    guard let view else { return try body(storage) }
    return try view.contiguousCopy(of: storage).withUnsafeBytes(body)
  }
}
