import Checkpoints
package import Evaluation
import Ledger
package import Sweeps
import Synchronization

extension Kitchen {
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
      let evaluator = try evaluatorAtWork().evaluator
      guard let describing = evaluator as? any SplitDescribing else { continue }
      let description = try await describing.describe(split: spec.name)
      let split = Split(
        name: spec.name, role: SplitRole(spec.role), inputs: [],
        labelsFile: evaluator.identity.files.first ?? sweep.directory,
        labels: description.labels ?? [])
      splits.withLock { $0[spec.name] = split }
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
  func address(of split: Split) throws -> ContentAddress {
    let source = try ledger.address(ofFile: split.labelsFile)
    guard !split.inputs.isEmpty else {
      return .ofSplit(named: split.name, from: source, labels: split.labels)
    }
    let inputs = try split.inputs.map {
      (name: $0.name, address: try ledger.address(ofFile: $0.file))
    }
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
