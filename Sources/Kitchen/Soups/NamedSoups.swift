package import Averaging
package import Evaluation
package import Foundation
import Ledger
import Synchronization

/// A soup that a person keeps under a name, beside others.
package struct KeptSoup: Hashable, Sendable {
  /// Unique in the sweep.
  package let name: String
  package let blend: Blend
  /// How it came about: `by hand`, or the title of a recipe.
  package let origin: String
  /// What was known of it by split when it was kept.
  package let scores: [String: Score]
  package let date: Date

  package init(
    name: String, blend: Blend, origin: String, scores: [String: Score], date: Date
  ) {
    self.name = name
    self.blend = blend
    self.origin = origin
    self.scores = scores
    self.date = date
  }
}

extension Kitchen {
  /// The soups kept in the ledger, the earliest first; those of a later Stockpot are left out.
  /// - Throws: `InputError` when the ledger cannot be read.
  package func keptSoups() throws -> [KeptSoup] {
    let soups = try storedSoups()
    memories.withLock { $0.written = soups }
    return soups
  }

  func storedSoups() throws -> [KeptSoup] {
    let decoder = JSONDecoder()
    return try ledger.soups().compactMap { soup -> KeptSoup? in
      guard
        let blend = try? decoder.decode(StoredBlend.self, from: Data(soup.blend.utf8)),
        let origin = try? decoder.decode(StoredOrigin.self, from: Data(soup.provenance.utf8))
      else { return nil }
      return KeptSoup(
        name: soup.name, blend: blend.blend, origin: origin.origin, scores: origin.scores,
        date: Date(timeIntervalSince1970: origin.date))
    }
  }

  /// Makes the ledger keep these soups, in the background; the newest list asked for wins.
  ///
  /// Soups that another program has put there in the meantime stay.
  package func keep(_ soups: [KeptSoup]) {
    remember { $0.soups = soups }
  }

  /// Writes what differs from the list last written.
  func write(_ soups: [KeptSoup]) throws {
    let before = memories.withLock(\.written)
    let names = Set(soups.map(\.name))
    let present = try ledger.soups()
    for soup in before where !names.contains(soup.name) {
      if let gone = present.first(where: { $0.name == soup.name }) {
        try ledger.deleteSoup(gone.id)
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    for soup in soups where !before.contains(soup) {
      let origin = StoredOrigin(
        origin: soup.origin, scores: soup.scores, date: soup.date.timeIntervalSince1970)
      try ledger.saveSoup(
        name: soup.name,
        blend: String(decoding: try encoder.encode(StoredBlend(soup.blend)), as: UTF8.self),
        provenance: String(decoding: try encoder.encode(origin), as: UTF8.self), replacing: true)
    }
    memories.withLock { $0.written = soups }
  }
}

/// A blend as the ledger keeps it.
private struct StoredBlend: Codable {
  let ingredients: [String]
  let weights: [Double]
  let tensors: [Provenance.TensorWeights]?

  init(_ blend: Blend) {
    ingredients = blend.ingredients
    weights = blend.terms.map(\.weight)
    tensors = blend.tensors?.map {
      Provenance.TensorWeights(name: $0.name, weights: $0.weights)
    }
  }

  var blend: Blend {
    guard let tensors, !tensors.isEmpty,
      tensors.allSatisfy({ $0.weights.count == ingredients.count })
    else {
      return Blend(zip(ingredients, weights).map { Blend.Term($0, weight: $1) })
    }
    return Blend(
      ingredients, tensors: tensors.map { Blend.TensorWeights($0.name, weights: $0.weights) })
  }
}

private struct StoredOrigin: Codable {
  let origin: String
  let scores: [String: Score]
  let date: Double
}
