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

  package init(_ terms: [Term]) { self.terms = terms }

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

  /// The names, in order.
  package var ingredients: [String] { terms.map(\.ingredient) }
}
