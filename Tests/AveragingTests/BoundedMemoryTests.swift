import Foundation
import Testing

@testable import Averaging
@testable import Checkpoints

/// Tensors that do not lie row-major are never copied whole, whatever is done with them.
@Suite struct BoundedMemoryTests {
  private func pairs(_ count: Int, _ dtype: DType = .f32) throws -> [(Weights, StridedTable)] {
    try (0..<count).map { seed in
      let plain = try randomMatrices(seed: UInt64(seed), dtype: dtype)
      return (plain, StridedTable(plain))
    }
  }

  private func terms(_ tables: [any TensorTable]) -> [AverageTerm] {
    tables.enumerated().map { AverageTerm("\($0)", $1, weight: 1 / Double(tables.count)) }
  }

  private func expectSame(_ left: some TensorTable, _ right: some TensorTable) throws {
    #expect(left.tensors == right.tensors)
    for info in left.tensors {
      #expect(try bytes(left, info.name) == bytes(right, info.name), "\(info.name)")
    }
  }

  @Test(arguments: [DType.f32, .f16], [1, 3])
  func averagesAreThoseOfTheSameNumbersInOrder(dtype: DType, workers: Int) throws {
    let pairs = try pairs(3, dtype)
    var options = AverageOptions()
    options.workers = workers
    let expected = try Averager.average(terms(pairs.map(\.0)), options).weights
    try expectSame(Averager.average(terms(pairs.map(\.1)), options).weights, expected)
    // Some in order, some not.
    let mixture = pairs.enumerated().map { $0 % 2 == 0 ? $1.0 : $1.1 as any TensorTable }
    try expectSame(Averager.average(terms(mixture), options).weights, expected)
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/soup.safetensors"
    _ = try Averager.average(terms(pairs.map(\.1)), options, to: CheckpointOutput(path: path))
    try expectSame(Checkpoint.open(path), expected)
  }

  @Test func liveSoupsReadingsAndAnglesAreToo() throws {
    let pairs = try pairs(3)
    func measure(_ tables: [any TensorTable]) throws -> (Weights, [IngredientReading], Gram) {
      let named = tables.enumerated().map { NamedTable("\($0)", $1) }
      let soup = try RunningSoup(like: named[0])
      for table in named { try soup.add(table) }
      try soup.remove(named: "1")
      let preflight = Preflight()
      return (
        try soup.weights(), try named.map { try preflight.read($0, reference: named[0]) },
        try Geometry.gram(of: named, minus: nil).total
      )
    }
    let (plain, strided) = (try measure(pairs.map(\.0)), try measure(pairs.map(\.1)))
    try expectSame(strided.0, plain.0)
    #expect(strided.1 == plain.1)
    #expect(strided.2 == plain.2)
  }

  @Test func writesThemOutPieceByPiece() throws {
    let (plain, strided) = try pairs(1)[0]
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/copy.safetensors"
    try SafetensorsWriter(strided.tensors, to: path).write(allOf: strided)
    try expectSame(Checkpoint.open(path), plain)
  }

  @Test(arguments: [1, 8, 300, 3000])
  func roomForGatheringDoesNotGrowWithTheStreams(count: Int) throws {
    let strided = try StridedTable(randomMatrices(seed: 0))
    let streams = LentStreams(workers: 2)
    try streams.lend((0..<count).map { _ in (0, 0) }, of: [strided], from: count / 2) {
      #expect(streams.longestRun * count * 4 <= 16 << 20)
      let runs = streams.runs(100..<103)
      #expect(runs.count == count && runs.allSatisfy { $0.elementsEqual(runs[0]) })
    }
  }

  @Test func streamsInOrderNeedNoRoom() throws {
    let plain = try randomMatrices(seed: 0)
    let streams = LentStreams(workers: 1)
    try streams.lend([(0, 1)], of: [plain], from: 0) {
      #expect(streams.longestRun == .max)
      plain.withBytes(ofTensorAt: 1) { bytes in
        #expect(streams.runs(0..<1500)[0].baseAddress == bytes.baseAddress)
      }
    }
  }
}
