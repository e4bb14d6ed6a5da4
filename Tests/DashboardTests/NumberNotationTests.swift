import Averaging
import Evaluation
import Testing

@testable import Dashboard

@Suite struct NumberNotationTests {
  /// Columns of the texts up to their decimal point, or the end of a whole number, when all end at
  /// the same column.
  private func points(_ values: [Double], _ notation: NumberNotation) -> Set<Int> {
    let texts = values.map(notation.text)
    let width = texts.map(\.count).max() ?? 0
    return Set(
      texts.map { text in
        let digits = text.drop { $0 == "-" }.prefix { $0.isNumber }
        let sign = text.hasPrefix("-") ? 1 : 0
        return width - text.count + sign + digits.count
      })
  }

  @Test(
    arguments: [
      ([16, 24, 40], ["16", "24", "40"]),
      ([0.128, 0.43, 0.2], ["0.128", "0.430", "0.200"]),
      ([0, 0.1], ["0.0", "0.1"]),
      ([3.7e-4, 2e-3, 0.01], ["3.7e-4", "2.0e-3", "1.0e-2"]),
      ([1e-5, 3e-4], ["1e-5", "3e-4"]),
      ([1e-4, 2.5e-12], ["1.0e-4 ", "2.5e-12"]),
      ([0, 1e-4, 0.05], ["0   ", "1e-4", "5e-2"]),
      ([0, 0.13, 0.93, 0.4, 5e-4], ["0.0000", "0.1300", "0.9300", "0.4000", "0.0005"]),
      ([1e6, 5], ["1000000", "5"]),
    ] as [([Double], [String])])
  func aColumnIsWrittenInOneWay(values: [Double], texts: [String]) {
    let notation = NumberNotation(for: values)
    #expect(values.map(notation.text) == texts)
  }

  @Test func decimalPointsStandBelowEachOther() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<500 {
      let decades = Double.random(in: 0...8, using: &generator)
      let values = (0..<12).map { _ -> Double in
        let value = Double.random(in: -decades...1, using: &generator)
        return Bool.random(using: &generator) ? value : value * 1e-3
      }
      let notation = NumberNotation(for: values)
      #expect(points(values, notation).count == 1, "\(values.map(notation.text))")
    }
  }

  @Test func whatTheSampleDidNotShowIsNotRoundedToNothing() {
    let notation = NumberNotation(for: [0.1, 0.5])
    #expect(notation.text(0.0004) == "4e-4")
    #expect(notation.text(.infinity) == "inf")
    #expect(NumberNotation(for: []).text(3) == "3")
  }
}
