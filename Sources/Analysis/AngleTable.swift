package import Averaging
import Foundation

/// Directions and lengths of fine-tunes seen from the initialisation.
package struct AngleTable: Hashable, Sendable {
  /// Some of the tensors, or all of them.
  package struct Group: Hashable, Sendable {
    /// Nil for all tensors.
    package let name: String?
    package let gram: Gram

    package init(name: String?, gram: Gram) {
      self.name = name
      self.gram = gram
    }

    /// Cosine of the angle between two directions; NaN when one has no length.
    package func cosine(_ i: Int, _ j: Int) -> Double { i == j ? 1 : gram.cosine(i, j) }

    /// In degrees.
    package func angle(_ i: Int, _ j: Int) -> Double {
      i == j ? 0 : acos(gram.cosine(i, j)) * 180 / .pi
    }

    /// `|θ_i − θ0|`.
    package func norm(_ i: Int) -> Double { gram.norm(i) }
  }

  package let names: [String]
  /// All tensors first, then each group.
  package let groups: [Group]

  /// - Precondition: as many names as vectors.
  package init(names: [String], geometry: Geometry.Result) {
    precondition(names.count == geometry.total.count, "a name for every vector")
    self.names = names
    groups =
      [Group(name: nil, gram: geometry.total)]
      + geometry.groups.map { Group(name: $0.name, gram: $0.gram) }
  }

  package var total: Group { groups[0] }

  /// The angle between two ingredients in degrees; nil when one is not in the table.
  package func angle(_ first: String, _ second: String) -> Double? {
    guard let i = names.firstIndex(of: first), let j = names.firstIndex(of: second) else {
      return nil
    }
    return total.angle(i, j)
  }

  /// Smallest, mean and largest angle over all pairs, in degrees; nil for fewer than two.
  package var spread: (least: Double, mean: Double, most: Double)? {
    var angles: [Double] = []
    for i in names.indices {
      for j in 0..<i where total.angle(i, j).isFinite { angles.append(total.angle(i, j)) }
    }
    guard let least = angles.min(), let most = angles.max() else { return nil }
    return (least, angles.reduce(0, +) / Double(angles.count), most)
  }
}

/// Which group of layers a tensor is in, by its name.
package enum LayerGroups {
  /// The part of a name up to and with its first number: `blocks.3.attn.weight` is of `blocks.3`;
  /// without a number the first part.
  package static func group(ofTensor name: String) -> String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard let number = parts.firstIndex(where: { Int($0) != nil }) else {
      return parts.first.map(String.init) ?? name
    }
    return parts[...number].joined(separator: ".")
  }
}
