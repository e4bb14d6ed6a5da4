import Checkpoints
import Evaluation
import Sweeps

extension Kitchen {
  /// The inputs of a split as the evaluator takes them: those of bytes with the mean and deviation that
  /// the manifest says.
  ///
  /// - Throws: `InputError` when an input cannot be read, or what the manifest says is not whole.
  func inputs(of spec: SplitSpec) throws -> [SplitInput] {
    guard let normalisation = try normalisation() else {
      return spec.inputs.map { SplitInput(name: $0.name, file: $0.file) }
    }
    let areBytes = try spec.inputs.map { try NumpyArray(path: $0.file).dtype == .u8 }
    // Where no input holds bytes, the check of the first says so.
    let normalised = areBytes.contains(true) ? areBytes : areBytes.indices.map { $0 == 0 }
    return zip(spec.inputs, normalised).map { input, isNormalised in
      SplitInput(
        name: input.name, file: input.file, normalisation: isNormalised ? normalisation : nil)
    }
  }

  private func normalisation() throws -> Normalisation? {
    let options = sweep.evaluator?.options ?? [:]
    switch (options["mean"], options["std"]) {
    case (nil, nil): return nil
    case (.numbers(let mean), .numbers(let std)):
      return Normalisation(mean: mean.map { Float($0) }, std: std.map { Float($0) })
    case (let mean, _):
      let (given, missing) = mean == nil ? ("std", "mean") : ("mean", "std")
      throw InputError(
        file: sweep.manifest ?? sweep.directory, place: "evaluator",
        problem: "has `\(given)` but no `\(missing)`",
        mend: "Give both: (byte / 255 − mean) / std is what the model sees")
    }
  }
}

extension Normalisation {
  /// For the split's address: no two different normalisations have one spelling.
  var canonicalText: String {
    [mean, std].map { numbers in
      numbers.map { String($0.bitPattern, radix: 16) }.joined(separator: ",")
    }.joined(separator: " ")
  }
}
