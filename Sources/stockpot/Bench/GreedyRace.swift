import Averaging
import Kitchen

/// Greedy as it is cooked here and the published loop in PyTorch, in turn on one sweep.
///
/// Both know the ingredients' own accuracies and nothing else from before; both evaluate the soup on
/// every split at last.
struct GreedyRace {
  let bench: EvaluationBench
  let repeats: Int

  func run(against peer: PythonPeers?, _ result: inout BenchResult) async throws {
    let threads = Set([1, bench.runtime.threads]).sorted()
    let ways = threads.map { "published loop, PyTorch, \($0) \($0 == 1 ? "thread" : "threads")" }
    var table = BenchTable(
      title: "greedy on digits-vit", columns: [.init(title: "seconds", key: "seconds")])
    var seconds = [[Double]](repeating: [], count: 1 + ways.count)
    var ratios: [Double] = []
    // The first turn warms up.
    var saving = try await bench.greedy()
    var answers = try askAll(peer, threads)
    for _ in 0..<repeats {
      try Task.checkCancellation()
      saving = try await bench.greedy()
      answers = try askAll(peer, threads)
      let row = [saving.seconds] + answers.map(\.cost.seconds)
      for (index, value) in row.enumerated() { seconds[index].append(value) }
      if let best = row.dropFirst().min() { ratios.append(saving.seconds / best) }
    }
    table.rows = zip(["Stockpot"] + ways, seconds).filter { !$1.isEmpty }.map {
      BenchTable.Row(name: $0, figures: [EvaluationSection.median($1)])
    }
    result.tables.append(table)
    let other = answers.first { $0.names != saving.accepted }
    result.bars += [
      BenchBar(
        "greedy, against the published loop in PyTorch",
        other == nil ? EvaluationSection.median(ratios) : nil, .atMost, 0.5, unit: "×"),
      BenchBar("greedy, of full evaluations' examples", saving.seen, .atMost, 0.5, unit: "×"),
      BenchBar(
        "a rejected candidate, of a full evaluation", saving.rejected, .atMost, 0.15, unit: "×"),
    ]
    result.notes.append(note(on: saving, against: answers.first, other: other))
  }

  private func askAll(_ peer: PythonPeers?, _ threads: [Int]) throws -> [PythonPeers.Answer] {
    guard let peer else { return [] }
    return try threads.map { try peer.run([bench.folder, "\($0)"], .torchGreedy) }
  }

  private func note(
    on saving: EvaluationBench.Saving, against same: PythonPeers.Answer?,
    other: PythonPeers.Answer?
  ) -> String {
    let accepted = "\(saving.accepted.count) of \(saving.candidates) candidates"
    if let other {
      return "Greedy accepted \(saving.accepted.joined(separator: ", ")) and the published loop "
        + "\(other.names.joined(separator: ", ")), so their times are not compared."
    }
    guard same != nil else { return "Greedy accepted \(accepted), with an empty ledger." }
    return
      "Greedy and the published loop accepted the same \(accepted), with nothing known but the "
      + "ingredients' own accuracies; the faster number of PyTorch's threads counts."
  }
}
