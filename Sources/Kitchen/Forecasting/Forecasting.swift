import Averaging
import Checkpoints
import Evaluation
import Ledger
import Recipes
import Sweeps
import Synchronization

/// What is expected of a set's soup on val.
package struct Expectation: Hashable, Sendable {
  /// Share of val that is right.
  package let accuracy: Double
  /// Whether it was measured, and so is no expectation any more.
  package let isMeasured: Bool

  package init(accuracy: Double, isMeasured: Bool) {
    self.accuracy = accuracy
    self.isMeasured = isMeasured
  }
}

/// What would come of the set in hand, and of changing it by one.
package struct SetForecast: Hashable, Sendable {
  /// One ingredient more or less.
  package struct Change: Hashable, Sendable {
    package let ingredient: String
    /// Put in; else taken out.
    package let isAddition: Bool
    package let expectation: Expectation

    package init(ingredient: String, isAddition: Bool, expectation: Expectation) {
      self.ingredient = ingredient
      self.isAddition = isAddition
      self.expectation = expectation
    }
  }

  package let set: HandPickedSet
  /// Nil for the empty set.
  package let own: Expectation?
  /// The set with the ingredient under the cursor put in or taken out.
  package let atCursor: Change?
  package let bestAddition: Change?
  package let bestRemoval: Change?
  /// Soups that were measured since the tables were made.
  package let checks: Int
  /// How far expectations were off from those, as a share of val; nil before the second.
  package let error: Double?

  package init(
    of set: HandPickedSet, own: Expectation?, atCursor: Change?, bestAddition: Change?,
    bestRemoval: Change?, checks: Int, error: Double?
  ) {
    self.set = set
    self.own = own
    self.atCursor = atCursor
    self.bestAddition = bestAddition
    self.bestRemoval = bestRemoval
    self.checks = checks
    self.error = error
  }
}

/// How far the tables are that forecasts are read from.
package enum ForecastStatus: Hashable, Sendable {
  /// Evaluations of val still missing, at most, and what the tables take.
  case making(done: Int, of: Int)
  case ready
  case failed(String)
}

/// The tables of a kitchen and who makes them.
struct ForecastDesk {
  var predictor: SoupPredictor?
  var making: Task<Void, Never>?
  var answering: Task<Void, Never>?

  var all: [Task<Void, Never>] { [making, answering].compactMap(\.self) }
}

extension Kitchen {
  /// Tables small enough that a question is answered within a frame: beyond this, val is sampled.
  private static var tableMemory: Int { 48 << 20 }

  private var forecastMembers: [String] {
    let unmixable = check.refusals()
    return sweep.ingredients.filter { $0.file != nil && unmixable[$0.name] == nil }.map(\.name)
  }

  /// Makes the tables in the background, once; the observer hears how far they are.
  package func startForecasting() {
    forecasts.withLock { desk in
      guard desk.predictor == nil, desk.making == nil else { return }
      desk.making = Task { await self.makeTables() }
    }
  }

  /// Makes the tables when the ledger has everything that they need.
  func startForecastingWhereKnown() throws {
    let names = forecastMembers
    guard names.count > 1 else { return }
    let val = try split(named: selectionSplit())
    guard !val.isScalar else { return }
    for blend in LinearisedTables.blends(of: names) {
      try Task.checkCancellation()
      guard try ledger.hasLogits(for: key(of: blend, on: val, precision: .single)) else { return }
    }
    startForecasting()
  }

  private func makeTables() async {
    do {
      let names = forecastMembers
      let total = names.count + 1
      observer(.forecasting(.making(done: 0, of: total)))
      let observer = observer
      let predictor = try await makePredictor(
        of: names, lane: Lane("forecast", urgency: .background), memory: Self.tableMemory
      ) { step in
        if case .slope(_, let step) = step {
          observer(.forecasting(.making(done: step + 1, of: total)))
        }
      }
      forecasts.withLock { $0.predictor = predictor }
      observer(.forecasting(.ready))
    } catch {
      forecasts.withLock { $0.making = nil }
      observer(.forecasting(.failed(error is CancellationError ? "stopped" : "\(error)")))
    }
  }

  /// Says from the tables what would come of a set, and of changing it.
  ///
  /// The answer goes to the observer, unless something else is asked meanwhile; there is none without
  /// tables.
  ///
  /// - Parameter cursor: an ingredient that might be put in or taken out.
  package func forecast(_ set: HandPickedSet, cursor: String?) {
    forecasts.withLock { desk in
      guard let predictor = desk.predictor else { return }
      desk.answering?.cancel()
      desk.answering = Task(priority: .userInitiated) {
        guard let answer = try? self.answer(set, cursor: cursor, predictor),
          !Task.isCancelled
        else { return }
        self.observer(.forecast(answer))
      }
    }
  }

  /// What a soup really scored tells how far off expectations are.
  func learn(_ soup: Blend, measured score: Score) {
    forecasts.withLock { $0.predictor }?.learn(soup, measured: score)
  }

  private func answer(
    _ set: HandPickedSet, cursor: String?, _ predictor: SoupPredictor
  ) throws -> SetForecast? {
    let tables = predictor.tables
    let neighbours =
      set.weights == nil
      ? tables.neighbours(of: set.members, beta: predictor.beta)
      : try tables.neighbours(of: set.blend)
    guard let neighbours else { return nil }
    let record = predictor.recordSoFar
    let val = try split(named: selectionSplit())
    func expectation(_ soup: Blend, correct: Int) throws -> Expectation {
      if let known = try ledger.evaluation(for: key(of: soup, on: val)),
        let accuracy = known.score.accuracy
      {
        return Expectation(accuracy: accuracy, isMeasured: true)
      }
      let share = Double(correct) / Double(max(1, tables.plan.rows))
      // Levels are off by much the same for all sets: what was seen of that is taken away.
      let bias = (record.bias ?? 0) / Double(max(1, val.count))
      return Expectation(accuracy: min(1, max(0, share - bias)), isMeasured: false)
    }
    let changes = try neighbours.map { neighbour in
      try Task.checkCancellation()
      let name = neighbour.ingredient
      return (
        change: SetForecast.Change(
          ingredient: name, isAddition: !set.members.contains(name),
          expectation: try expectation(set.toggling(name), correct: neighbour.correct)),
        likelihood: neighbour.likelihood
      )
    }
    // By what is shown, measured or expected: else a better one could stand beside the best.
    func best(_ isAddition: Bool) -> SetForecast.Change? {
      changes.filter { $0.change.isAddition == isAddition }.max { left, right in
        let (lower, higher) = (left.change.expectation.accuracy, right.change.expectation.accuracy)
        return lower == higher ? left.likelihood < right.likelihood : lower < higher
      }?.change
    }
    return SetForecast(
      of: set,
      own: try tables.predict(set.blend).map { try expectation(set.blend, correct: $0.correct) },
      atCursor: changes.first { $0.change.ingredient == cursor }?.change,
      bestAddition: best(true), bestRemoval: best(false),
      checks: record.pairs.count, error: record.spread.map { $0 / Double(max(1, val.count)) })
  }
}
