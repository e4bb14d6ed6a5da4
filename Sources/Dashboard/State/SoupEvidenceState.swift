import Averaging
package import Kitchen
import Sweeps
import TerminalUI

/// What is known of the soup in hand besides its scores: tests against others, and forecasts.
package struct SoupEvidenceState: Sendable {
  /// Of the set that was measured last, the newest of each kind.
  package private(set) var tests: [SoupTest] = []
  package private(set) var status: ForecastStatus?
  /// The answer to the newest question.
  package private(set) var forecast: SetForecast?
  /// Counts what was measured since: forecasts change with it.
  fileprivate var measurements = 0

  package init() {}

  package mutating func take(_ test: SoupTest) {
    if let first = tests.first, !first.soup.isSame(as: test.soup) { tests = [] }
    tests.removeAll { $0.split == test.split && Self.isAlike($0.rival, test.rival) }
    tests.append(test)
  }

  private static func isAlike(_ first: SoupTest.Rival, _ second: SoupTest.Rival) -> Bool {
    switch (first, second) {
    case (.previous, .previous), (.bestSingle, .bestSingle): true
    case (.previous, .bestSingle), (.bestSingle, .previous): false
    }
  }

  package mutating func take(_ status: ForecastStatus) {
    self.status = status
    if status != .ready { forecast = nil }
  }

  package mutating func take(_ answer: SetForecast) { forecast = answer }

  /// Something was measured that forecasts learn from.
  package mutating func noteMeasurement() { measurements += 1 }

  /// The tests of a set on a split, against the best single first.
  package func tests(of set: HandPickedSet, on split: String) -> [SoupTest] {
    tests.filter { $0.split == split && $0.soup.isSame(as: set) }
      .sorted { first, _ in first.rival != .previous }
  }
}

extension HandPickedSet {
  /// Whether it is the same soup, in whatever order.
  func isSame(as other: HandPickedSet) -> Bool {
    // The same in the same order is by far the most common.
    self == other
      || Blend.of(members, weights: weights).shares
        == Blend.of(other.members, weights: other.weights).shares
  }
}

/// What forecasts are asked for.
package struct ForecastQuestion: Hashable, Sendable {
  package let set: HandPickedSet
  package let cursor: String?
  fileprivate let measurements: Int
}

extension State {
  /// What is asked as things stand; nil while there are no tables.
  var forecastQuestion: ForecastQuestion? {
    guard evidence.status == .ready else { return nil }
    return ForecastQuestion(
      set: self.set.handPicked, cursor: table.cursor, measurements: evidence.measurements)
  }
}

/// Makes the tables behind forecasts, after saying what they cost.
func startForecasting(_ argument: String?, _ state: inout State) -> [Effect] {
  if let trouble = state.evaluatorTrouble {
    state.log.add(trouble, .trouble, at: state.now)
    return []
  }
  switch state.evidence.status {
  case .ready:
    state.log.add("forecasts are there: they follow the cursor", .notice, at: state.now)
    return []
  case .making(let done, let total):
    state.log.add("forecasts: \(done) of \(total) evaluations", .notice, at: state.now)
    return []
  case .failed, nil: break
  }
  guard argument == "now" else {
    let cost =
      state.table.ingredients.count {
        $0.file != nil && state.table.unmixable[$0.name] == nil
      } + 1
    state.modes.append(
      .confirm(
        Confirmation(
          title: "Make forecasts?",
          lines: [
            "\(cost) evaluations of \(state.selectionSplit), less what is known, in the background.",
            "After that the soup of any set is predicted before it is measured.",
          ],
          choices: [("not now", .tick), ("make them", .command(.forecast, argument: "now"))])))
    return []
  }
  return [.startForecasting]
}
