import Checkpoints
import OrderedCollections

/// The runs of a folder, as results of a sweep.
struct RunTable: Sendable {
  /// The folder that was looked into; an absolute path.
  let path: String
  let format: RunFormat
  private let runs: [TrackedRun]
  /// One a run.
  private let names: [String]
  private let finderNotes: [Note]

  /// Settings that say where a run was put, not what it was.
  private static let placeSettings: Set<String> = [
    "output", "output_dir", "experiment", "experiment_name", "exp_name", "run_name", "name",
    "save_dir", "log_dir", "logging_dir", "work_dir", "checkpoint_dir", "run_id", "wandb_id",
    "hub_model_id",
  ]

  /// Nil when no run lies below `folder`.
  init?(in folder: String) {
    let finder = RunFinder(in: folder)
    guard let (format, runs) = finder.chosen else { return nil }
    path = folder
    self.format = format
    self.runs = runs
    names = Self.names(of: runs, below: folder)
    var notes = finder.notes
    let others = finder.runs.filter { $0.key != format }.map {
      "\($0.value.count) of \($0.key.title)"
    }
    if !others.isEmpty {
      notes.append(
        Note(.info, file: folder, "runs not taken for the sweep: \(listed(others.sorted()))"))
    }
    finderNotes = notes
  }

  /// The checkpoints that runs hold: one a run, or all of the only run.
  var checkpoints: [FoundCheckpoint] {
    if runs.count == 1, runs[0].snapshots.count > 1 {
      return runs[0].snapshots.map { FoundCheckpoint(name: checkpointName($0.file), file: $0.file) }
    }
    return zip(runs, names).compactMap { run, name in
      run.checkpoint.map { FoundCheckpoint(name: name, file: $0) }
    }
  }

  /// A row for every run, or for every one of the candidates that lie in a run's folder.
  func results(for candidates: [FoundCheckpoint]) -> ResultsFile {
    let same = sameEverywhere
    var left: OrderedSet<String> = []
    var rows: [ResultsFile.Row] = []
    for (run, name) in zip(runs, names) {
      let settings = run.settings.filter {
        !same.contains($0.key) && !Self.placeSettings.contains($0.key)
      }
      func add(_ name: String, _ file: String?, _ metrics: TrackedRun.Columns) {
        let (understood, rest) = RunMetrics.understood(metrics)
        left.formUnion(rest)
        var fields: OrderedDictionary<String, JSONValue> = [
          "name": .string(name), "hyperparameters": .object(settings),
          "metrics": .object(understood),
        ]
        if let file { fields["path"] = .string(file) }
        rows.append(ResultsFile.Row(place: "run \(name)", key: nil, fields: fields))
      }
      let inside = candidates.filter { $0.file.hasPrefix(run.folder + "/") }
      if inside.count > 1 {
        for candidate in inside {
          let snapshot = run.snapshots.first { $0.file == candidate.file }
          add(candidate.name, candidate.file, snapshot?.metrics ?? [:])
        }
      } else if let only = inside.first {
        let snapshot =
          only.file == run.checkpoint ? nil : run.snapshots.first { $0.file == only.file }
        add(name, only.file, snapshot?.metrics ?? run.metrics)
      } else {
        let candidate = self.candidate(for: run, named: name, among: candidates)
        add(run.name == nil ? candidate?.name ?? name : name, candidate?.file, run.metrics)
      }
    }
    return ResultsFile(path, rows: rows, notes: notes(same: same, left: left))
  }

  private func notes(same: Set<String>, left: OrderedSet<String>) -> [Note] {
    let runs = runs.count == 1 ? "1 run" : "\(runs.count) runs"
    var notes = finderNotes
    notes.append(Note(.info, file: path, "\(runs) of \(format.title)"))
    if !same.isEmpty {
      notes.append(
        Note(
          .info, file: path,
          "settings alike in every run, left out of the table: \(same.count)"))
    }
    if !left.isEmpty {
      notes.append(
        Note(.info, file: path, "not understood as accuracies, left out: \(listed(Array(left)))"))
    }
    return notes
  }

  /// Settings with one value in all of several runs.
  private var sameEverywhere: Set<String> {
    guard runs.count > 1, let first = runs.first else { return [] }
    let same = first.settings.filter { key, value in
      runs.allSatisfy { $0.settings[key] == value }
    }
    return Set(same.keys)
  }
}

// MARK: - Names

extension RunTable {
  /// What the person called the runs, where that tells all apart; else what tells their folders apart.
  private static func names(of runs: [TrackedRun], below folder: String) -> [String] {
    let given = runs.compactMap(\.name)
    if given.count == runs.count, Set(given).count == given.count { return given }
    let ids = runs.compactMap(\.id)
    if ids.count == runs.count, Set(ids).count == ids.count {
      return zip(runs, ids).map { run, id in
        // Two runs of one name are told apart by the start of their identifier.
        run.name.map { "\($0)-\(id.prefix(6))" } ?? id
      }
    }
    return distinct(
      runs.map { run in
        run.folder == folder
          ? [lastComponent(of: folder)]
          : run.folder.dropFirst(folder.count + 1).split(separator: "/").map(String.init)
      })
  }

  /// The shortest ends of paths that differ, without the components that all have in common.
  private static func distinct(_ paths: [[String]]) -> [String] {
    let longest = paths.map(\.count).max() ?? 1
    for length in 1...max(1, longest) {
      let ends = paths.map { Array($0.suffix(length)) }
      guard Set(ends).count == ends.count else { continue }
      let shared = Set(ends[0]).filter { part in ends.allSatisfy { $0.contains(part) } }
      return ends.map { end in
        let telling = end.filter { !shared.contains($0) }
        return (telling.isEmpty ? end : telling).joined(separator: "/")
      }
    }
    return paths.map { $0.joined(separator: "/") }
  }

  /// The checkpoint elsewhere that is a run's; nil when there is none, or more than one.
  ///
  /// It has the run's name or identifier, or that of a path among its settings.
  private func candidate(
    for run: TrackedRun, named name: String, among candidates: [FoundCheckpoint]
  ) -> FoundCheckpoint? {
    var keys: Set<String> = [name, lastComponent(of: run.folder)]
    if let id = run.id { keys.insert(id) }
    for key in Self.placeSettings.union(["checkpoint", "checkpoint_path", "ckpt_path"]) {
      if let text = run.settings[key]?.string { keys.insert(checkpointName(text)) }
    }
    let named = candidates.filter { candidate in
      keys.contains(candidate.name)
        || candidate.file.split(separator: "/").contains { keys.contains(String($0)) }
    }
    if named.count == 1 { return named[0] }
    guard named.isEmpty, let id = run.id, id.count >= 6 else { return nil }
    let holding = candidates.filter { lastComponent(of: $0.file).contains(id) }
    return holding.count == 1 ? holding[0] : nil
  }
}
