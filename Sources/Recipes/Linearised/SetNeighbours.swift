package import Averaging

/// A soup that differs from another in one ingredient, as the tables see it.
package struct Neighbour: Hashable, Sendable {
  /// Put in, or taken out where it was in.
  package let ingredient: String
  /// Right examples of those that the tables cover.
  package let correct: Int
  /// Tells those with as many right examples apart; higher is likelier.
  package let likelihood: Double
}

extension LinearisedTables {
  /// Every set that differs from this one in one ingredient, in the order of the tables; the empty set
  /// is none.
  ///
  /// All of them in one pass over the tables.
  /// - Parameter beta: the inverse temperature at the base, which sets the scale of margins.
  /// - Returns: nil when an ingredient of the set is not in the tables.
  package func neighbours(of set: [String], beta: Double) -> [Neighbour]? {
    let wanted = Set(set)
    let members = ingredients.map(wanted.contains)
    guard members.count(where: { $0 }) == wanted.count else { return nil }
    let merits = SubsetSearch(tables: self, beta: beta).meritsOfToggling(members)
    return zip(ingredients, merits).filter { $0.1.softened.isFinite }.map { ingredient, merit in
      Neighbour(ingredient: ingredient, correct: merit.correct, likelihood: merit.softened)
    }
  }

  /// Every blend that differs from this one in an ingredient put in with an equal share or taken out,
  /// as `Blend.toggling` has it.
  ///
  /// Takes one pass over the tables for each ingredient.
  /// - Returns: nil when an ingredient of the blend is not in the tables.
  /// - Throws: `CancellationError`.
  package func neighbours(of blend: Blend) throws -> [Neighbour]? {
    guard weights(of: blend) != nil else { return nil }
    return try ingredients.compactMap { ingredient in
      try Task.checkCancellation()
      return predict(blend.toggling(ingredient)).map {
        Neighbour(ingredient: ingredient, correct: $0.correct, likelihood: -$0.nll)
      }
    }
  }

  /// The ingredients in the order in which the tables would take them: each next is the one that makes
  /// the soup so far best.
  ///
  /// A ranking before greedy selection that costs no evaluation besides the tables'.
  /// - Throws: `CancellationError`.
  func ranking(beta: Double) throws -> [String] {
    let search = SubsetSearch(tables: self, beta: beta)
    var members = ingredients.map { _ in false }
    var order: [String] = []
    while order.count < ingredients.count {
      try Task.checkCancellation()
      let merits = search.meritsOfToggling(members).map(\.softened)
      let rest = members.indices.filter { !members[$0] }
      // The first of equals, as everywhere.
      guard
        let next = rest.max(by: { merits[$0] < merits[$1] || (merits[$0] == merits[$1] && $0 > $1) }
        )
      else { break }
      members[next] = true
      order.append(ingredients[next])
    }
    return order
  }
}
