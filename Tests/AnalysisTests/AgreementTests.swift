import Averaging
import Testing

@testable import Analysis

struct AgreementTests {
  /// Against `numpy.corrcoef`, `scipy.stats.spearmanr` and `numpy.polyfit`.
  @Test func knownNumbers() throws {
    let x = [0.1, -0.2, 0.35, 0.0, 0.8, -0.5, 0.35]
    let y = [0.2, -0.1, 0.25, 0.05, 0.3, -0.4, -0.1]
    let agreement = Agreement(zip(x, y).map { (predicted: $0, measured: $1) })
    #expect(agreement.count == 7)
    #expect(abs(try #require(agreement.correlation) - 0.8064848770997365) < 1e-12)
    #expect(abs(try #require(agreement.rankCorrelation) - 0.790909090909091) < 1e-12)
    #expect(abs(try #require(agreement.slope) - 0.47394789579158314) < 1e-12)
    #expect(agreement.signAgreement == 5.0 / 7)
  }

  @Test func tooLittleToSay() {
    #expect(Agreement([]).correlation == nil)
    #expect(Agreement([]).signAgreement == nil)
    #expect(Agreement([(1, 2)]).correlation == nil)
    #expect(Agreement([(1, 2), (1, 3)]).correlation == nil)
    #expect(Agreement([(1, 2), (1, 3)]).slope == nil)
    #expect(Agreement([(.nan, 2), (1, .infinity), (1, 1)]).count == 1)
  }

  @Test func pairsOfASeedAreTheSame() {
    let names = (0..<20).map { "ft_\($0)" }
    let all = PairReport.pairs(of: names)
    #expect(all.count == 190)
    let some = PairReport.pairs(of: names, limit: 30, seed: 3)
    #expect(some.count == 30)
    #expect(some.elementsEqual(PairReport.pairs(of: names, limit: 30, seed: 3), by: ==))
    #expect(!some.elementsEqual(PairReport.pairs(of: names, limit: 30, seed: 4), by: ==))
    let numbered = all.map { "\($0.0) \($0.1)" }
    let places = some.compactMap { numbered.firstIndex(of: "\($0.0) \($0.1)") }
    #expect(places.count == 30 && places == places.sorted() && Set(places).count == 30)
    #expect(PairReport.pairs(of: names, limit: 500).count == 190)
  }
}
