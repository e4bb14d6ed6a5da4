import Evaluation
import Foundation
import OrderedCollections
import Sweeps
import TerminalUI

@testable import Dashboard

/// A sweep made up for tests: numbers with ties, gaps and names that sort awkwardly.
enum SmallSweep {
  static let sweep = Sweep(
    directory: "/sweeps/small", name: "small", manifest: nil, ingredients: ingredients,
    initialisation: nil, evaluator: nil,
    splits: [
      SplitSpec(name: "val", role: .val), SplitSpec(name: "test", role: .test),
      SplitSpec(name: "noise", role: .shift), SplitSpec(name: "rotation", role: .shift),
    ])

  private static let ingredients: [Ingredient] = (0..<12).map { number in
    let correct = [88, 91, 91, 79, 85, 90, 86, 86, 60, 92, 84, 89][number]
    var hyperparameters: OrderedDictionary<String, HyperValue> = [
      "lr": .number([1e-5, 3e-5, 1e-4][number % 3]), "epochs": .number(Double(4 + number % 4 * 4)),
      "aug": .text(number.isMultiple(of: 2) ? "rand-m9" : "none"),
    ]
    if number == 5 { hyperparameters["lr"] = nil }
    return Ingredient(
      name: "ft_\(number)", file: "/sweeps/small/ft_\(number).safetensors",
      hyperparameters: hyperparameters,
      metrics: [
        "val": KnownMetric(accuracy: Double(correct) / 100, correct: correct, n: 100),
        "test": KnownMetric(accuracy: Double(correct - 2) / 100, correct: correct - 2, n: 100),
        "noise": KnownMetric(accuracy: Double(correct - 20) / 100),
        "rotation": KnownMetric(accuracy: Double(correct - 10) / 100),
      ])
  }

  static let epoch = Date(timeIntervalSince1970: 1_700_000_000)

  static func state(columns: Int = 160, rows: Int = 45) -> State {
    State(sweep: sweep, size: Size(columns: columns, rows: rows), now: epoch)
  }
}
