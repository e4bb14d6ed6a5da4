import Checkpoints
import Evaluation
import Foundation
import OrderedCollections

/// Puts a sweep together from a manifest, where there is one, and from what lies in the folder.
struct SweepReader {
  let directory: String
  let manifest: Manifest?
  /// A results file that the person named in place of the folder.
  let chosenResults: String?
  /// What trackers left, where that is where the results are.
  var runs: RunTable?
  var notes: [Note] = []

  static func open(_ path: String) throws -> Sweep {
    let absolute = absolutePath(path, in: FileManager.default.currentDirectoryPath)
    guard isThere(absolute) else {
      throw InputError(
        file: absolute, problem: "no such file or folder",
        mend: "Give the folder of a sweep, or its stockpot.toml")
    }
    var reader: SweepReader
    if isFolder(absolute) {
      let file = absolute + "/stockpot.toml"
      let manifest = isThere(file) ? try Manifest(reading: file) : nil
      reader = SweepReader(directory: absolute, manifest: manifest, chosenResults: nil)
    } else {
      let folder = parentFolder(of: absolute)
      switch fileExtension(of: absolute) {
      case "toml":
        reader = SweepReader(
          directory: folder, manifest: try Manifest(reading: absolute), chosenResults: nil)
      case "jsonl", "ndjson", "json", "csv":
        reader = SweepReader(directory: folder, manifest: nil, chosenResults: absolute)
      default:
        throw InputError(
          file: absolute, problem: "not a sweep",
          mend: "Give the folder of a sweep, its stockpot.toml, or its results file")
      }
    }
    return try reader.read()
  }

  static func discover(in folder: String) throws -> Sweep {
    let directory = absolutePath(folder, in: FileManager.default.currentDirectoryPath)
    var reader = SweepReader(directory: directory, manifest: nil, chosenResults: nil)
    return try reader.read()
  }

  init(directory: String, manifest: Manifest?, chosenResults: String?) {
    self.directory = directory
    self.manifest = manifest
    self.chosenResults = chosenResults
  }

  private mutating func read() throws -> Sweep {
    let file = try findResults()
    let candidates = try findCheckpoints()
    let results = file ?? runs.map { ResultTable($0.results(for: candidates)) }
    notes += results?.notes ?? []
    let initialisation = try findInitialisation(among: candidates, results: results)
    let found = uniquelyNamed(
      candidates.filter { $0.file != initialisation?.file }, notes: &notes)
    let evaluator = try findEvaluator()
    let splits = try findSplits(results: results, for: evaluator)
    let names = SplitNames(splits, reported: results?.splits ?? [])
    let ingredients = join(found, with: results, initialisation: initialisation, names: names)
    if ingredients.isEmpty { throw nothingFound() }
    let references = findReferences(besides: results, names: names)
    if !splits.contains(where: { $0.role == .val }) {
      notes.append(
        Note(
          .warning, file: directory, "no val split: recipes have nothing to select by",
          mend: "Add [splits.val] to stockpot.toml"))
    }
    return Sweep(
      directory: directory, name: manifest?.name ?? lastComponent(of: directory),
      manifest: manifest?.path, results: results?.path, ingredients: ingredients,
      initialisation: describe(initialisation, results: results, names: names),
      evaluator: evaluator, splits: splits, selectionMetric: manifest?.metric ?? .accuracy,
      checkpointOptions: manifest?.checkpoints ?? CheckpointOptions(),
      severities: manifest?.preflight ?? [:],
      references: references, notes: notes)
  }

  private func nothingFound() -> InputError {
    InputError(
      file: directory, problem: "no checkpoints and no results in this folder",
      mend: "Expected are checkpoints (.safetensors, .pt, .pth, .bin, .ckpt) here or in "
        + "ingredients/ or checkpoints/, or a results.jsonl, .json or .csv")
  }

  /// `path` as the manifest says it, made absolute and checked.
  func existing(_ said: Manifest.Said<String>, what: String) throws -> String {
    let path = absolutePath(said.value, in: directory)
    guard isThere(path) else {
      throw InputError(
        file: manifest?.path ?? directory, place: said.place,
        problem: "\(what) \(path) does not exist",
        mend: "Correct the path; it is relative to \(directory)")
    }
    return path
  }
}

// MARK: - Checkpoints

