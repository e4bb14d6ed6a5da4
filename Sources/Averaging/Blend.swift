/// Which ingredients go into an average, and how much of each.
///
/// A blend is a value: equal blends name the same soup. Weights need not sum to one (extrapolation
/// along a line and planes through three checkpoints use negative weights), but every recipe's do.
package struct Blend: Hashable, Sendable {
  /// One ingredient and its weight.
  package struct Term: Hashable, Sendable {
    /// The ingredient's name in the sweep.
    package let ingredient: String
    package let weight: Double

    package init(_ ingredient: String, weight: Double) {
      self.ingredient = ingredient
      self.weight = weight
    }
  }

  /// In the order the recipe took them.
  ///
  /// Summation follows this order; the address of a soup does not.
  package let terms: [Term]
  /// Weights that differ from tensor to tensor; nil when every tensor has the terms' weights.
  ///
  /// Every floating-point tensor of the ingredients is named. The terms then say the means.
  package let tensors: [TensorWeights]?

  /// The weights that one tensor is mixed with.
  package struct TensorWeights: Hashable, Sendable {
    /// The tensor's name.
    package let name: String
    /// One a term of the blend, in its order.
    package let weights: [Double]

    package init(_ name: String, weights: [Double]) {
      self.name = name
      self.weights = weights
    }
  }

  package init(_ terms: [Term]) {
    self.terms = terms
    tensors = nil
  }

  /// A blend whose weights differ from tensor to tensor; the terms' weights are their means.
  ///
  /// - Precondition: one weight an ingredient in each of `tensors`, which are not none.
  package init(_ ingredients: [String], tensors: [TensorWeights]) {
    precondition(!tensors.isEmpty, "a blend by tensor without tensors")
    precondition(
      tensors.allSatisfy { $0.weights.count == ingredients.count }, "one weight an ingredient")
    terms = ingredients.enumerated().map { place, name in
      let sum = tensors.reduce(0) { $0 + $1.weights[place] }
      return Term(name, weight: sum / Double(tensors.count))
    }
    self.tensors = tensors
  }

  /// Each of `ingredients` with weight `1 / count`.
  ///
  /// A name given twice counts twice.
  package static func uniform(_ ingredients: [String]) -> Blend {
    let weight = 1 / Double(ingredients.count)
    var order: [String] = []
    var times: [String: Int] = [:]
    for name in ingredients {
      if times[name, default: 0] == 0 { order.append(name) }
      times[name, default: 0] += 1
    }
    return Blend(order.map { Term($0, weight: Double(times[$0, default: 0]) * weight) })
  }

  /// `(1 − alpha) · first + alpha · second` (WiSE-FT, and points on a path).
  package static func interpolation(_ first: String, _ second: String, at alpha: Double) -> Blend {
    Blend([Term(first, weight: 1 - alpha), Term(second, weight: alpha)])
  }

  /// With an ingredient put in at an equal share of the whole, or taken out where it is in; the others
  /// keep their proportions to each other.
  ///
  /// Weights that differ from tensor to tensor give way to their means.
  package func toggling(_ ingredient: String) -> Blend {
    let others = terms.filter { $0.ingredient != ingredient }
    if others.count < terms.count {
      let sum = others.reduce(0) { $0 + $1.weight }
      return Blend(others.map { Term($0.ingredient, weight: $0.weight / sum) })
    }
    let total = Double(terms.count + 1)
    return Blend(
      terms.map { Term($0.ingredient, weight: $0.weight * Double(terms.count) / total) }
        + [Term(ingredient, weight: 1 / total)])
  }

  /// The names, in order.
  package var ingredients: [String] { terms.map(\.ingredient) }
}
