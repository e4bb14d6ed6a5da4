import Checkpoints
import OrderedCollections

extension SweepReader {
  private static let names = [
    "results.jsonl", "results.ndjson", "results.json", "results.csv",
    "individual_model_results.jsonl", "summary.csv", "sweep.csv", "runs.csv",
  ]

  private static let hyperparameterFiles = [
    "hparam_info.json", "hparams.json", "hyperparameters.json",
  ]

  /// The results that go with the checkpoints, with hyperparameters from a file of their own joined.
  ///
  /// Nil where there is no such file; then `runs` are those of trackers, if there are any.
  mutating func findResults() throws -> ResultTable? {
    let table: ResultTable?
    if let said = manifest?.results {
      let path = try existing(said, what: "the results file")
      if isFolder(path) {
        runs = try runs(in: path, at: said.place)
        return nil
      }
      table = ResultTable(
        try ResultsFile(reading: path), fractionsAreMetrics: hyperparameterFile != nil)
    } else if let chosenResults {
      table = ResultTable(
        try ResultsFile(reading: chosenResults), fractionsAreMetrics: hyperparameterFile != nil)
    } else {
      table = discoveredResults()
    }
    guard let table else {
      runs = RunTable(in: directory)
      return nil
    }
    return joinHyperparameters(to: table)
  }

  private func runs(in folder: String, at place: String) throws -> RunTable {
    guard let runs = RunTable(in: folder) else {
      throw InputError(
        file: manifest?.path ?? directory, place: place, problem: "no runs in \(folder)",
        mend: "Understood are runs of "
          + RunFormat.allCases.map(\.title).joined(separator: ", ") + ", and results files")
    }
    return runs
  }

  private var hyperparameterFile: String? {
    SweepReader.hyperparameterFiles.map { "\(directory)/\($0)" }.first(where: isThere)
  }

  /// The first well-known name; else the only table in the folder.
  private mutating func discoveredResults() -> ResultTable? {
    let present = entries(of: directory)
    var name = SweepReader.names.first(where: present.contains)
    if name == nil {
      let tables = present.filter {
        ["csv", "jsonl", "ndjson"].contains(fileExtension(of: $0)) && !isReference($0)
      }
      if tables.count == 1 {
        name = tables[0]
        notes.append(Note(.info, file: "\(directory)/\(tables[0])", "taken for the results"))
      }
    }
    guard let name else { return nil }
    do {
      let file = try ResultsFile(reading: "\(directory)/\(name)")
      return ResultTable(file, fractionsAreMetrics: hyperparameterFile != nil)
    } catch {
      notes.append(Note(error))
    }
    return nil
  }

  private mutating func joinHyperparameters(to table: ResultTable) -> ResultTable {
    guard let path = hyperparameterFile,
      table.rows.allSatisfy({ $0.hyperparameters.isEmpty })
    else { return table }
    do {
      let rows = ResultTable(try ResultsFile(reading: path)).rows
      let byName = Dictionary(rows.map { ($0.name, $0.hyperparameters) }) { _, last in last }
      return table.addingHyperparameters(byName)
    } catch {
      notes.append(Note(error))
    }
    return table
  }

  /// `greedy_soup_results.jsonl` and the like: rows that are not ingredients of this sweep.
  private func isReference(_ name: String) -> Bool {
    stem(of: name).hasSuffix("_results")
      && ["jsonl", "json", "csv"].contains(fileExtension(of: name))
      && !SweepReader.names.contains(name)
  }

  /// Results of soups and ensembles: rows of that role, and files named `…_results` of their own.
  mutating func findReferences(besides results: ResultTable?, names: SplitNames) -> [NamedResult] {
    var references: [NamedResult] = []
    var rows = results?.rows.filter { $0.role == .reference } ?? []
    for name in entries(of: directory) where isReference(name) {
      let path = "\(directory)/\(name)"
      guard path != results?.path else { continue }
      do {
        rows += ResultTable(try ResultsFile(reading: path), fractionsAreMetrics: true).rows
      } catch {
        notes.append(Note(error))
      }
    }
    for row in rows
    where !row.metrics.isEmpty && !references.contains(where: { $0.name == row.name }) {
      references.append(NamedResult(name: row.name, metrics: names.renamed(row.metrics)))
    }
    return references
  }
}

extension ResultTable {
  fileprivate func addingHyperparameters(
    _ byName: [String: OrderedHyperparameters]
  ) -> ResultTable {
    let rows = rows.map { row in
      Row(
        place: row.place, name: row.name, path: row.path, role: row.role,
        hyperparameters: byName[row.name] ?? [:], metrics: row.metrics)
    }
    return ResultTable(path: path, rows: rows, splits: splits, notes: notes)
  }
}