extension SweepReader {
  private static let folders = ["ingredients", "checkpoints", "ckpts", "models", "runs", "weights"]

  /// Every checkpoint that may be an ingredient, the initialisation perhaps among them.
  private mutating func findCheckpoints() throws -> [FoundCheckpoint] {
    if let patterns = manifest?.ingredients {
      return try patterns.flatMap(listedCheckpoints(matching:))
    }
    if let runs, !runs.checkpoints.isEmpty { return runs.checkpoints }
    for name in SweepReader.folders where isFolder("\(directory)/\(name)") {
      let found = checkpoints(in: "\(directory)/\(name)")
      if !found.isEmpty { return found }
    }
    return checkpoints(in: directory)
  }

  /// The checkpoints that a pattern of the manifest names.
  /// - Throws: `InputError` when there are none.
  func listedCheckpoints(matching pattern: Manifest.Said<String>) throws
    -> [FoundCheckpoint]
  {
    let isPattern = pattern.value.contains { "*?[".contains($0) }
    let paths =
      isPattern
      ? glob(pattern.value, in: directory) : [try existing(pattern, what: "the checkpoint")]
    var found: [FoundCheckpoint] = []
    for path in paths {
      if isCheckpointName(path) || (!isPattern && !isFolder(path)) {
        found.append(FoundCheckpoint(name: checkpointName(path), file: path))
      } else if isFolder(path), let weights = weights(inFolder: path) {
        found.append(FoundCheckpoint(name: lastComponent(of: path), file: weights))
      } else if isFolder(path), !isPattern {
        found += checkpoints(in: path)
      }
    }
    if found.isEmpty {
      throw InputError(
        file: manifest?.path ?? directory, place: pattern.place,
        problem: "\"\(pattern.value)\" matches no checkpoint in \(directory)",
        mend: "Checkpoints end in .safetensors, .pt, .pth, .bin or .ckpt")
    }
    return found
  }

  private static let initialisationNames: Set<String> = [
    "theta0", "theta_0", "init", "initialisation", "initialization", "pretrained", "zeroshot",
    "zero_shot", "zero-shot",
  ]

  /// θ0: the manifest's, else the results' row of that role, else a checkpoint of a telling name.
  private func findInitialisation(
    among candidates: [FoundCheckpoint], results: ResultTable?
  ) throws -> FoundCheckpoint? {
    if let said = manifest?.initialisation {
      let path = try existing(said, what: "the initialisation")
      let file = isFolder(path) ? weights(inFolder: path) ?? path : path
      let name = isFolder(path) ? lastComponent(of: path) : checkpointName(path)
      return FoundCheckpoint(name: name, file: file)
    }
    if let row = results?.rows.first(where: { $0.role == .initialisation }) {
      if let path = row.path.flatMap({ existingFile($0, results: results) }) {
        return FoundCheckpoint(name: row.name, file: path)
      }
      if let candidate = candidates.first(where: { $0.name == row.name }) { return candidate }
    }
    return (candidates + checkpoints(in: directory)).first {
      SweepReader.initialisationNames.contains($0.name.lowercased())
    }
  }

  /// A path that a results file names, looked for beside the file and in the sweep's folder.
  private func existingFile(_ path: String, results: ResultTable?) -> String? {
    let folders = Set([directory, results.map { parentFolder(of: $0.path) } ?? directory])
    for folder in folders {
      let file = absolutePath(path, in: folder)
      guard isThere(file) else { continue }
      return isFolder(file) ? weights(inFolder: file) : file
    }
    return nil
  }
}

// MARK: - Joining checkpoints with results

