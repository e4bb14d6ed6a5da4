package import OrderedCollections

/// What a results file says of one checkpoint on one split.
package struct KnownMetric: Hashable, Sendable {
  /// A fraction, 0 to 1.
  package let accuracy: Double
  /// How many examples were right; nil when the file gives only the fraction.
  package let correct: Int?
  /// Number of examples; nil when the file does not say.
  package let n: Int?
  /// Mean negative log-likelihood in nats.
  package let nll: Double?

  package init(accuracy: Double, correct: Int? = nil, n: Int? = nil, nll: Double? = nil) {
    self.accuracy = accuracy
    self.correct = correct
    self.n = n
    self.nll = nll
  }
}

/// One fine-tuned checkpoint of a sweep, before anything of it is read.
package struct Ingredient: Identifiable, Hashable, Sendable {
  /// Unique in the sweep.
  package let name: String
  /// Absolute path of a checkpoint or shard index; nil when only results are known.
  package let file: String?
  /// In the order of the results file.
  package let hyperparameters: OrderedDictionary<String, HyperValue>
  /// What the results file says, by the split's name.
  package let metrics: [String: KnownMetric]

  package var id: String { name }

  package init(
    name: String, file: String?, hyperparameters: OrderedDictionary<String, HyperValue> = [:],
    metrics: [String: KnownMetric] = [:]
  ) {
    self.name = name
    self.file = file
    self.hyperparameters = hyperparameters
    self.metrics = metrics
  }

  /// Null for one that the results file does not give.
  package func hyperparameter(_ name: String) -> HyperValue { hyperparameters[name] ?? .null }
}

/// Measured results that belong to no ingredient: a soup or an ensemble someone else made.
package struct NamedResult: Identifiable, Hashable, Sendable {
  package let name: String
  /// By the split's name.
  package let metrics: [String: KnownMetric]

  package var id: String { name }

  package init(name: String, metrics: [String: KnownMetric]) {
    self.name = name
    self.metrics = metrics
  }
}
