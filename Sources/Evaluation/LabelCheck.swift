import Checkpoints

/// Whether the labels are classes that the model has, which is known from the first answer on.
package struct LabelCheck: Sendable {
  private let file: String
  private let output: String
  private let smallest: Int32
  private let largest: Int32
  private let labels: [Int32]

  /// - Parameter output: what the answers are called in errors.
  package init(split: Split, output: String = "logits") {
    file = split.labelsFile
    self.output = output
    labels = split.labels
    smallest = labels.min() ?? 0
    largest = labels.max() ?? 0
  }

  /// - Throws: `InputError` naming the first label that is no class.
  package func callAsFunction(classes: Int) throws {
    guard smallest < 0 || largest >= classes else { return }
    let row = labels.firstIndex { $0 < 0 || $0 >= classes } ?? 0
    throw InputError(
      file: file, place: "element \(row)",
      problem: "has the label \(labels[row]), but the model's output \(output) has "
        + "\(classes) classes",
      mend: "Number the classes from 0 to \(classes - 1)")
  }
}