extension SweepReader {
  private mutating func join(
    _ found: [FoundCheckpoint], with results: ResultTable?, initialisation: FoundCheckpoint?,
    names: SplitNames
  ) -> [Ingredient] {
    let byFile = Dictionary(found.map { ($0.file, $0) }) { first, _ in first }
    let byName = Dictionary(found.map { ($0.name, $0) }) { first, _ in first }
    var used: Set<String> = []
    var ingredients: OrderedDictionary<String, Ingredient> = [:]
    var missing: [String] = []
    for row in ingredientRows(of: results) {
      var file: String?
      if let path = row.path {
        let absolute = absolutePath(path, in: directory)
        file =
          byFile[absolute]?.file ?? byName[row.name]?.file ?? byName[checkpointName(path)]?.file
        if file == nil, manifest?.ingredients == nil { file = existingFile(path, results: results) }
      } else {
        file = byName[row.name]?.file
      }
      if file == nil, initialisation?.name == row.name { continue }
      if let file { used.insert(file) } else { missing.append(row.name) }
      // Rows without a file are no ingredients of a sweep whose manifest lists its files.
      if file == nil, manifest?.ingredients != nil { continue }
      ingredients[row.name] = Ingredient(
        name: row.name, file: file, hyperparameters: row.hyperparameters,
        metrics: names.renamed(row.metrics))
    }
    let unmatched = found.filter { !used.contains($0.file) }
      .sorted { naturallyPrecedes($0.name, $1.name) }
    for checkpoint in unmatched {
      ingredients[freeName(checkpoint.name, in: ingredients)] = Ingredient(
        name: freeName(checkpoint.name, in: ingredients), file: checkpoint.file)
    }
    tell(missing: missing, unmatched: unmatched.map(\.name), found: found, results: results)
    return Array(ingredients.values)
  }

  private func freeName(_ name: String, in taken: OrderedDictionary<String, Ingredient>) -> String {
    var free = name
    var number = 2
    while taken[free] != nil {
      free = "\(name)~\(number)"
      number += 1
    }
    return free
  }

  /// One row a name, the last one: a run that was repeated is appended to its results.
  private mutating func ingredientRows(of results: ResultTable?) -> [ResultTable.Row] {
    var rows: OrderedDictionary<String, ResultTable.Row> = [:]
    var repeated: OrderedSet<String> = []
    for row in results?.rows ?? [] where row.role == .ingredient {
      if rows[row.name] != nil { repeated.append(row.name) }
      rows[row.name] = row
    }
    if let results, !repeated.isEmpty {
      notes.append(
        Note(
          .warning, file: results.path,
          "more than one row for \(listed(Array(repeated))): the last one counts",
          mend: "Remove the others"))
    }
    return Array(rows.values)
  }

  private mutating func tell(
    missing: [String], unmatched: [String], found: [FoundCheckpoint], results: ResultTable?
  ) {
    guard let results else {
      let message = "no results file: hyperparameters and known metrics are missing"
      notes.append(
        Note(
          .info, file: directory, message, mend: "Add results.jsonl, results.json or results.csv"))
      return
    }
    if found.isEmpty {
      notes.append(
        Note(.info, file: directory, "results without checkpoints: soups cannot be made here"))
    } else if !missing.isEmpty {
      notes.append(
        Note(
          .warning, file: results.path, "no checkpoint for \(listed(missing))",
          mend: "Check the names and paths against the files"))
    }
    if !unmatched.isEmpty {
      notes.append(
        Note(
          .warning, file: results.path, "no row for the checkpoints \(listed(unmatched))",
          mend: "Name the rows as the files are named, or give each a path"))
    }
  }

  /// The initialisation with what the results, or a file of its own such as `init.json`, say of it.
  private mutating func describe(
    _ found: FoundCheckpoint?, results: ResultTable?, names: SplitNames
  ) -> Ingredient? {
    let row = initialisationRow(found, results: results)
    guard let name = found?.name ?? row?.name else { return nil }
    return Ingredient(
      name: name, file: found?.file, hyperparameters: row?.hyperparameters ?? [:],
      metrics: names.renamed(row?.metrics ?? [:]))
  }

  private mutating func initialisationRow(
    _ found: FoundCheckpoint?, results: ResultTable?
  ) -> ResultTable.Row? {
    let rows = results?.rows ?? []
    if let row = rows.first(where: { $0.role == .initialisation }) { return row }
    if let found, let row = rows.first(where: { $0.name == found.name }) { return row }
    for name in ["init.json", "initialisation.json", "initialization.json", "theta0.json"] {
      let path = "\(directory)/\(name)"
      guard isThere(path) else { continue }
      do {
        return ResultTable(try ResultsFile(reading: path)).rows.first
      } catch {
        notes.append(Note(error))
      }
    }
    // As the paper's own files mark it: "info": "LP initialization".
    return rows.first { row in
      guard case .text(let info) = row.hyperparameters["info"] else { return false }
      return info.lowercased().contains("initiali")
    }
  }
}

/// `a, b, c and 4 more`.
func listed(_ names: [String]) -> String {
  let shown = names.prefix(5).joined(separator: ", ")
  return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
}
