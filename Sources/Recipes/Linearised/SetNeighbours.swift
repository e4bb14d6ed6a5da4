package import Averaging

/// A set of ingredients and those that differ from it in one.
package struct SetNeighbours: Hashable, Sendable {
  /// What the tables say of a set.
  package struct Neighbour: Hashable, Sendable {
    /// Put in, or taken out.
    package let ingredient: String
    package let prediction: Prediction

    package init(ingredient: String, prediction: Prediction) {
      self.ingredient = ingredient
      self.prediction = prediction
    }
  }

  /// Of the set itself; nil for the empty one.
  package let own: Prediction?
  /// The most promising of those with one more; nil when nothing is left.
  package let bestAddition: Neighbour?
  /// The most promising of those with one less; nil when one or none is in it.
  package let bestRemoval: Neighbour?
}

extension LinearisedTables {
  /// Predicts a set and finds the ingredients that are best put in or taken out next.
  ///
  /// All neighbours are ranked in one pass by the softened number of right examples; the count is
  /// predicted for the best.
  /// - Parameter beta: the inverse temperature at the base, which sets the scale of margins.
  /// - Returns: nil when an ingredient of the set is not in the tables.
  package func neighbours(of set: [String], beta: Double) -> SetNeighbours? {
    let wanted = Set(set)
    let members = ingredients.map(wanted.contains)
    guard members.count(where: { $0 }) == wanted.count else { return nil }
    let merits = SubsetSearch(tables: self, beta: beta).meritsOfToggling(members)
    func best(among places: [Int]) -> SetNeighbours.Neighbour? {
      guard let place = places.max(by: { merits[$0] < merits[$1] }),
        let prediction = predict(toggling(ingredients[place], in: set))
      else { return nil }
      return SetNeighbours.Neighbour(ingredient: ingredients[place], prediction: prediction)
    }
    return SetNeighbours(
      own: predict(set), bestAddition: best(among: members.indices.filter { !members[$0] }),
      bestRemoval: best(among: members.indices.filter { members[$0] }))
  }

  /// Predicts a blend whatever its weights, and finds what is best put in with an equal share or taken
  /// out of it, as `Blend.toggling` has it.
  ///
  /// Takes one pass over the tables for each ingredient.
  /// - Returns: nil when an ingredient of the blend is not in the tables.
  /// - Throws: `CancellationError`.
  package func neighbours(of blend: Blend) throws -> SetNeighbours? {
    guard let own = predict(blend) else { return nil }
    let members = Set(blend.ingredients)
    var (addition, removal): (SetNeighbours.Neighbour?, SetNeighbours.Neighbour?)
    func better(
      _ new: SetNeighbours.Neighbour, _ old: SetNeighbours.Neighbour?
    ) -> SetNeighbours.Neighbour {
      guard let old else { return new }
      let (first, second) = (new.prediction, old.prediction)
      // Of as many right ones the likelier.
      return first.correct > second.correct
        || first.correct == second.correct && first.nll < second.nll ? new : old
    }
    for ingredient in ingredients {
      try Task.checkCancellation()
      guard let prediction = predict(blend.toggling(ingredient)) else { continue }
      let neighbour = SetNeighbours.Neighbour(ingredient: ingredient, prediction: prediction)
      if members.contains(ingredient) {
        removal = better(neighbour, removal)
      } else {
        addition = better(neighbour, addition)
      }
    }
    return SetNeighbours(own: own, bestAddition: addition, bestRemoval: removal)
  }

  /// The set with an ingredient put in, or taken out where it is in.
  package func toggling(_ ingredient: String, in set: [String]) -> [String] {
    set.contains(ingredient) ? set.filter { $0 != ingredient } : set + [ingredient]
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
      let merits = search.meritsOfToggling(members)
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
