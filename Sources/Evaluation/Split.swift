/// What a split may be used for.
package enum SplitRole: String, Sendable, CaseIterable {
  /// Recipes look at it.
  case val
  /// Reported for finished soups.
  case test
  /// Reported, out of distribution.
  case shift
}

/// How bytes 0...255 become numbers: `(byte / 255 − mean) / std`, per channel.
package struct Normalisation: Hashable, Sendable {
  /// One value for all channels, or one a channel.
  package let mean: [Float]
  /// As many as `mean`, none zero.
  package let std: [Float]

  package init(mean: [Float], std: [Float]) {
    self.mean = mean
    self.std = std
  }
}

/// One named input of a split: a `.npy` file whose first axis is the example.
package struct SplitInput: Hashable, Sendable {
  /// The model's input name; nil for the only input.
  package let name: String?
  /// Absolute path.
  package let file: String
  /// For arrays of uint8 only; nil feeds the bytes' values as they are.
  package let normalisation: Normalisation?

  package init(name: String?, file: String, normalisation: Normalisation? = nil) {
    self.name = name
    self.file = file
    self.normalisation = normalisation
  }
}

/// Labelled examples that weights are evaluated on.
package struct Split: Sendable {
  /// `val`, `test`, or a shift's name.
  package let name: String
  package let role: SplitRole
  package let inputs: [SplitInput]
  /// Absolute path of the labels' file.
  package let labelsFile: String
  /// The true class of each example.
  package let labels: [Int32]

  package init(
    name: String, role: SplitRole, inputs: [SplitInput], labelsFile: String, labels: [Int32]
  ) {
    self.name = name
    self.role = role
    self.inputs = inputs
    self.labelsFile = labelsFile
    self.labels = labels
  }

  /// Number of examples.
  package var count: Int { labels.count }
}
