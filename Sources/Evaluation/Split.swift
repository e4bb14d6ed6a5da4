/// What a split may be used for.
public enum SplitRole: String, Sendable, CaseIterable {
  /// Recipes look at it.
  case val
  /// Reported for finished soups.
  case test
  /// Reported, out of distribution.
  case shift
}

/// How bytes 0...255 become numbers: `(byte / 255 − mean) / std`, per channel.
public struct Normalisation: Hashable, Sendable {
  /// One value for all channels, or one a channel.
  public let mean: [Float]
  /// As many as `mean`, none zero.
  public let std: [Float]

  /// One value for all channels, or one a channel, in both.
  public init(mean: [Float], std: [Float]) {
    self.mean = mean
    self.std = std
  }
}

/// One named input of a split: a `.npy` file whose first axis is the example.
public struct SplitInput: Hashable, Sendable {
  /// The model's input name; nil for the only input.
  public let name: String?
  /// Absolute path.
  public let file: String
  /// For arrays of uint8 only; nil feeds the bytes' values as they are.
  public let normalisation: Normalisation?

  /// A file under the name of the model's input.
  public init(name: String?, file: String, normalisation: Normalisation? = nil) {
    self.name = name
    self.file = file
    self.normalisation = normalisation
  }
}

/// Labelled examples that weights are evaluated on.
public struct Split: Sendable {
  /// `val`, `test`, or a shift's name.
  public let name: String
  /// What it may be used for.
  public let role: SplitRole
  /// One for each input of the model.
  public let inputs: [SplitInput]
  /// Absolute path of the labels' file.
  public let labelsFile: String
  /// The true class of each example.
  public let labels: [Int32]

  /// A split whose labels are known; `load` reads them and checks the files.
  public init(
    name: String, role: SplitRole, inputs: [SplitInput], labelsFile: String, labels: [Int32]
  ) {
    self.name = name
    self.role = role
    self.inputs = inputs
    self.labelsFile = labelsFile
    self.labels = labels
  }

  /// Number of examples.
  public var count: Int { labels.count }
}
