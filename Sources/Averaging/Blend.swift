/// Which ingredients go into an average, and how much of each.
///
/// A blend is a value: equal blends name the same soup. Weights need not sum to one (extrapolation
/// along a line and planes through three checkpoints use negative weights), but every recipe's do.
public struct Blend: Hashable, Sendable {
  /// One ingredient and its weight.
  public struct Term: Hashable, Sendable {
    /// The ingredient's name in the sweep.
    public let ingredient: String
    /// May be negative: outside the ingredients' hull.
    public let weight: Double

    /// So much of an ingredient.
    public init(_ ingredient: String, weight: Double) {
      self.ingredient = ingredient
      self.weight = weight
    }
  }

  /// In the order the recipe took them.
  ///
  /// Summation follows this order; the address of a soup does not.
  public let terms: [Term]
  /// Weights that differ from tensor to tensor; nil when every tensor has the terms' weights.
  ///
  /// Every floating-point tensor of the ingredients is named. The terms then say the means.
  public let tensors: [TensorWeights]?

  /// The weights that one tensor is mixed with.
  public struct TensorWeights: Hashable, Sendable {
    /// The tensor's name.
    public let name: String
    /// One a term of the blend, in its order.
    public let weights: [Double]

    /// Weights of the tensor of that name, one a term of the blend.
    public init(_ name: String, weights: [Double]) {
      self.name = name
      self.weights = weights
    }
  }

  /// A blend with the same weights for every tensor.
  public init(_ terms: [Term]) {
    self.terms = terms
    tensors = nil
  }

  /// A blend whose weights differ from tensor to tensor; the terms' weights are their means.
  ///
  /// - Precondition: one weight an ingredient in each of `tensors`, which are not none.
  public init(_ ingredients: [String], tensors: [TensorWeights]) {
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
  public static func uniform(_ ingredients: [String]) -> Blend {
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
  public static func interpolation(_ first: String, _ second: String, at alpha: Double) -> Blend {
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
  public var ingredients: [String] { terms.map(\.ingredient) }
}
