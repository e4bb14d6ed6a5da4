import Checkpoints
import Testing

@testable import Averaging

@Suite struct WholeWeightsTests {
  @Test(arguments: [1, 2, 3, 5, 8, 24, 72, 1000])
  func uniformWeightsAreOnesOverTheirNumber(count: Int) {
    let whole = WholeWeights(Array(repeating: 1 / Double(count), count: count))
    #expect(whole.divisor == Double(count))
    #expect(whole.weights == Array(repeating: 1, count: count))
  }

  @Test func aTermTakenTwiceCountsTwice() {
    let sixth = 1 / 6.0
    #expect(WholeWeights([2 * sixth, sixth, 3 * sixth]) == WholeWeights([2 / 6.0, 1 / 6.0, 0.5]))
    #expect(WholeWeights([2 * sixth, sixth, 3 * sixth]).weights == [2, 1, 3])
  }

  @Test(arguments: [[0.25, 0.75], [0.5, 0.25, 0.25], [2, -1], [0.0123456789, 0.9876543211]])
  func otherWeightsStayAsTheyAre(weights: [Double]) {
    let whole = WholeWeights(weights)
    #expect(whole.divisor == 1)
    #expect(whole.weights == weights)
  }

  /// 24 halves whose mean lies exactly between two halves must go to the even one.
  @Test func meansBetweenTwoHalvesGoToTheEvenOne() throws {
    for odd in stride(from: 1, through: 1023, by: 2) {
      // In units of the last place of a half in [1, 2): twelve at `odd`, twelve at `odd + 1`.
      let terms = try (0..<24).map { index in
        let value = Float16(1) + Float16(odd + index % 2) / 1024
        let bytes = withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init)
        let table = try Weights([TensorInfo(name: "w", dtype: .f16, shape: [1])]) { room in
          room[0].copyBytes(from: bytes)
        }
        return AverageTerm("\(index)", table, weight: 1 / 24.0)
      }
      let mean = try Averager.average(terms).weights
      let bits = mean.withBytes(ofTensorAt: 0) { $0.loadUnaligned(as: UInt16.self) }
      #expect(Float16(bitPattern: bits) == Float16(1) + Float16(odd + 1) / 1024, "\(odd)")
    }
  }
}
