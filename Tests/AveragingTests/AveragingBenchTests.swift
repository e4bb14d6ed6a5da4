import Checkpoints
import Foundation
import Testing

@testable import Averaging

@Suite struct AveragingBenchTests {
  @Test func everyWayStandsBesideThePlainSum() throws {
    let folder = try TemporaryFolder()
    let paths = try AveragingBench.makeFiles(
      count: 3, bytes: 4_000_000, dtype: .bf16, in: folder.path)
    let slow = BenchWay("slow") { BenchCost(seconds: 1000, processorSeconds: 2000) }
    let rows = try AveragingBench.measure(
      paths, repeats: 1, output: folder.path + "/soup.safetensors", others: [slow])
    #expect(
      rows.map(\.name) == [
        "plain sum", "average to memory", "average to file", "add one to a live soup",
        "remove it again", "slow",
      ])
    #expect(rows[0].ratio == 1 && rows[0].processorRatio == 1)
    #expect(rows.allSatisfy { $0.seconds > 0 && $0.ratio > 0 })
    #expect(rows[3].bytes * 3 == rows[0].bytes)
    let last = try #require(rows.last)
    #expect(last.seconds == 1000 && last.ratio < 0.01)
    #expect(folder.contents.count == 3)
  }
}
