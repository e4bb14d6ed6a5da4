package import Averaging
package import Evaluation
package import Recipes
import Sweeps
import Synchronization

/// What a set's soup would score on val, said without an evaluation.
package struct Forecast: Hashable, Sendable {
  package let prediction: Prediction
  /// How forecasts have compared with soups that were measured since.
  package let record: PredictionRecord
}

/// Predicts the soup of any set of ingredients within a frame, from tables made once.
package final class SoupPredictor: Sendable {
  package let tables: LinearisedTables
  /// The best inverse temperature at the base.
  package let beta: Double
  private let record = Mutex(Learned())

  private struct Learned {
    var record = PredictionRecord()
    /// Soups that were learned from, each once.
    var soups: Set<[String: Double]> = []
  }

  init(tables: LinearisedTables, beta: Double) {
    self.tables = tables
    self.beta = beta
  }

  /// How forecasts have compared with measurements.
  package var recordSoFar: PredictionRecord { record.withLock(\.record) }

  /// Nil for an empty set, or one with an ingredient that the tables do not have.
  package func forecast(of set: [String]) -> Forecast? {
    tables.predict(set).map { Forecast(prediction: $0, record: recordSoFar) }
  }

  /// Takes in what a soup really scored, so that forecasts can say how far off they were.
  package func learn(_ soup: Blend, measured score: Score) {
    guard let prediction = tables.predict(soup), prediction.n > 0, score.n > 0 else { return }
    // Where the tables cover a part of val, their count stands for the same share of all of it.
    let scale = Double(score.n) / Double(prediction.n)
    record.withLock {
      let weights = soup.terms.map { ($0.ingredient, $0.weight) }
      guard $0.soups.insert(Dictionary(weights, uniquingKeysWith: +)).inserted else { return }
      $0.record.add(predicted: Double(prediction.correct) * scale, measured: Double(score.correct))
    }
  }
}

extension Kitchen {
  /// Makes a predictor around the uniform soup of the named ingredients: one evaluation of val each, and
  /// one more.
  ///
  /// - Parameters:
  ///   - names: nil for all that have weights.
  ///   - memory: bytes that the tables may take.
  ///   - tell: hears what it will take before it starts, and each step.
  /// - Throws: as `measure`; `CancellationError`.
  package func makePredictor(
    of names: [String]? = nil, lane: Lane, gate: PauseGate = PauseGate(), seed: UInt64 = 0,
    memory: Int = 512 << 20,
    tell: @Sendable (TableStep) -> Void = { _ in }
  ) async throws -> SoupPredictor {
    let val = try selectionSplit()
    try await prepare(splits: [val])
    let members = names ?? sweep.ingredients.filter { $0.file != nil }.map(\.name)
    guard !members.isEmpty else { throw RecipeError.noCandidates }
    let source = try KitchenLogits(self, split: val, lane: lane, gate: gate)
    let share = 1 / Double(members.count)
    let (tables, centre) = try await LinearisedTables.make(
      of: members, around: members.map { _ in share }, from: source, memory: memory, seed: seed,
      tell: tell)
    return SoupPredictor(
      tables: tables, beta: Calibration(of: centre, labels: source.labels).beta)
  }

  /// Measures random sets to see how well their soups were predicted: by the tables, and by the
  /// accuracy of their logit ensembles, which is what RADIN ranks by.
  ///
  /// - Parameters:
  ///   - sets: how many.
  ///   - tell: hears of each set, its forecast and its measurement.
  /// - Throws: as `measure`; `CancellationError`.
  package func check(
    _ predictor: SoupPredictor, sets: Int, seed: UInt64, lane: Lane,
    tell: @Sendable (PredictionCheck.Row) -> Void = { _ in }
  ) async throws -> PredictionCheck {
    let val = try selectionSplit()
    let names = predictor.tables.ingredients
    var generator = SeededGenerator(seed: seed)
    var check = PredictionCheck()
    let most = min(12, names.count)
    for _ in 0..<sets where most > 1 {
      try Task.checkCancellation()
      let size = Int.random(in: 2...most, using: &generator)
      let chosen = Set(names.shuffled(using: &generator).prefix(size))
      let set = names.filter(chosen.contains)
      guard let prediction = predictor.tables.predict(set) else { continue }
      let score = try await measure(.uniform(set), on: val, lane: lane).score
      let ensemble = try await self.ensemble(
        set, on: val, lane: lane, withLikelihood: false
      ).score
      predictor.learn(.uniform(set), measured: score)
      let row = PredictionCheck.Row(
        set: set, predicted: prediction, ensemble: ensemble, measured: score)
      check.add(row)
      tell(row)
    }
    return check
  }
}

/// Predictions of sets beside what their soups really scored on val.
package struct PredictionCheck: Sendable {
  /// One set.
  package struct Row: Sendable {
    package let set: [String]
    package let predicted: Prediction
    package let ensemble: Score
    package let measured: Score
  }

  package private(set) var rows: [Row] = []
  package private(set) var linearised = PredictionRecord()
  package private(set) var ensembles = PredictionRecord()

  mutating func add(_ row: Row) {
    rows.append(row)
    let scale = Double(row.measured.n) / Double(max(1, row.predicted.n))
    let measured = Double(row.measured.correct)
    linearised.add(predicted: Double(row.predicted.correct) * scale, measured: measured)
    ensembles.add(predicted: Double(row.ensemble.correct), measured: measured)
  }
}
