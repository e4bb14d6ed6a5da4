import Checkpoints

extension Split {
  /// Opens a split's files, reads its labels and checks that all belong together.
  ///
  /// Labels are one integer an example, from 0. Whether they are below the model's number of classes
  /// is known only when it answers.
  /// - Throws: `InputError` naming the file, the place and both counts when they differ.
  public static func load(
    name: String, role: SplitRole, inputs: [SplitInput], labelsFile: String
  ) throws -> Split {
    let labels = try NumpyArray(path: labelsFile).int32Labels()
    guard !labels.isEmpty else { throw InputError(file: labelsFile, problem: "has no labels") }
    if let row = labels.firstIndex(where: { $0 < 0 }) {
      throw InputError(
        file: labelsFile, place: "element \(row)", problem: "has the label \(labels[row])",
        mend: "Number the classes from 0 and leave unlabelled examples out")
    }
    guard !inputs.isEmpty else {
      throw InputError(
        file: "split \(name)", problem: "has no inputs", mend: "Name its .npy files as inputs")
    }
    let split = Split(
      name: name, role: role, inputs: inputs, labelsFile: labelsFile, labels: labels)
    for input in inputs { _ = try split.open(input) }
    return split
  }

  /// Maps an input and checks its length and normalisation.
  func open(_ input: SplitInput) throws -> NumpyArray {
    let array = try NumpyArray(path: input.file)
    guard !array.shape.isEmpty, array.rowCount == count else {
      let relation = count > array.rowCount ? "longer" : "shorter"
      throw InputError(
        file: input.file,
        problem:
          "has shape \(array.shape), but \(labelsFile) has \(count) labels, which is \(relation)",
        mend: "Give inputs and labels of the same examples")
    }
    if let normalisation = input.normalisation { try check(normalisation, of: array) }
    return array
  }

  private func check(_ normalisation: Normalisation, of array: NumpyArray) throws {
    let (mean, std) = (normalisation.mean, normalisation.std)
    func fail(_ problem: String, _ mend: String) -> InputError {
      InputError(file: array.file, place: "normalisation", problem: problem, mend: mend)
    }
    guard array.dtype == .u8 else {
      throw fail(
        "applies to uint8, but the array holds \(array.dtype.rawValue)",
        "Leave mean and std out, or save the images as uint8")
    }
    guard !mean.isEmpty, mean.count == std.count else {
      throw fail(
        "has \(mean.count) means and \(std.count) deviations", "Give one of each a channel")
    }
    guard std.allSatisfy({ $0.isFinite && $0 != 0 }), mean.allSatisfy(\.isFinite) else {
      throw fail("has a deviation of 0 or a value that is not finite", "Correct mean and std")
    }
    if mean.count > 1, normalisation.channelAxis(in: array.shape) == nil {
      throw fail(
        "has \(mean.count) channels, but the array has shape \(array.shape)",
        "Give one value, or as many as the second or the last axis is long")
    }
  }
}

extension Normalisation {
  /// The axis of the channels in an array of that shape, whose first axis is the example: the second
  /// if it is as long as `mean`, else the last.
  func channelAxis(in shape: [Int]) -> Int? {
    if shape.count > 1, shape[1] == mean.count { return 1 }
    return shape.count > 1 && shape.last == mean.count ? shape.count - 1 : nil
  }
}
