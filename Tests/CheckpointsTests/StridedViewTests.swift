import Testing

@testable import Checkpoints

@Suite struct StridedViewTests {
  /// A view with random axes: permuted, with gaps, expanded, of one element, reversed in its bytes.
  private func view(_ generator: inout SeededGenerator) -> StridedView {
    let rank = Int.random(in: 0...4, using: &generator)
    let longest = [1, 70, 70, 19, 9][rank]
    let shape = (0..<rank).map { _ in Int.random(in: 1...longest, using: &generator) }
    var strides = [Int](repeating: 0, count: rank)
    var step = Int.random(in: 1...2, using: &generator)
    for axis in shape.indices.shuffled(using: &generator) {
      if Int.random(in: 0..<8, using: &generator) == 0 { continue }
      strides[axis] = step
      step *= shape[axis] + (Int.random(in: 0..<4, using: &generator) == 0 ? 1 : 0)
    }
    let size = [1, 2, 4, 8].randomElement(using: &generator) ?? 1
    return StridedView(
      shape: shape, strides: strides, offset: Int.random(in: 0...5, using: &generator),
      elementSize: size, swapped: size > 1 && Bool.random(using: &generator))
  }

  /// Byte by byte and element by element.
  private func slowly(_ view: StridedView, _ range: Range<Int>, _ storage: [UInt8]) -> [UInt8] {
    range.flatMap { position in
      var rest = position
      var place = view.offset
      for (size, stride) in zip(view.shape, view.strides).reversed() {
        place += rest % size * stride
        rest /= size
      }
      let element = storage[place * view.elementSize..<(place + 1) * view.elementSize]
      return view.swapped ? element.reversed() : Array(element)
    }
  }

  @Test func everyRunOfEveryViewIsThatOfTheSlowModel() throws {
    var generator = SeededGenerator(state: 3)
    for _ in 0..<100 {
      let view = view(&generator)
      let extent = try #require(view.extent)
      let storage = (0..<extent * view.elementSize).map { _ in
        UInt8(truncatingIfNeeded: generator.next())
      }
      let bounds = (0..<2).map { _ in Int.random(in: 0...view.count, using: &generator) }.sorted()
      let range = Bool.random(using: &generator) ? 0..<view.count : bounds[0]..<bounds[1]
      // What lies behind the run must not be touched.
      let size = range.count * view.elementSize
      var target = [UInt8](repeating: 0xA5, count: size + 8)
      storage.withUnsafeBytes { storage in
        target.withUnsafeMutableBytes { target in
          let room = UnsafeMutableRawBufferPointer(rebasing: target[..<size])
          let run = TensorElements(view, of: storage).run(range, room: room)
          #expect(run.count == size)
        }
      }
      #expect(target.prefix(size).elementsEqual(slowly(view, range, storage)), "\(view) \(range)")
      #expect(target.suffix(8).allSatisfy { $0 == 0xA5 })
    }
  }

  @Test func elementsInOrderAreLentWhereTheyLie() {
    let storage: [UInt16] = [1, 2, 3, 4]
    storage.withUnsafeBytes { bytes in
      let elements = TensorElements(rowMajor: bytes, elementSize: 2)
      let run = elements.run(1..<3, room: .init(start: nil, count: 0))
      #expect(elements.isRowMajor && elements.count == 4)
      #expect(run.baseAddress == bytes.baseAddress.map { $0 + 2 } && run.count == 4)
    }
  }
}
