package import Evaluation
import Foundation
package import Recipes

/// The origin of a soup, as it is kept in the file's metadata and beside it in `.soup.json`.
///
/// Enough to make the same bytes again: which files, with which weights, by which recipe.
package struct Provenance: Codable, Sendable {
  /// Version of this format.
  package static let currentFormat = 1

  /// One ingredient, by content.
  package struct Member: Codable, Sendable {
    package let name: String
    /// Relative to the sweep's folder where it lies inside.
    package let file: String
    package let sha256: String
    package let weight: Double

    package init(name: String, file: String, sha256: String, weight: Double) {
      self.name = name
      self.file = file
      self.sha256 = sha256
      self.weight = weight
    }
  }

  package var format = Provenance.currentFormat
  package let sweep: String
  package let recipe: RecipeSpec
  package var ingredients: [Member]
  /// Weights by tensor, where they differ; nil when every tensor has the ingredients' weights.
  package let tensors: [TensorWeights]?
  /// By split.
  package let metrics: [String: Score]
  /// The inverse temperature that the soup learned; nil for most.
  package let beta: Double?
  package let decisions: [RecordedDecision]
  /// Program that wrote it, `stockpot 0.1.0`.
  package let writtenBy: String
  /// ISO 8601.
  package let date: String

  /// The weights of one tensor, one an ingredient.
  package struct TensorWeights: Codable, Sendable {
    package let name: String
    package let weights: [Double]
  }

  /// One decision in a form that outlives the program.
  package struct RecordedDecision: Codable, Sendable {
    package let candidate: String
    package let correct: Int
    package let n: Int
    package let accepted: Bool
  }

  /// The JSON text, keys sorted, so that equal provenance is equal text.
  package func json(pretty: Bool) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      pretty
      ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
      : [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
