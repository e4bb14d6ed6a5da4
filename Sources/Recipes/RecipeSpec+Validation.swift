/// An option of a recipe with a value that makes no sense.
public struct RecipeMistake: Error, Hashable, Sendable, CustomStringConvertible {
  /// The option as recipe files and JSON spell it.
  public let key: String
  /// What is wrong, to be read after the option's name: `must be at least 1`.
  public let problem: String

  /// A sentence for a person.
  public var description: String { "\(key) \(problem)." }
}

extension RecipeSpec {
  /// Checks that every option has a value that recipes can work with, wherever the spec comes from.
  public func validate() throws(RecipeMistake) {
    func require(_ key: CodingKeys, _ isRight: Bool, _ problem: String) throws(RecipeMistake) {
      guard isRight else { throw RecipeMistake(key: key.rawValue, problem: problem) }
    }
    let counts: [(CodingKeys, Int?)] = [
      (.maximumIngredients, maximumIngredients), (.top, top), (.epochs, epochs), (.batch, batch),
      (.budget, budget), (.tries, tries),
    ]
    for (key, count) in counts { try require(key, (count ?? 1) >= 1, "must be at least 1") }
    for (key, number) in [(CodingKeys.minimumGain, minimumGain), (.weightDecay, weightDecay)] {
      try require(key, number >= 0 && number.isFinite, "must be 0 or more")
    }
    let rate = learningRate ?? 1
    try require(.learningRate, rate > 0 && rate.isFinite, "must be above 0")
    try require(
      .alphas, alphas.map { !$0.isEmpty && $0.allSatisfy(\.isFinite) } ?? true,
      "needs one number at least")
    if let weights {
      try require(.weights, weights.count == start.count, "needs one number for each name of from")
      try require(.weights, weights.allSatisfy(\.isFinite), "must be numbers")
    }
  }
}
