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
    /// Relative to the sweep's folder where it lies inside; for a blend of files, to the folder of the
    /// soup.
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
  /// Nil for a blend of files.
  package let sweep: String?
  /// Nil for a blend whose weights a person gave.
  package let recipe: RecipeSpec?
  /// How the weights were averaged where that is not the standard; nil where it is.
  package let options: BlendOptions?
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
    /// Of the `n` examples that were looked at.
    package let correct: Int
    package let n: Int
    /// Where the evaluation was given up: a whole one has no more right.
    package let atMost: Int?
    package let accepted: Bool
  }

  /// - Parameter options: left out when they say nothing.
  package init(
    sweep: String?, recipe: RecipeSpec?, options: BlendOptions? = nil, ingredients: [Member],
    tensors: [TensorWeights]? = nil, metrics: [String: Score] = [:], beta: Double? = nil,
    decisions: [RecordedDecision] = []
  ) {
    self.sweep = sweep
    self.recipe = recipe
    self.options = options == BlendOptions() ? nil : options
    self.ingredients = ingredients
    self.tensors = tensors
    self.metrics = metrics
    self.beta = beta
    self.decisions = decisions
    writtenBy = "stockpot \(Stockpot.version)"
    date = Date().ISO8601Format()
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
