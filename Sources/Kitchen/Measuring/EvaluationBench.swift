import Averaging
import Checkpoints
import Evaluation
import Foundation
import Recipes
import Sweeps

/// Measures evaluations on the sweep that comes with the program.
package final class EvaluationBench: Sendable {
  /// What evaluating one soup took, in seconds.
  package struct Cost: Hashable, Sendable {
    /// Handing over the weights, and one example.
    package let swap: Double
    /// All of val besides.
    package let pass: Double
  }

  /// What giving candidates up early spares, with the decisions of full evaluations.
  package struct Saving: Sendable {
    /// Examples that greedy looked at, of those that full evaluations look at.
    package let seen: Double
    /// The same of the mean rejected candidate.
    package let rejected: Double
    /// In the order in which they were.
    package let accepted: [String]
    package let candidates: Int
    /// With nothing evaluated before, the ingredients' own accuracies aside.
    package let seconds: Double
  }

  /// Examples a batch, a whole number of batches for each of up to ten threads.
  package static let batch = 60

  /// The sweep's folder, the model's file, and the inputs of val: what another program needs to do the
  /// same.
  package let folder: String
  package let model: String
  package let inputs: String

  private let sweep: Sweep
  private let evaluator: OnnxEvaluator
  private let split: Split
  private let soups: [Weights]

  /// - Parameter folder: where the sweep is written, and the ledgers of its runs.
  /// - Throws: `InputError` when there is no ONNX Runtime, or the folder cannot be written.
  package init(folder: String) throws {
    self.folder = folder
    model = folder + "/model.onnx"
    inputs = folder + "/data/val_x.npy"
    try DemoSweep.write(to: folder)
    sweep = try Sweep.open(folder)
    evaluator = try OnnxEvaluator(model: model)
    split = try Split.load(
      name: "val", role: .val, inputs: [SplitInput(name: nil, file: inputs)],
      labelsFile: folder + "/data/val_y.npy")
    let tables = try sweep.ingredients.prefix(3).compactMap(\.file).map { try Checkpoint.open($0) }
    soups = try (0..<tables.count).map { left in
      let terms = tables.enumerated().filter { $0.offset != left }.map { index, table in
        AverageTerm("\(index)", table, weight: 0.5)
      }
      return try Averager.average(terms).weights
    }
  }

  /// Version of the ONNX Runtime in use, and how many threads share the batches.
  package var runtime: (version: String, threads: Int) {
    (evaluator.runtimeVersion, evaluator.parallelBatches)
  }

  /// Evaluates another soup than the last time on all of val.
  package func evaluate(turn: Int) async throws -> Cost {
    let swap = try await seconds(soups[turn % soups.count], order: [0])
    let whole = try await seconds(soups[(turn + 1) % soups.count], order: nil)
    return Cost(swap: swap, pass: max(whole - swap, 0))
  }

  private func seconds(_ weights: Weights, order: [Int]?) async throws -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try await evaluator.evaluate(weights, on: split, order: order, batch: .fixed(Self.batch)) { _ in
      .proceed
    }
    return (clock.now - start).inSeconds
  }

  /// Cooks greedy with an empty ledger.
  package func greedy() async throws -> Saving {
    let ledger = folder + "/ledger-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: ledger) }
    let clock = ContinuousClock()
    let start = clock.now
    let kitchen = try Kitchen(sweep: sweep, ledgerDirectory: ledger)
    let result = try await kitchen.cook(
      RecipeSpec(.greedy), lane: Lane("bench", urgency: .recipe), tell: { _ in })
    let seconds = (clock.now - start).inSeconds
    let rejected = Sparing(over: result.decisions.filter { !$0.isAccepted })
    return Saving(
      seen: 1 - (Sparing(over: result.decisions).share ?? 0), rejected: 1 - (rejected.share ?? 0),
      accepted: result.decisions.filter(\.isAccepted).map(\.candidate),
      candidates: result.decisions.count,
      seconds: seconds)
  }
}

/// Measures ensembles of many classes.
package struct EnsembleBench: Sendable {
  private let members: [Logits]
  private let tops: [RowTops]
  private let labels: [Int32]

  /// Makes logits of a family of models: they agree on most examples.
  package init(members count: Int, rows: Int, classes: Int) {
    var generator = SeededGenerator(seed: 1)
    labels = (0..<rows).map { _ in Int32.random(in: 0..<Int32(classes), using: &generator) }
    let difficulties = labels.map { _ in Float.random(in: 0...8, using: &generator) }
    let labels = labels
    members = (0..<count).map { _ in
      var values = [Float](repeating: 0, count: rows * classes)
      for place in values.indices {
        values[place] = Float(generator.next() >> 40) * 0x1p-22 - 2
      }
      for row in 0..<rows { values[row * classes + Int(labels[row])] += difficulties[row] }
      return Logits(rows: rows, classes: classes, values: values)
    }
    tops = members.map(RowTops.init)
  }

  /// Seconds that the accuracy of the ensemble of the first `count` takes.
  package func seconds(of count: Int) -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    _ = Ensemble.correct(
      of: Array(members.prefix(count)), tops: Array(tops.prefix(count)), labels: labels)
    return (clock.now - start).inSeconds
  }

  /// The same by averaging all logits.
  package func secondsByAveraging(of count: Int) -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    _ = Ensemble.correct(of: Array(members.prefix(count)), labels: labels)
    return (clock.now - start).inSeconds
  }
}
