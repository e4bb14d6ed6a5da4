import Averaging
import Evaluation
import Foundation
import Testing

@testable import Recipes

/// Tables of linearised logits and what is solved on them.
struct LinearisedTests {
  private func uniform(_ count: Int) -> [Double] {
    Array(repeating: 1 / Double(count), count: count)
  }

  /// A point of the simplex.
  private func weights(_ count: Int, _ generator: inout SeededGenerator) -> [Double] {
    let raw = (0..<count).map { _ in Double.random(in: 0...1, using: &generator) }
    let sum = raw.reduce(0, +)
    return raw.map { $0 / sum }
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func logitsThatAreLinearArePredictedExactly(seed: UInt64) async throws {
    let model = ToyModel(seed: seed, ingredients: 5, isLinear: true)
    var generator = SeededGenerator(seed: seed)
    let base = weights(5, &generator)
    let tables = try await LinearisedTables.make(
      of: model.ingredients, around: base, from: model
    ).tables
    for _ in 0..<10 {
      let weights = weights(5, &generator)
      let blend = tables.blend(weights)
      let logits = try await model.logits(of: blend)
      let prediction = try #require(tables.predict(blend, beta: 1.5))
      #expect(prediction.correct == logits.correct(model.labels))
      #expect(abs(prediction.nll - logits.nll(model.labels, beta: 1.5)) < 1e-4)
    }
  }

  @Test(arguments: [0.01, 0.05, 0.5])
  func thePredictionAtTheBaseIsExactForAnyStep(step: Double) async throws {
    let model = ToyModel(seed: 3, ingredients: 4)
    let (tables, centre) = try await LinearisedTables.make(
      of: model.ingredients, around: uniform(4), from: model, step: step)
    let prediction = tables.prediction(of: uniform(4))
    #expect(prediction.correct == centre.correct(model.labels))
    #expect(abs(prediction.nll - centre.nll(model.labels)) < 1e-5)
  }

  @Test func slopesAreThoseOfTheModel() async throws {
    let model = ToyModel(seed: 5, ingredients: 4)
    let tables = try await LinearisedTables.make(
      of: model.ingredients, around: uniform(4), from: model, step: 1e-3
    ).tables
    // The loss of the tables has the model's gradient at the base, along every direction e_i − w.
    let gradient = try await model.gradient(
      ingredients: model.ingredients, weights: [uniform(4)], tensors: .all, beta: 1,
      examples: Array(0..<model.examples))
    let mean = gradient.weights[0].reduce(0, +) / 4
    for lane in 0..<4 {
      var moved = uniform(4).map { $0 * (1 - 1e-2) }
      moved[lane] += 1e-2
      var back = uniform(4).map { $0 * (1 + 1e-2) }
      back[lane] -= 1e-2
      let slope = (tables.prediction(of: moved).nll - tables.prediction(of: back).nll) / 2e-2
      #expect(abs(slope - (gradient.weights[0][lane] - mean)) < 5e-3)
    }
  }

  @Test func unknownNamesAndEmptySetsHaveNoPrediction() async throws {
    let model = ToyModel(seed: 1, ingredients: 3)
    let tables = try await LinearisedTables.make(
      of: model.ingredients, around: uniform(3), from: model
    ).tables
    #expect(tables.predict(["i0", "nobody"]) == nil)
    #expect(tables.predict([]) == nil)
    #expect(tables.predict(["i0", "i1"])?.n == model.examples)
  }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func theFitIsTheBestOfTheSimplex(seed: UInt64) async throws {
    let model = ToyModel(seed: seed + 40, ingredients: 3)
    let tables = try await LinearisedTables.make(
      of: model.ingredients, around: uniform(3), from: model
    ).tables
    let mixture = try MixtureFit(tables: tables).best(within: 4, beta: 1)
    #expect(abs(mixture.weights.reduce(0, +) - 1) < 1e-9)
    #expect(mixture.weights.allSatisfy { $0 >= 0 })
    var best = Double.infinity
    for i in 0...40 {
      for j in 0...(40 - i) {
        let point = [Double(i) / 40, Double(j) / 40, Double(40 - i - j) / 40]
        for beta in [mixture.beta, mixture.beta * 0.7, mixture.beta * 1.4] {
          best = min(best, tables.prediction(of: point, beta: beta).nll)
        }
      }
    }
    #expect(mixture.nll <= best + 1e-3)
  }

  @Test(arguments: [0.1, 0.3, 0.8])
  func theRadiusIsKept(radius: Double) async throws {
    let model = ToyModel(seed: 9, ingredients: 6)
    let tables = try await LinearisedTables.make(
      of: model.ingredients, around: uniform(6), from: model
    ).tables
    let mixture = try MixtureFit(tables: tables).best(within: radius, beta: 1)
    let moved = zip(mixture.weights, uniform(6)).reduce(0) { $0 + abs($1.0 - $1.1) }
    #expect(moved <= radius + 1e-9)
    let start = tables.prediction(of: uniform(6), beta: mixture.beta).nll
    #expect(mixture.nll <= start + 1e-6)
  }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func climbsEndWhereNoStepHelps(seed: UInt64) async throws {
    let model = ToyModel(seed: seed + 20, ingredients: 6)
    let tables = try await LinearisedTables.make(
      of: model.ingredients, around: uniform(6), from: model
    ).tables
    let search = SubsetSearch(tables: tables, beta: 2)
    var generator = SeededGenerator(seed: seed)
    let tops = try search.tops(from: [], starts: 8, using: &generator)
    #expect(tops.map(\.merit) == tops.map(\.merit).sorted(by: >))
    let all = (1..<64).map { bits in
      merit((0..<6).map { bits >> $0 & 1 == 1 }, tables, beta: 2)
    }
    let first = try #require(tops.first)
    #expect(abs(first.merit - merit(first.isMember, tables, beta: 2)) < 1e-2)
    for lane in 0..<6 {
      var other = first.isMember
      other[lane].toggle()
      if other.contains(true) { #expect(merit(other, tables, beta: 2) <= first.merit + 1e-2) }
    }
    // Sets are so few that one of the climbs finds the best.
    #expect(first.merit >= (all.max() ?? 0) - 0.5)
  }

  /// The softened count, the slow way.
  private func merit(_ members: [Bool], _ tables: LinearisedTables, beta: Double) -> Double {
    let lanes = members.indices.filter { members[$0] }
    return (0..<tables.cells.rows).reduce(0.0) { sum, row in
      let cell = tables.cells.row(row)
      let logits = (0..<tables.cells.columns).map { column in
        lanes.reduce(0.0) { $0 + Double(cell[column * tables.cells.lanes + $1]) }
          / Double(lanes.count)
      }
      let margin = logits[0] - (logits.dropFirst().max() ?? 0)
      return sum + 1 / (1 + exp(-SubsetSearch.sharpness * beta * margin))
    }
  }

  @Test func plansKeepWithinTheirMemory() {
    let small = TablePlan(examples: 600, classes: 10, ingredients: 24)
    #expect((small.rows, small.columns) == (600, 10))
    let large = TablePlan(examples: 26_000, classes: 1_000, ingredients: 72)
    #expect((large.rows, large.columns) == (26_000, 32))
    #expect(large.bytes <= 512 << 20)
    let tight = TablePlan(
      examples: 26_000, classes: 1_000, ingredients: 72, memory: 16 << 20, seed: 1)
    #expect(tight.columns == 8)
    #expect(tight.rows < 26_000 && tight.bytes <= 16 << 20)
    #expect(tight.chosenExamples.count == tight.rows)
    #expect(tight.chosenExamples == Set(tight.chosenExamples).sorted())
  }

  @Test func fewerClassesStillPredict() async throws {
    let model = ToyModel(seed: 12, ingredients: 4, examples: 40)
    let (tables, _) = try await LinearisedTables.make(
      of: model.ingredients, around: uniform(4), from: model,
      // Room for 20 of the 40 examples: 3 classes × 8 lanes × 4 bytes each.
      memory: 20 * 3 * 8 * 4)
    #expect(tables.plan.rows == 20)
    let prediction = try #require(tables.predict(model.ingredients))
    #expect(prediction.n == 20)
    #expect((0...20).contains(prediction.correct))
  }

  @Test func recordsTellBiasErrorAndCorrelation() {
    var record = PredictionRecord()
    #expect(record.bias == nil)
    for (predicted, measured) in [(10.0, 12.0), (11, 12.5), (12, 15)] {
      record.add(predicted: predicted, measured: measured)
    }
    #expect(abs((record.bias ?? 0) + 13.0 / 6) < 1e-12)
    #expect(abs((record.meanAbsoluteError ?? 0) - 13.0 / 6) < 1e-12)
    #expect(abs((record.correlation ?? 0) - 0.9332565) < 1e-6)
  }
}
