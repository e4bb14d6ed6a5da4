package import Checkpoints
package import Evaluation
import OrderedCollections

/// A folder of fine-tuned checkpoints, their results, and how to evaluate them, as found on disk.
///
/// A value: nothing in it is read again, and no checkpoint was opened to make it.
package struct Sweep: Sendable {
  /// Absolute path.
  package let directory: String
  package let name: String
  /// Absolute path of `stockpot.toml`; nil when the folder was understood without one.
  package let manifest: String?
  /// Absolute path of the results file, or of the folder of runs; nil without results.
  package let results: String?
  /// In the order of the results file, then the rest in natural order of their names.
  package let ingredients: [Ingredient]
  /// θ0, the checkpoint that every fine-tune started from.
  package let initialisation: Ingredient?
  package let evaluator: EvaluatorSpec?
  /// Val first, then test, then the shifts in order; splits known from results alone have no data.
  package let splits: [SplitSpec]
  package let selectionMetric: Metric
  /// How checkpoints that leave a choice are opened.
  package var checkpointOptions: CheckpointOptions
  /// What findings of the pre-flight comparison mean where that is not the standard.
  package let severities: [Finding.Rule: Finding.Severity]
  /// Results that came with the sweep but belong to no ingredient.
  package let references: [NamedResult]
  package let notes: [Note]

  package init(
    directory: String, name: String, manifest: String?, results: String? = nil,
    ingredients: [Ingredient],
    initialisation: Ingredient?, evaluator: EvaluatorSpec?, splits: [SplitSpec],
    selectionMetric: Metric = .accuracy,
    checkpointOptions: CheckpointOptions = CheckpointOptions(),
    severities: [Finding.Rule: Finding.Severity] = [:], references: [NamedResult] = [],
    notes: [Note] = []
  ) {
    self.directory = directory
    self.name = name
    self.manifest = manifest
    self.results = results
    self.ingredients = ingredients
    self.initialisation = initialisation
    self.evaluator = evaluator
    self.splits = splits
    self.selectionMetric = selectionMetric
    self.checkpointOptions = checkpointOptions
    self.severities = severities
    self.references = references
    self.notes = notes
  }

  /// Opens a sweep's folder, its manifest, or its results file.
  ///
  /// No checkpoint and no data file is read: 1,000 checkpoints open in a few milliseconds.
  /// - Throws: `InputError` when there is nothing to open, when the manifest is malformed or names
  ///   files that are missing. What is merely odd becomes one of the `notes`.
  package static func open(_ path: String) throws -> Sweep {
    try SweepReader.open(path)
  }

  /// Opens a sweep's folder as if it had no manifest.
  /// - Throws: `InputError` when there is nothing to open.
  package static func discover(in folder: String) throws -> Sweep {
    try SweepReader.discover(in: folder)
  }

  /// The split of that name, or of another spelling of it (`canonicalSplitName`).
  package func split(named name: String) -> SplitSpec? {
    splits.first { $0.name == name }
      ?? splits.first { canonicalSplitName($0.name) == canonicalSplitName(name) }
  }

  /// Every ingredient's, each once, in the order of their first appearance.
  package var hyperparameterNames: [String] {
    var seen: Set<String> = []
    return ingredients.flatMap(\.hyperparameters.keys).filter { seen.insert($0).inserted }
  }

  /// The split that recipes look at.
  package var val: SplitSpec? { splits.first { $0.role == .val } }

  /// The ingredient of that name, or the initialisation.
  package func ingredient(named name: String) -> Ingredient? {
    ingredients.first { $0.name == name } ?? (initialisation?.name == name ? initialisation : nil)
  }

  /// A path from the sweep's folder on; one that lies elsewhere stays as it is.
  package func relative(_ path: String) -> String {
    let folder = directory.hasSuffix("/") ? directory : directory + "/"
    return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
  }
}
