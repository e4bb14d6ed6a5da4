import Checkpoints
import Evaluation
import OrderedCollections

/// Which split each metric of a results file belongs to.
struct SplitNames {
  private let byCanonicalName: [String: String]
  /// For names that occur in every row.
  private let byName: [String: String]

  init(_ splits: [SplitSpec], reported: [String]) {
    let byCanonicalName = Dictionary(splits.map { (canonicalSplitName($0.name), $0.name) }) {
      first, _ in first
    }
    self.byCanonicalName = byCanonicalName
    byName = Dictionary(
      reported.compactMap { name in
        byCanonicalName[canonicalSplitName(name)].map { (name, $0) }
      }
    ) { first, _ in first }
  }

  /// The metrics under the names of the splits; a split's own name goes before other spellings.
  func renamed(_ metrics: [String: KnownMetric]) -> [String: KnownMetric] {
    var renamed: [String: KnownMetric] = [:]
    for (name, metric) in metrics {
      guard let split = byName[name] ?? byCanonicalName[canonicalSplitName(name)] else {
        continue
      }
      if renamed[split] == nil || name == split { renamed[split] = metric }
    }
    return renamed
  }
}

extension SweepReader {
  /// Val, test, then shifts: from the manifest, else from `data/`; then those that only results know.
  ///
  /// A Python evaluator brings the data of the manifest's splits, or of all when there are none in it.
  mutating func findSplits(
    results: ResultTable?, for evaluator: EvaluatorSpec?
  ) throws -> [SplitSpec] {
    let isPython = evaluator?.kind == .python
    var splits: [SplitSpec]
    if let said = manifest?.splits {
      splits = try said.map {
        isPython
          ? SplitSpec(name: $0.name, role: $0.role, comesFromEvaluator: true) : try split($0)
      }
    } else {
      splits = discoveredSplits(results: results)
    }
    var known = Set(splits.map { canonicalSplitName($0.name) })
    let hasTest = splits.contains { $0.role == .test }
    for name in results?.splits ?? [] where known.insert(canonicalSplitName(name)).inserted {
      splits.append(SplitSpec(name: name, role: role(of: name, among: results, hasTest: hasTest)))
    }
    if isPython, manifest?.splits == nil {
      if !splits.contains(where: { $0.role == .val }) {
        splits.append(SplitSpec(name: "val", role: .val))
      }
      // Whatever a results file calls it, `data("val")` is what the person wrote.
      splits = splits.map { split in
        let name = split.role == .val ? "val" : split.name
        return SplitSpec(name: name, role: split.role, comesFromEvaluator: true)
      }
    }
    return SplitRole.allCases.flatMap { role in splits.filter { $0.role == role } }
  }

  /// A benchmark that is by custom the test set is a shift beside a split named `test`.
  private func role(of name: String, among results: ResultTable?, hasTest: Bool) -> SplitRole {
    switch canonicalSplitName(name) {
    case "val": return .val
    case "test": return .test
    default: break
    }
    let names = results?.splits.map(canonicalSplitName) ?? []
    if hasTest || names.contains("test") { return .shift }
    return Benchmark.named(name)?.role == .test ? .test : .shift
  }

  /// A split of the manifest, its files checked.
  private func split(_ said: Manifest.Split) throws -> SplitSpec {
    if said.inputs.isEmpty, said.labels == nil {
      for prefix in said.role == .shift ? ["", "shift_"] : [""] {
        let base = "\(directory)/data/\(prefix)\(said.name)"
        if isThere(base + "_x.npy"), isThere(base + "_y.npy") {
          return SplitSpec(
            name: said.name, role: said.role,
            inputs: [SplitSpec.Input(name: nil, file: base + "_x.npy")], labels: base + "_y.npy")
        }
      }
    }
    let file = manifest?.path ?? directory
    let base = "data/\(said.name)"
    func missing(_ key: String, _ path: String) -> InputError {
      InputError(
        file: file, place: said.place,
        problem: "`\(key)` is not given and \(directory)/\(path) does not exist",
        mend: "Write \(key) = \"FILE.npy\" under it")
    }
    var inputs = try said.inputs.map { input in
      SplitSpec.Input(name: input.name, file: try existing(input.file, what: "the input"))
    }
    if inputs.isEmpty {
      guard isThere("\(directory)/\(base)_x.npy") else { throw missing("inputs", base + "_x.npy") }
      inputs = [SplitSpec.Input(name: nil, file: "\(directory)/\(base)_x.npy")]
    }
    let labels: String
    if let said = said.labels {
      labels = try existing(said, what: "the labels' file")
    } else {
      guard isThere("\(directory)/\(base)_y.npy") else { throw missing("labels", base + "_y.npy") }
      labels = "\(directory)/\(base)_y.npy"
    }
    return SplitSpec(name: said.name, role: said.role, inputs: inputs, labels: labels)
  }

  /// Pairs `data/NAME_x.npy` and `data/NAME_y.npy`.
  private mutating func discoveredSplits(results: ResultTable?) -> [SplitSpec] {
    let folder = "\(directory)/data"
    let files = entries(of: folder)
    let reported = results?.splits ?? []
    let reportedNames = Dictionary(reported.map { (canonicalSplitName($0), $0) }) { first, _ in
      first
    }
    var found: OrderedDictionary<String, SplitSpec> = [:]
    var unused: [String] = []
    for file in files where file.hasSuffix("_x.npy") {
      let name = String(file.dropLast("_x.npy".count))
      guard files.contains("\(name)_y.npy") else {
        notes.append(
          Note(
            .warning, file: "\(folder)/\(file)", "has no labels beside it",
            mend: "Add \(name)_y.npy, or name the labels in stockpot.toml"))
        continue
      }
      let canonical = canonicalSplitName(name)
      let isKnown = ["val", "test"].contains(canonical) || shiftName(of: name) != nil
      guard !ResultColumn.isTraining(name), isKnown || reportedNames[canonical] != nil,
        found[canonical] == nil
      else {
        unused.append(name)
        continue
      }
      found[canonical] = SplitSpec(
        name: reportedNames[canonical] ?? name, role: .shift,
        inputs: [SplitSpec.Input(name: nil, file: "\(folder)/\(file)")],
        labels: "\(folder)/\(name)_y.npy")
    }
    if !unused.isEmpty {
      notes.append(Note(.info, file: folder, "not used as splits: \(listed(unused))"))
    }
    let order = reported.map(canonicalSplitName) + Array(found.keys)
    let hasTest = found["test"] != nil
    return OrderedSet(order).compactMap { found[$0] }.map { split in
      SplitSpec(
        name: split.name, role: role(of: split.name, among: results, hasTest: hasTest),
        inputs: split.inputs, labels: split.labels)
    }
  }
}
