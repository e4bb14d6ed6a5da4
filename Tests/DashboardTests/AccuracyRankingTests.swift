import Averaging
import Evaluation
import Testing

@testable import Dashboard

struct AccuracyRankingTests {
  /// What a sort of all of them would give.
  private func sorted(_ accuracies: [Double?]) -> [AccuracyRanking.Entry] {
    accuracies.enumerated().compactMap { place, accuracy in
      accuracy.flatMap { $0.isFinite ? AccuracyRanking.Entry(place: place, accuracy: $0) : nil }
    }
    .sorted { ($1.accuracy, $0.place) < ($0.accuracy, $1.place) }
  }

  @Test func itStaysAsSortingWouldHaveIt() {
    var generator = SeededGenerator(seed: 3)
    var accuracies = (0..<60).map { _ in
      Bool.random(using: &generator) ? Double(Int.random(in: 0..<12, using: &generator)) : nil
    }
    var ranking = AccuracyRanking(of: accuracies)
    #expect(ranking.entries == sorted(accuracies))
    for _ in 0..<2_000 {
      let place = Int.random(in: 0..<60, using: &generator)
      let value =
        Int.random(in: 0..<20, using: &generator) == 0
        ? Double.nan : Double(Int.random(in: 0..<12, using: &generator))
      accuracies[place] = value
      ranking.set(value, at: place)
      let expected = sorted(accuracies)
      #expect(ranking.entries == expected)
      for place in accuracies.indices {
        #expect(ranking.rank(of: place) == expected.firstIndex { $0.place == place })
      }
    }
  }

  /// The plot's ranking follows what is measured, and so do best and scale.
  @Test func theTableKeepsIt() throws {
    var table = SmallSweep.state().table
    #expect(table.best?.name == "ft_9" && table.scale == 0.6...0.92)
    table.take(Score(correct: 99, n: 100, nll: nil), of: "ft_8", on: "val")
    table.take(Score(correct: 1, n: 100, nll: nil), of: "ft_0", on: "test")
    #expect(table.best?.name == "ft_8" && table.scale == 0.79...0.99)
    #expect(table.rank(of: "ft_8") == 0 && table.rank(of: "ft_3") == 11)
  }
}
