import Averaging
import Evaluation
import Foundation
import Kitchen

/// Evaluations against ONNX Runtime's own Python session, greedy against the published loop in
/// PyTorch, and what greedy spares.
struct EvaluationSection: BenchSection {
  let repeats: Int
  /// The interpreter asked for.
  let python: String?
  let folder: String

  private static let members = 20
  private static let classes = 1_000
  /// A tenth of what the bar speaks of, so that it takes 0.4 GB and not 4.
  private static let rows = 5_000

  func measure(_ say: (String) -> Void) async throws -> BenchResult {
    var result = BenchResult(section: "evaluation")
    say("evaluating soups of the demo sweep")
    let folder = try BenchFolder(in: folder)
    let bench = try EvaluationBench(folder: folder.path)
    let peers = result.startPeers(
      asked: python,
      for: [("onnxruntime", \.onnxruntime), ("PyTorch with safetensors", \.torch)])
    try await measureEvaluations(
      bench, peers.flatMap { $0.versions?.onnxruntime == nil ? nil : $0 }, &result)
    say("greedy on the demo sweep")
    try await GreedyRace(bench: bench, repeats: repeats).run(
      against: peers.flatMap { $0.versions?.torch == nil ? nil : $0 }, &result)
    say("ensembles of \(Self.members), \(Self.rows) × \(Self.classes) logits")
    measureEnsembles(&result)
    return result
  }

  private func measureEvaluations(
    _ bench: EvaluationBench, _ peer: PythonPeers?, _ result: inout BenchResult
  ) async throws {
    let names = [
      "val pass", "swap and one example", "Python, one session", "Python, a thread a batch",
    ]
    var seconds = names.map { _ in [Double]() }
    var ratios: [Double] = []
    var swaps: [Double] = []
    for turn in 0...repeats {
      try Task.checkCancellation()
      let cost = try await bench.evaluate(turn: turn)
      var row = [cost.pass, cost.swap]
      if let peer {
        for way in [PythonPeers.Way.onnxSession, .onnxThreads] {
          row.append(
            try peer.run([bench.model, bench.inputs, "\(EvaluationBench.batch)"], way)
              .cost.seconds)
        }
      }
      // The first turn warms up.
      guard turn > 0 else { continue }
      for (index, value) in row.enumerated() { seconds[index].append(value) }
      swaps.append(cost.swap / cost.pass)
      if let best = row.dropFirst(2).min() { ratios.append(cost.pass / best) }
    }
    let runtime = bench.runtime
    var table = BenchTable(
      title: "val of digits-vit, 600 examples", columns: [.init(title: "seconds", key: "seconds")])
    table.rows = zip(names, seconds).filter { !$1.isEmpty }.map {
      BenchTable.Row(name: $0, figures: [Self.median($1)])
    }
    result.tables.append(table)
    result.bars += [
      BenchBar(
        "a val pass, against Python's session", Self.median(ratios), .atMost, 1.05, unit: "×"),
      BenchBar(
        "swapping weights, of a val pass", Self.median(swaps), .atMost, 0.1, unit: "×"),
    ]
    result.notes.append(
      "ONNX Runtime \(runtime.version), \(runtime.threads) threads, batches of "
        + "\(EvaluationBench.batch); the faster of Python's two ways counts.")
  }

  private func measureEnsembles(_ result: inout BenchResult) {
    let bench = EnsembleBench(members: Self.members, rows: Self.rows, classes: Self.classes)
    var times: [[Double]] = [[], []]
    for _ in 0..<repeats {
      times[0].append(bench.seconds(of: Self.members) * 1_000)
      times[1].append(bench.secondsByAveraging(of: Self.members) * 1_000)
    }
    var table = BenchTable(
      title: "ensemble of \(Self.members), \(Self.rows) × \(Self.classes) logits",
      columns: [.init(title: "ms", key: "milliseconds")])
    table.rows = zip(["by the members' winners", "averaging all logits"], times).map {
      BenchTable.Row(name: $0, figures: [Self.median($1)])
    }
    result.tables.append(table)
    result.bars.append(
      BenchBar(
        "ensemble of \(Self.members), \(Self.rows) × \(Self.classes) logits",
        Self.median(times[0]), .atMost, 10, unit: "ms"))
  }

  static func median(_ values: [Double]) -> Double? {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return nil }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
