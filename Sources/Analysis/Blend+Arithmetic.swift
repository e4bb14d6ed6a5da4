public import Averaging

extension Blend {
  /// Weights of displaced blends are multiples of this.
  ///
  /// Two ways to the same point differ in the last bits; kept on a grid they are the same blend, and
  /// are evaluated once. The grid is a hundred thousand times finer than single precision.
  static let grain = 0x1p-40

  /// The weight of each ingredient, names given twice added up.
  public var weights: [String: Double] {
    Dictionary(terms.map { ($0.ingredient, $0.weight) }, uniquingKeysWith: +)
  }

  /// The weight of one ingredient, 0 when it is not in.
  public func weight(of name: String) -> Double {
    terms.reduce(0) { $1.ingredient == name ? $0 + $1.weight : $0 }
  }

  /// Each ingredient once, in the order of its first term.
  public var distinctIngredients: [String] {
    var seen: Set<String> = []
    return ingredients.filter { seen.insert($0).inserted }
  }

  /// `(1 − t) · self + t · other`; at 0 and 1 the ends themselves.
  public func mixed(with other: Blend, at t: Double) -> Blend {
    if t == 0 { return self }
    if t == 1 { return other }
    let sums =
      terms.map { ($0.ingredient, $0.weight * (1 - t)) }
      + other.terms.map { ($0.ingredient, $0.weight * t) }
    return Blend(snapping: sums)
  }

  /// The blend with the weight of `ingredient` changed by `step` and all others scaled to fit.
  ///
  /// A move along `d = θ_ingredient − θ_self`, by `step / (1 − weight)` of it.
  public func shifted(towards ingredient: String, by step: Double) -> Blend {
    let share = step / (1 - weight(of: ingredient))
    return Blend(
      snapping: terms.map { ($0.ingredient, $0.weight * (1 - share)) } + [(ingredient, share)])
  }

  /// A blend of terms on the grid, each ingredient once, those of no weight left out.
  package init(snapping terms: [(ingredient: String, weight: Double)]) {
    var order: [String] = []
    var sums: [String: Double] = [:]
    for (name, weight) in terms {
      if sums[name] == nil { order.append(name) }
      sums[name, default: 0] += weight
    }
    self.init(
      order.compactMap { name in
        let weight = ((sums[name] ?? 0) / Self.grain).rounded() * Self.grain
        return weight == 0 ? nil : Term(name, weight: weight)
      })
  }
}
