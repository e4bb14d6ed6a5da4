import Checkpoints
package import Evaluation
import Ledger
package import Sweeps
import Synchronization

/// A split as it was read, and the files that it was read from.
struct PreparedSplit: Sendable {
  let split: Split
  /// Nil where the evaluator, which looks after its own files, brings the data.
  let stamps: FileStamps?
  /// Of the examples; nil until somebody asks, since it takes reading all inputs once.
  var address: ContentAddress?

  var isCurrent: Bool { stamps?.areCurrent ?? true }
}

extension Kitchen {
  /// The labelled examples of a split; the labels are read once, and again when a file has changed.
  ///
  /// Splits whose data the evaluator brings have to be prepared before.
  /// - Throws: `InputError` when there is no such split, or its files do not fit together.
  package func split(named name: String) throws -> Split {
    try preparedSplit(named: name).split
  }

  private func preparedSplit(named name: String) throws -> PreparedSplit {
    let spec = try spec(ofSplit: name)
    if let known = splits.withLock({ $0[spec.name] }), known.isCurrent { return known }
    guard let labels = spec.labels, spec.hasData else {
      throw InputError(
        file: sweep.manifest ?? sweep.directory, place: "splits.\(name)",
        problem: spec.comesFromEvaluator
          ? "the evaluator that brings its data was not asked for them"
          : "its results are known but not its data",
        mend: spec.comesFromEvaluator ? nil : "Name its inputs and labels in stockpot.toml")
    }
    let inputs = try inputs(of: spec)
    let stamps = FileStamps([labels] + inputs.map(\.file))
    let split = try Split.load(
      name: spec.name, role: spec.role, inputs: inputs, labelsFile: labels)
    guard stamps.areCurrent else { throw FileStamps.change(of: labels) }
    let prepared = PreparedSplit(split: split, stamps: stamps)
    splits.withLock { $0[spec.name] = prepared }
    return prepared
  }

  /// Gets ready the splits whose data the evaluator brings; nothing to do for those with files.
  ///
  /// Whoever is going to ask for a split, or for a key on one, prepares it first: that starts the
  /// evaluator, and loads data.
  /// - Parameter names: nil for all that can be evaluated.
  /// - Throws: `InputError` when there is no such split or its data are malformed.
  package func prepare(splits names: [String]? = nil) async throws {
    for name in names ?? evaluableSplits {
      let spec = try spec(ofSplit: name)
      guard spec.comesFromEvaluator, splits.withLock({ $0[spec.name] == nil }) else { continue }
      let atWork = try evaluatorAtWork()
      let evaluator = atWork.evaluator
      guard let describing = evaluator as? any SplitDescribing else { continue }
      let description = try await describing.describe(split: spec.name)
      let split = Split(
        name: spec.name, role: spec.role, inputs: [],
        labelsFile: evaluator.identity.files.first ?? sweep.directory,
        labels: description.labels ?? [])
      let prepared = PreparedSplit(split: split, stamps: nil)
      splits.withLock { $0[spec.name] = prepared }
      try ledger.remember(
        split: address(of: split), named: spec.name, describedBy: atWork.address)
    }
  }

  /// What the sweep says of a split.
  /// - Throws: `InputError` when there is none of that name.
  package func spec(ofSplit name: String) throws -> SplitSpec {
    guard let spec = sweep.split(named: name) else {
      throw InputError(
        file: sweep.directory, problem: "there is no split '\(name)'",
        mend: "The splits are \(sweep.splits.map(\.name).joined(separator: ", "))")
    }
    return spec
  }

  /// The address of a split's examples: of its files, or of what the evaluator makes them from.
  /// - Throws: `InputError` when the files are no longer those that `split` was read from.
  func address(of split: Split) throws -> ContentAddress {
    let prepared = try preparedSplit(named: split.name)
    guard prepared.split.labels == split.labels else {
      throw FileStamps.change(of: split.labelsFile)
    }
    if let address = prepared.address { return address }
    let address = try contentAddress(of: split) { try ledger.address(ofFile: $0) }
    // What was hashed is what the labels were read from.
    guard prepared.isCurrent else { throw FileStamps.change(of: split.labelsFile) }
    splits.withLock { splits in
      guard splits[split.name]?.stamps == prepared.stamps else { return }
      splits[split.name]?.address = address
    }
    return address
  }

  /// - Throws: `InputError` when the examples are no longer those that a key was made for.
  func checkUnchanged(_ split: Split, since key: EvaluationKey) throws {
    guard try address(of: split) == key.split else {
      throw FileStamps.change(of: split.inputs.first?.file ?? split.labelsFile)
    }
  }

  /// - Parameter hash: gives the addresses of files.
  func contentAddress(
    of split: Split, hash: (String) throws -> ContentAddress
  ) throws -> ContentAddress {
    let source = try hash(split.labelsFile)
    guard !split.inputs.isEmpty else {
      return .ofSplit(named: split.name, from: source, labels: split.labels)
    }
    let inputs = try split.inputs.map { (name: $0.name, address: try hash($0.file)) }
    let normalisation = split.inputs.compactMap(\.normalisation).first?.canonicalText
    return .ofSplit(inputs: inputs, labels: source, normalisation: normalisation)
  }

  /// Gradients of the loss on a split with respect to the weights of a blend.
  ///
  /// - Throws: `InputError` when the sweep's evaluator has none.
  package func gradientSource(on splitName: String) async throws -> any BlendGradientSource {
    try await prepare(splits: [splitName])
    let split = try split(named: splitName)
    guard let evaluator = try evaluatorAtWork().evaluator as? any BlendDifferentiating else {
      throw InputError(
        file: sweep.manifest ?? sweep.directory, place: "evaluator",
        problem: "this evaluator has no gradients",
        mend: "`stockpot init --python` writes the start of one that has")
    }
    try checkLabels(of: split, for: "gradients")
    return evaluator.gradients(on: split) { [files] in try files.table(of: $0) }
  }

  /// - Parameter use: what cannot do without labels, in the plural.
  /// - Throws: `InputError` when the evaluator gives metrics of the split in place of logits.
  func checkLabels(of split: Split, for use: String) throws {
    guard split.isScalar else { return }
    throw InputError(
      file: split.labelsFile, place: "metric()",
      problem: "gives metrics of \(split.name) in place of logits, which \(use) need",
      mend: "Define data(split) in its stead and let the model return logits")
  }
}

extension Split {
  /// Whether the evaluator says how good weights are on it by metrics alone.
  var isScalar: Bool { labels.isEmpty }
}
