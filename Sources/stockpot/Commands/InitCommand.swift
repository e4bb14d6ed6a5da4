import ArgumentParser
import Checkpoints
import Evaluation
import Foundation
import Sweeps

/// Looks at a folder and writes what it understood of it as a manifest.
struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Understand a folder, and write its stockpot.toml.",
    discussion: """
      Looked for are checkpoints; results as JSON lines, JSON or CSV, and runs of timm, the \
      Hugging Face Trainer, Lightning, MLflow and Weights & Biases; an ONNX model or evaluator.py; \
      and data/NAME_x.npy with data/NAME_y.npy. What was not understood is said. No checkpoint is \
      read, and nothing is overwritten.

      Examples:
        stockpot init sweeps/digits
        stockpot init --dry-run
        stockpot init --python sweeps/digits     # and evaluator.py: model() and data(split)
        stockpot init --onnx sweeps/digits       # and export_onnx.py, which writes model.onnx
      """)

  @Flag(help: "Also write evaluator.py, for a model evaluated in your own Python.")
  var python = false

  @Flag(help: "Also write export_onnx.py, which exports a PyTorch model as Stockpot needs it.")
  var onnx = false

  @Flag(help: "Print the manifest, and write nothing.")
  var dryRun = false

  @Flag(help: "One JSON document instead of text.")
  var json = false

  @Argument(help: "The sweep's folder (default: this one).", completion: .directory)
  var folder: String?

  func validate() throws {
    if python && onnx { throw ValidationError("--python or --onnx, not both") }
    if dryRun && (python || onnx) {
      throw ValidationError("--dry-run writes nothing; leave --python and --onnx away")
    }
  }

  func run() async throws {
    let command = self
    try await Ending.of { try command.work() }
  }

  private func work() throws {
    let directory = try existingFolder()
    var written: [String] = []
    if python {
      let path = directory + "/" + PythonSkeleton.fileName
      try write(PythonSkeleton.text, to: path)
      written.append(path)
    }
    if onnx {
      let path = directory + "/export_onnx.py"
      try write(String(decoding: PackageResources.export_onnx_py, as: UTF8.self), to: path)
      written.append(path)
    }
    let manifest = directory + "/stockpot.toml"
    if !dryRun, FileManager.default.fileExists(atPath: manifest) {
      guard written.isEmpty else { return tell(written, beside: manifest) }
      throw InputError(
        file: manifest, problem: "is there already",
        mend: "Move it away, or see with --dry-run what would be written")
    }
    let sweep: Sweep
    do {
      sweep = try Sweep.discover(in: directory)
    } catch let error as InputError where !written.isEmpty {
      Console.error("\(error)")
      return tell(written, beside: manifest)
    }
    let draft = ManifestDraft(sweep)
    if dryRun, !json { return Console.print(draft.text, terminator: "") }
    if !dryRun {
      try write(draft.text, to: manifest)
      written.append(manifest)
    }
    let document = InitDocument(sweep, draft, written: written)
    if json { try Console.json(document) } else { Console.print(document.text) }
  }

  private func existingFolder() throws -> String {
    let folder = folder ?? "."
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
      isFolder.boolValue
    else {
      throw InputError(file: folder, problem: "is no folder", mend: "Name the sweep's folder")
    }
    return URL(fileURLWithPath: folder).path
  }

  /// Says what a manifest that was not written must say.
  private func tell(_ written: [String], beside manifest: String) {
    for path in written { Console.print("wrote \(path)") }
    Console.print("\n\(manifest) was not written. What it is to say:\n")
    Console.print(
      python
        ? "[evaluator]\nkind = \"python\"\nfile = \"\(PythonSkeleton.fileName)\""
        : "[evaluator]\nmodel = \"model.onnx\"")
  }

  private func write(_ text: String, to path: String) throws {
    let file = try AtomicFile(path: path)
    try Array(text.utf8).withUnsafeBytes { try file.write($0, at: 0) }
    try file.commit()
  }
}

/// What `init` understood.
struct InitDocument: Encodable {
  struct SplitDocument: Encodable {
    let name: String
    let role: String
    /// Whether weights can be evaluated on it; else it is known from results alone.
    let evaluable: Bool
  }

  let sweep: String
  let directory: String
  let ingredients: Int
  /// Ingredients whose weights are there.
  let checkpoints: Int
  /// What names them in the manifest.
  let patterns: [String]
  let initialisation: String?
  let results: String?
  let hyperparameters: [String]
  let evaluator: String?
  let splits: [SplitDocument]
  /// What was guessed, left out or not understood.
  let notes: [String]
  let manifest: String
  let written: [String]

  init(_ sweep: Sweep, _ draft: ManifestDraft, written: [String]) {
    self.sweep = sweep.name
    directory = sweep.directory
    ingredients = sweep.ingredients.count
    checkpoints = sweep.ingredients.count { $0.file != nil }
    patterns = draft.patterns
    initialisation = sweep.initialisation?.name
    results = sweep.results
    hyperparameters = sweep.hyperparameterNames
    evaluator = sweep.evaluator?.file
    splits = sweep.splits.map {
      SplitDocument(name: $0.name, role: $0.role.rawValue, evaluable: $0.isEvaluable)
    }
    notes = sweep.notes.map { note in
      (note.severity == .warning ? "warning: " : "") + note.description
    }
    manifest = draft.text
    self.written = written
  }

  /// For a person: what was understood, what was not, what was written.
  var text: String {
    let evaluable = splits.filter(\.evaluable).map(\.name)
    let reported = splits.filter { !$0.evaluable }.map(\.name)
    let found = checkpoints == 0 ? "no checkpoints" : "\(checkpoints) checkpoints"
    var lines = ["\(sweep): \(ingredients) ingredients, \(found) \(listed(patterns))"]
    lines.append("  initialisation   \(initialisation ?? "none found")")
    lines.append("  results          \(results ?? "none found")")
    lines.append("  hyperparameters  \(listed(hyperparameters, else: "none"))")
    lines.append("  evaluator        \(evaluator ?? "none found: soups cannot be measured yet")")
    lines.append("  splits with data \(listed(evaluable, else: "none"))")
    if !reported.isEmpty { lines.append("  from results     \(listed(reported))") }
    if !notes.isEmpty { lines.append("") }
    lines += notes
    lines.append("")
    lines += written.map { "wrote \($0)" }
    return lines.joined(separator: "\n")
  }

  private func listed(_ words: [String], else nothing: String = "") -> String {
    words.isEmpty ? nothing : words.joined(separator: ", ")
  }
}
