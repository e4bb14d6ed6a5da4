public import Averaging
import Foundation

/// Directions and lengths of fine-tunes seen from the initialisation.
public struct AngleTable: Hashable, Sendable {
  /// Some of the tensors, or all of them.
  public struct Group: Hashable, Sendable {
    /// Nil for all tensors.
    public let name: String?
    /// Inner products of the differences from the initialisation.
    public let gram: Gram

    package init(name: String?, gram: Gram) {
      self.name = name
      self.gram = gram
    }

    /// Cosine of the angle between two directions; NaN when one has no length.
    public func cosine(_ i: Int, _ j: Int) -> Double { i == j ? 1 : gram.cosine(i, j) }

    /// In degrees.
    public func angle(_ i: Int, _ j: Int) -> Double {
      i == j ? 0 : acos(gram.cosine(i, j)) * 180 / .pi
    }

    /// `|θ_i − θ0|`.
    public func norm(_ i: Int) -> Double { gram.norm(i) }
  }

  /// The ingredients, in the order of every Gram matrix.
  public let names: [String]
  /// All tensors first, then each group.
  public let groups: [Group]

  /// - Precondition: as many names as vectors.
  public init(names: [String], geometry: Geometry.Result) {
    precondition(names.count == geometry.total.count, "a name for every vector")
    self.names = names
    groups =
      [Group(name: nil, gram: geometry.total)]
      + geometry.groups.map { Group(name: $0.name, gram: $0.gram) }
  }

  /// `|Σ w_i (θ_i − θ0)|`: how far a soup is from the initialisation.
  ///
  /// Nil when one of its ingredients is not in the table.
  package func norm(of soup: Blend) -> Double? {
    let terms = soup.terms.map { term in
      (place: names.firstIndex(of: term.ingredient), weight: term.weight)
    }
    var square = 0.0
    for first in terms {
      for second in terms {
        guard let i = first.place, let j = second.place else { return nil }
        square += first.weight * second.weight * total.gram[i, j]
      }
    }
    return max(0, square).squareRoot()
  }

  /// All floating-point tensors together.
  public var total: Group { groups[0] }

  /// The angle between two ingredients in degrees; nil when one is not in the table.
  public func angle(_ first: String, _ second: String) -> Double? {
    guard let i = names.firstIndex(of: first), let j = names.firstIndex(of: second) else {
      return nil
    }
    return total.angle(i, j)
  }

  /// Smallest, mean and largest angle over all pairs, in degrees; nil for fewer than two.
  public var spread: (least: Double, mean: Double, most: Double)? {
    var angles: [Double] = []
    for i in names.indices {
      for j in 0..<i where total.angle(i, j).isFinite { angles.append(total.angle(i, j)) }
    }
    guard let least = angles.min(), let most = angles.max() else { return nil }
    return (least, angles.reduce(0, +) / Double(angles.count), most)
  }
}

/// Which group of layers a tensor is in, by its name.
public enum LayerGroups {
  /// The part of a name up to and with its first number: `blocks.3.attn.weight` is of `blocks.3`;
  /// without a number the first part.
  public static func group(ofTensor name: String) -> String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard let number = parts.firstIndex(where: { Int($0) != nil }) else {
      return parts.first.map(String.init) ?? name
    }
    return parts[...number].joined(separator: ".")
  }
}
