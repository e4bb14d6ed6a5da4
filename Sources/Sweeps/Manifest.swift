import Checkpoints
import Evaluation
import Foundation
import TOMLText

/// `stockpot.toml`: what a sweep's owner says of it.
///
/// ```toml
/// [sweep]
/// name = "digits-vit"                           # default: the folder's name
/// ingredients = ["ingredients/*.safetensors"]   # files and patterns; also folders in Hugging Face layout
/// initialisation = "theta0.safetensors"
/// results = "results.jsonl"                     # JSON lines, JSON, CSV, or a folder of trackers' runs
/// metric = "accuracy"                           # what recipes select by: see `Metric`
/// entry = "state_dict"                          # keys to the weights in .pt files that hold several
/// weights = "ema"                               # or "raw", the default: which of both a .pt file has
/// inert = ["mylib.Config"]                      # unknown classes whose instances .pt files may have
/// [evaluator]
/// kind = "onnx"                                 # or "python", then `file` in place of `model`
/// model = "model.onnx"
/// [splits.val]
/// inputs = "data/val_x.npy"                     # or { input_ids = "…", attention_mask = "…" }
/// labels = "data/val_y.npy"
/// [splits.test]                                 # data/test_x.npy and data/test_y.npy
/// [splits.shifts.rotation]                      # data/rotation_x.npy, or data/shift_rotation_x.npy
/// [preflight]                                   # what findings mean: "note", "warn" or "refuse"
/// same-initialisation = "refuse"                # rules: see `Finding.Rule`
/// ```
///
/// Paths are relative to the manifest's folder. Every key may be left out, and what is left out is
/// looked for as in a folder without a manifest.
struct Manifest: Sendable {
  /// A value and where it was said.
  struct Said<Value: Sendable>: Sendable {
    let value: Value
    let place: String
  }

  struct Split: Sendable {
    let name: String
    let role: SplitRole
    let inputs: [(name: String?, file: Said<String>)]
    let labels: Said<String>?
    /// Of the split's table.
    let place: String
  }

  struct Evaluator: Sendable {
    let kind: EvaluatorSpec.Kind
    let file: Said<String>
    let options: [String: EvaluatorSpec.Option]
  }

  /// Absolute path.
  let path: String
  let name: String?
  let ingredients: [Said<String>]?
  let initialisation: Said<String>?
  let results: Said<String>?
  let metric: Metric?
  /// How checkpoints that leave a choice are opened.
  let checkpoints: CheckpointOptions
  /// What findings mean where that is not the standard.
  let preflight: [Finding.Rule: Finding.Severity]
  let evaluator: Evaluator?
  /// Val, test, then the shifts as they stand in the file; nil without a `splits` table.
  let splits: [Split]?

  /// - Throws: `InputError` with line and column: malformed TOML, an unknown key (the mend names the
  ///   nearest known one), a value of the wrong type.
  init(reading path: String) throws {
    let bytes = try readBytes(of: path)
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw InputError(file: path, problem: "not a text in UTF-8")
    }
    let toml: TOMLText
    do {
      toml = try TOMLText(text)
    } catch {
      throw InputError(
        file: path, place: error.place?.description, problem: "not TOML: \(error.problem)",
        mend: error.mend)
    }
    let document = ManifestTable(toml.table, file: path, path: [], places: toml.places)
    try document.allowOnly(["sweep", "evaluator", "splits", "preflight"])
    let sweep = try document.table("sweep")
    try sweep?.allowOnly([
      "name", "ingredients", "initialisation", "results", "metric", "entry", "weights", "inert",
    ])
    self.path = path
    name = try sweep?.text("name")?.value
    ingredients = try sweep?.texts("ingredients")
    initialisation = try sweep?.text("initialisation")
    results = try sweep?.text("results")
    metric = try sweep?.choice("metric", of: Metric.self)
    checkpoints = CheckpointOptions(
      entry: try sweep?.text("entry")?.value,
      weights: try sweep?.choice("weights", of: CheckpointOptions.Weights.self) ?? .raw,
      inert: Set(try sweep?.texts("inert")?.map(\.value) ?? []))
    preflight = try document.table("preflight").map(Manifest.severities) ?? [:]
    evaluator = try document.table("evaluator").map(Manifest.evaluator)
    splits = try document.table("splits").map(Manifest.splits)
  }

  private static func evaluator(_ table: ManifestTable) throws -> Evaluator {
    let kind = try table.choice("kind", of: EvaluatorSpec.Kind.self)
    let guessed = table.keys.contains("file") ? EvaluatorSpec.Kind.python : .onnx
    let known = EvaluatorSpec.optionKeys(of: kind ?? guessed)
    let fileKey = (kind ?? guessed) == .onnx ? "model" : "file"
    try table.allowOnly(["kind", fileKey] + known.keys.sorted())
    guard let file = try table.text(fileKey) else {
      throw table.error(
        fileKey, "the key `\(fileKey)` is missing",
        mend: (kind ?? guessed) == .onnx
          ? "Name the ONNX file: model = \"model.onnx\""
          : "Name the Python file: file = \"evaluator.py\"")
    }
    var options: [String: EvaluatorSpec.Option] = [:]
    for (key, type) in known { options[key] = try table.option(key, type) }
    if case .number(let seconds) = options["timeout"], !(seconds > 0) {
      throw table.error(
        "timeout", "is \(seconds), after which every worker would be ended at once",
        mend: "Leave it away for 300 s")
    }
    return Evaluator(kind: kind ?? guessed, file: file, options: options)
  }

  private static func severities(
    _ table: ManifestTable
  ) throws -> [Finding.Rule: Finding.Severity] {
    try table.allowOnly(Finding.Rule.allCases.map(\.rawValue))
    var severities: [Finding.Rule: Finding.Severity] = [:]
    for rule in Finding.Rule.allCases {
      guard let severity = try table.choice(rule.rawValue, of: Finding.Severity.self) else {
        continue
      }
      guard rule.isChoosable || severity == rule.standardSeverity else {
        throw table.error(
          rule.rawValue, "such ingredients cannot be averaged, whatever is said here",
          mend: "Remove the key")
      }
      severities[rule] = severity
    }
    return severities
  }

  private static func splits(_ table: ManifestTable) throws -> [Split] {
    try table.allowOnly(["val", "test", "shifts"])
    var splits: [Split] = []
    for role in [SplitRole.val, .test] {
      if let split = try table.table(role.rawValue) {
        splits.append(try Manifest.split(split, name: role.rawValue, role: role))
      }
    }
    if let shifts = try table.table("shifts") {
      for name in shifts.keysInOrder {
        guard let split = try shifts.table(name) else { continue }
        if ["val", "test"].contains(name) {
          throw shifts.error(
            name, "a shift cannot be named \(name)", mend: "Write [splits.\(name)], or rename it")
        }
        splits.append(try Manifest.split(split, name: name, role: .shift))
      }
    }
    return splits
  }

  private static func split(
    _ table: ManifestTable, name: String, role: SplitRole
  ) throws -> Split {
    try table.allowOnly(["inputs", "labels"])
    var inputs: [(name: String?, file: Said<String>)] = []
    if table.isTable("inputs"), let named = try table.table("inputs") {
      for key in named.keysInOrder {
        if let file = try named.text(key) { inputs.append((key, file)) }
      }
    } else if let file = try table.text("inputs") {
      inputs = [(nil, file)]
    }
    return Split(
      name: name, role: role, inputs: inputs, labels: try table.text("labels"),
      place: table.place)
  }
}
