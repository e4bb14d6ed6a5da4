import Averaging
import Evaluation

/// What making linearised tables will take: evaluations, and memory for as many numbers as fit.
///
/// A table of all logits of ImageNet's val for 72 ingredients would be 7.5 GB. What a prediction needs
/// of an example is its true class and the few classes that can overtake it, so only the largest
/// logits are kept, and of very large splits a seeded sample of examples.
package struct TablePlan: Hashable, Sendable {
  /// Number of examples in the split.
  package let examples: Int
  package let classes: Int
  package let ingredients: Int
  /// Examples that the tables cover.
  package let rows: Int
  /// Classes kept of each example: the true one and the others that are largest at the base.
  package let columns: Int
  /// Chooses the examples when not all are covered.
  package let seed: UInt64

  /// More classes than this are never kept: what lies below has no share in any prediction.
  package static let mostColumns = 32
  /// So few classes that the likelihood would suffer; before that, examples are left out.
  private static let fewestColumns = 8

  /// - Parameter memory: bytes that the tables may take.
  package init(
    examples: Int, classes: Int, ingredients: Int, memory: Int = 512 << 20, seed: UInt64 = 0
  ) {
    let lanes = Self.padded(ingredients)
    let cell = lanes * MemoryLayout<Float>.size
    let wanted = min(classes, Self.mostColumns)
    let fitting = memory / max(1, cell * examples)
    let columns = min(wanted, max(fitting, min(classes, Self.fewestColumns)))
    self.examples = examples
    self.classes = classes
    self.ingredients = ingredients
    self.columns = columns
    self.rows = min(examples, max(1, memory / max(1, cell * columns)))
    self.seed = seed
  }

  /// Numbers a row of ingredients takes, so that every row starts on a whole vector.
  static func padded(_ ingredients: Int) -> Int { (ingredients + 7) & ~7 }

  /// Bytes of the tables.
  package var bytes: Int {
    rows * columns * Self.padded(ingredients) * MemoryLayout<Float>.size
  }

  /// The examples covered, ascending.
  var chosenExamples: [Int] {
    guard rows < examples else { return Array(0..<examples) }
    var generator = SeededGenerator(seed: seed)
    return Array(Array(0..<examples).shuffled(using: &generator).prefix(rows)).sorted()
  }

  /// One line for a person: `600 of 600 examples × 10 of 10 classes × 24 ingredients, 0.6 MB`.
  package var summary: String {
    let tenths = (bytes * 10 + 500_000) / 1_000_000
    return "\(rows) of \(examples) examples × \(columns) of \(classes) classes × "
      + "\(ingredients) ingredients, \(tenths / 10).\(tenths % 10) MB"
  }
}
